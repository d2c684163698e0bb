/**
 * The journal of every order: what was accepted, what was sent, what came back, on plain JDBC.
 *
 * <p>Start reading at {@link io.waybill.ledger.Ledger}. Java's SQL interfaces live here and in the sinks only.
 */
package io.waybill.ledger;
