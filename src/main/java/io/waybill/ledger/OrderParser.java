package io.waybill.ledger;

import io.waybill.order.Order;
import io.waybill.order.OrderKey;

/** Reads an order again that was accepted before. */
public interface OrderParser {

    /** The order that was once accepted as {@code raw} under {@code key}. */
    Order parse(OrderKey key, String raw, String source);
}
