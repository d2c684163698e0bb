package io.waybill.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.OrderKey;

/** Lays what a carrier told of an order later over what is known of it. */
interface Told {

    /** What became of it. */
    enum Result {
        /** It is durable, or was known before. */
        APPLIED,
        /** Somebody works on the order at this moment, or its booking is not behind it; it may be told again. */
        BUSY
    }

    /**
     * Applies it; the same again changes nothing.
     *
     * @param partial the fields of the shipment that the carrier told
     * @param source who told it, such as {@code kdniao pickup-push}
     */
    Result apply(OrderKey key, ObjectNode partial, String source);
}
