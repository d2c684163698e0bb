/**
 * The ports: the management port with health, metrics and the console behind one login, and the port for pushes.
 *
 * <p>Camel's own management server and router do the work; this package closes what they leave open. As they ship they listen
 * on all interfaces, know no roles and no hashed passwords, only warn when the port is taken, open every MBean to Jolokia,
 * wait for a slow client for ever, and run what an operator asks on the thread that health needs. Each of these has a test.
 *
 * <p>The way of a request: {@code ManagementServer}, {@code Connections}, {@code Gate}, {@code Logins}, then {@code Jolokia} with
 * {@code Roles}, {@code Console} with {@code SourceView}, or Camel's health and metrics.
 */
package io.waybill.management;
