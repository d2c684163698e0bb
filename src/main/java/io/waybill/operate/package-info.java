/**
 * What an operator needs to see and steer: health, metrics and the console, on one port behind one password.
 *
 * <p>Camel's own management server does the work; this package closes what it leaves open. As it ships it listens on
 * all interfaces, has no password without a users file, only warns when its port is taken, opens every MBean to
 * Jolokia and lets a preflight request past the password. Each of these has a test here.
 */
package io.waybill.operate;
