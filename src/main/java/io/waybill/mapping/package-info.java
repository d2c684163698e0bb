/**
 * Carrier folders and the order schema, compiled once and applied: our order becomes the carrier's request, the carrier's
 * answer becomes an outcome and a result.
 *
 * <p>JSLT, JSON Schema and the carriers' recipes live here and nowhere else. A carrier is data: {@code carrier.yaml} states
 * its facts with their sources, two JSLT files map, one JSON Schema holds what the carrier accepts, {@code codes.json} its
 * words, {@code cases/} the proof. Start reading at {@link io.waybill.mapping.Carrier}.
 */
package io.waybill.mapping;
