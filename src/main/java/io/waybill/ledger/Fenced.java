package io.waybill.ledger;

import io.waybill.order.OrderKey;

/** A write came too late: the order was taken over by another node, or changed by someone else, meanwhile. */
public final class Fenced extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Fenced(OrderKey key, String what) {
        super("order " + key + ": '" + what
                + "' was refused, since another node took the order over; it goes on there");
    }
}
