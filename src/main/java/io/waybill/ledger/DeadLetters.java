package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of orders and inputs that nobody could go on with. */
public final class DeadLetters {

    /**
     * A dead letter that nobody has replayed: the last one of an order that is dead, or one of something that is no order of
     * ours, as is other content under the identity of one until somebody dismissed it.
     */
    private static final String UNREPLAYED = "(o.state is null or d.cause = 'conflict' and d.dismissed_at is null"
            + " or d.cause <> 'conflict' and o.state = 'dead-letter'"
            + " and not exists (select 1 from dead_letter l where l.account = d.account and l.order_id = d.order_id"
            + " and l.reissue = d.reissue and l.cause <> 'conflict' and (l.at > d.at or l.at = d.at and l.id > d.id)))";

    private final Queries queries;

    DeadLetters(Queries queries) {
        this.queries = queries;
    }

    /** How many of them nobody has replayed, by cause. */
    Map<String, Long> byCause() {
        Map<String, Long> dead = new TreeMap<>();
        queries.list(
                "select d.cause, count(*) from dead_letter d left join orders o on o.account = d.account"
                        + " and o.order_id = d.order_id and o.reissue = d.reissue"
                        + " where " + UNREPLAYED + " group by d.cause",
                row -> dead.put(row.getString(1), row.getLong(2)));
        return dead;
    }

    /** How many orders and inputs died since a moment. */
    public long since(Instant moment) {
        return queries.list(
                        "select count(*) from dead_letter where at > ?", row -> row.getLong(1), Statements.time(moment))
                .get(0);
    }

    /**
     * The dead letters that nobody has replayed, the latest first: those of orders that are dead, and those of inputs that
     * never became an order.
     *
     * @param cause only those of this cause, all if it is empty
     */
    public List<Buried> unreplayed(String cause, int most) {
        return queries.list(
                "select d.account, d.order_id, d.reissue, d.stage, d.cause, d.message, d.file, d.at, o.state"
                        + " from dead_letter d left join orders o"
                        + " on o.account = d.account and o.order_id = d.order_id and o.reissue = d.reissue"
                        + " where " + UNREPLAYED + " and (? = '' or d.cause = ?)"
                        + " order by d.at desc, d.id fetch first ? rows only",
                row -> new Buried(
                        Queries.key(row),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        Queries.instant(row, 8),
                        "dead-letter".equals(row.getString(9))
                                && !row.getString(5).equals("conflict")),
                cause,
                cause,
                most);
    }

    /** The identities of the orders behind one that died last of this cause, in the order of their keys. */
    public List<OrderKey> ordersAfter(String cause, OrderKey last, int most) {
        return queries.list(
                "select o.account, o.order_id, o.reissue from orders o join dead_letter d"
                        + " on d.account = o.account and d.order_id = o.order_id and d.reissue = o.reissue"
                        + " where o.state = 'dead-letter' and d.cause = ? and d.cause <> 'conflict' and " + UNREPLAYED
                        + " and (o.account, o.order_id, o.reissue) > (?, ?, ?)"
                        + " order by o.account, o.order_id, o.reissue fetch first ? rows only",
                Queries::key,
                cause,
                last.account(),
                last.orderId(),
                last.reissue(),
                most);
    }

    /** The files of dead letters that old, by their ids. */
    public Map<String, String> files(Instant before, int most) {
        Map<String, String> files = new TreeMap<>();
        queries.list(
                "select id, file from dead_letter where at < ? and file <> '' order by at fetch first ? rows only",
                row -> files.put(row.getString(1), row.getString(2)),
                Statements.time(before),
                most);
        return files;
    }
}
