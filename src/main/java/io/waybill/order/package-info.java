/**
 * The words of the domain as records: what every other package speaks of. No dependency but Jackson.
 *
 * <p>The field names inside the JSON documents are the public contract of {@code mappings/order.schema.json}.
 */
package io.waybill.order;
