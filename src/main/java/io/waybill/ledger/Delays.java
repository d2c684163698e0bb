package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.time.Instant;
import java.util.List;

/** The orders that take too long for something; read by the index on state and time. */
public final class Delays {

    /** An order is shipped when it is booked and answered, whether or not something of it is still awaited. */
    private static final String SHIPPED =
            "o.state in ('completed', 'awaiting') and o.updated_at > ? and o.accepted_at < ?";

    private final Queries queries;

    Delays(Queries queries) {
        this.queries = queries;
    }

    /** In doubt since before a moment. */
    public List<OrderKey> inDoubt(Instant before, int most) {
        return queries.list(
                "select o.account, o.order_id, o.reissue from orders o where o.state = 'in-doubt' and exists (select 1"
                        + " from history h where " + of("h") + " and h.what = 'in-doubt' and h.at < ?)"
                        + " order by o.updated_at fetch first ? rows only",
                Queries::key,
                Statements.time(before),
                most);
    }

    /**
     * Shipped, not delivered nor come back, and without a tracking event since a moment.
     *
     * @param from orders that were not touched since then are left alone
     */
    public List<OrderKey> unmoved(Instant before, Instant from, int most) {
        return queries.list(
                "select o.account, o.order_id, o.reissue from orders o where " + SHIPPED
                        + " and not exists (select 1 from tracking_event t where " + of("t")
                        + " and (t.at >= ? or t.status in ('delivered', 'returned', 'cancelled')))"
                        + " order by o.updated_at fetch first ? rows only",
                Queries::key,
                Statements.time(from),
                Statements.time(before),
                Statements.time(before),
                most);
    }

    /** Shipped before a moment, and the label that the carrier owes is not there. */
    public List<OrderKey> unlabelled(Instant before, Instant from, int most) {
        return queries.list(
                "select o.account, o.order_id, o.reissue from orders o where " + SHIPPED
                        + " and o.shipment like '%\"label_state\":\"awaited\"%'"
                        + " and not exists (select 1 from label l where " + of("l") + ")"
                        + " order by o.updated_at fetch first ? rows only",
                Queries::key,
                Statements.time(from),
                Statements.time(before),
                most);
    }

    /**
     * What should have come long ago: the orders that are still awaiting something after its deadline, the longest overdue
     * first.
     */
    public List<Overdue> overdue(Instant now, int most) {
        return queries.list(
                "select f.account, f.order_id, f.reissue, o.carrier, f.operation, f.awaits, f.deadline_at, f.state, f.due_at"
                        + " from follow_up f join orders o"
                        + " on o.account = f.account and o.order_id = f.order_id and o.reissue = f.reissue"
                        + " where f.deadline_at <= ? and f.awaits is not null and o.state = 'awaiting'"
                        + " order by f.deadline_at fetch first ? rows only",
                Overdue::of,
                Statements.time(now),
                most);
    }

    private static String of(String table) {
        return "%1$s.account = o.account and %1$s.order_id = o.order_id and %1$s.reissue = o.reissue".formatted(table);
    }
}
