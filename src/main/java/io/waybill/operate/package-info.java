/**
 * What an operator needs to see and steer: health, metrics and the console, on one port behind one login.
 *
 * <p>Camel's own management server and router do the work; this package closes what they leave open. As they ship they listen
 * on all interfaces, know no roles and no hashed passwords, only warn when the port is taken, open every MBean to Jolokia,
 * wait for a slow client for ever, and run what an operator asks on the thread that health needs. Each of these has a test.
 *
 * <ol>
 *   <li>The way of a request: {@code ManagementServer}, {@code Connections}, {@code Gate}, {@code Logins}, then {@code
 *       Jolokia} with {@code Roles}, {@code Console} with {@code SourceView}, or Camel's health and metrics.
 *   <li>What is shown: {@code Operations}, {@code Carrier}, {@code MaskedTracer}, {@code OrderMetrics} and the health checks.
 * </ol>
 */
package io.waybill.operate;
