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
        Instant dueAt) {

    /** Of an order of which nothing but its acceptance is known. */
    static final OrderState ACCEPTED = new OrderState("accepted", null, null, null, null, null, null, 0, null);

    static OrderState of(Stored stored) {
        return new OrderState(
                stored.state(),
                stored.carrier(),
                stored.service(),
                stored.rule(),
                stored.carrierReference(),
                stored.shipment(),
                stored.owner(),
                stored.attempts(),
                stored.dueAt());
    }

    /** The order goes this way; its reference was made for its carrier's rules, and another one surely has no order of ours. */
    OrderState chosen(String by, String how, String why) {
        return new OrderState(
                state, by, how, why, by.equals(carrier) ? reference : null, shipment, owner, attempts, dueAt);
    }

    /** The carrier knows the order under this reference. */
    OrderState referenced(String as) {
        return new OrderState(state, carrier, service, rule, as, shipment, owner, attempts, dueAt);
    }

    /** The order is answered so. */
    OrderState answered(String json) {
        return new OrderState(state, carrier, service, rule, reference, json, owner, attempts, dueAt);
    }

    /** Whose the order is now, and when it is looked at again. */
    OrderState to(String next, String whose, int times, Instant due) {
        return new OrderState(next, carrier, service, rule, reference, shipment, whose, times, due);
    }
}
