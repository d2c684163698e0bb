/**
 * The sandbox: simulated carriers for the demo, the tests, the benchmarks and integrators without an account.
 *
 * <p>It is written from the documented behaviour of the carriers and never from our mappings, so that it can disagree with
 * them. Where the documents are silent it is strict: an unknown field, a wrong type or a value outside its list is refused.
 * The keys in brackets, such as {@code B9} or {@code K13}, name the vendor page or public client that a fact comes from;
 * {@code c} marks what is inferred.
 */
package io.waybill.sandbox;
