/**
 * How fast Waybill is beside a plain hand-written loop that does the same durable work, on the same database and the same
 * simulated carrier. Start reading at {@link io.waybill.bench.Bench}.
 */
package io.waybill.bench;
