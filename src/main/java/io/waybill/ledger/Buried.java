package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.time.Instant;

/**
 * A dead letter as the ledger knows it.
 *
 * @param key its order, as far as it was legal
 * @param file where the order lies as it came
 * @param order whether it was accepted as an order, so that it can be replayed from the ledger
 */
public record Buried(
        OrderKey key, String stage, String cause, String message, String file, Instant at, boolean order) {}
