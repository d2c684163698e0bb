/**
 * Who may use the management port, and as what: users with hashed passwords, roles, sessions, lock-outs, and the token of
 * the command line. Plain Java; what speaks HTTP is in {@code operate}.
 */
package io.waybill.access;
