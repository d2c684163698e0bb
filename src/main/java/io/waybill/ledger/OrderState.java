package io.waybill.ledger;

import java.time.Instant;

/** What an order's row says after a write; see {@link Stored} for the words. */
record OrderState(
        String state,
        String carrier,
        String service,
        String rule,
        String reference,
        String shipment,
        String owner,
        int attempts,
        Instant dueAt) {}
