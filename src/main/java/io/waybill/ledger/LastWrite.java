package io.waybill.ledger;

import java.util.List;

/**
 * The write that lets an order go.
 *
 * @param after what its row says then
 * @param what the row in its history
 * @param detail of that row, as JSON
 * @param effects what is written beside it
 */
record LastWrite(OrderState after, String what, String detail, List<Sql> effects) {}
