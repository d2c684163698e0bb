package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What became of orders and inputs that nobody could go on with. */
public final class DeadLetters {

    /** What an order died of, and not what else came under its identity. */
    private static final String OWN = "d.stage not in ('accept', 'dispatch')";

    /** The last one of an order that is dead. */
    private static final String DIED_OF_LAST = OWN + " and o.state = 'dead-letter'"
            + " and not exists (select 1 from dead_letter l where l.account = d.account and l.order_id = d.order_id"
            + " and l.reissue = d.reissue and " + OWN.replace("d.", "l.")
            + " and (l.at > d.at or l.at = d.at and l.id > d.id))";

    /** One of something that is no order of ours, or came after one had this identity, until somebody dismissed it. */
    private static final String STRAY = "d.dismissed_at is null and (o.state is null or not (" + OWN
            + ") and d.cause <> 'conflict' and d.at > o.accepted_at)";

    /**
     * A dead letter that nobody has replayed or dismissed: that of a dead order, of a stray, or of other content under the
     * identity of an order.
     */
    private static final String UNREPLAYED =
            "(" + STRAY + " or d.cause = 'conflict' and d.dismissed_at is null or " + DIED_OF_LAST + ")";

    private static final String THEIR_ORDERS =
            " left join orders o" + " on o.account = d.account and o.order_id = d.order_id and o.reissue = d.reissue";

    private static final String BURIED =
            "select d.account, d.order_id, d.reissue, d.id, d.stage, d.cause, d.message, d.next, d.file, d.at,"
                    + " d.dismissed_at, o.state, d.faults from dead_letter d" + THEIR_ORDERS;

    private final Queries queries;

    DeadLetters(Queries queries) {
        this.queries = queries;
    }

    /** How many of them nobody has replayed, by cause. */
    Map<String, Long> byCause() {
        Map<String, Long> dead = new TreeMap<>();
        queries.list(
                "select d.cause, count(*) from dead_letter d" + THEIR_ORDERS + " where " + UNREPLAYED
                        + " group by d.cause",
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
                BURIED + " where " + UNREPLAYED + " and (? = '' or d.cause = ?)"
                        + " order by d.at desc, d.id fetch first ? rows only",
                Buried::of,
                cause,
                cause,
                most);
    }

    /** What an order died of last, whatever else came under its identity since; empty if it is not dead. */
    public Optional<String> cause(OrderKey key) {
        return queries
                .ofOrder(
                        "select d.cause from dead_letter d" + THEIR_ORDERS + " where d.account = ? and d.order_id = ?"
                                + " and d.reissue = ? and o.state = 'dead-letter' and " + OWN
                                + " order by d.at desc, d.id desc",
                        key,
                        row -> row.getString(1))
                .stream()
                .findFirst();
    }

    /** The open ones of inputs that claimed this identity and never became an order, the latest first. */
    public List<Buried> strays(OrderKey key) {
        return queries.ofOrder(
                BURIED + " where d.account = ? and d.order_id = ? and d.reissue = ? and " + STRAY
                        + " order by d.at desc, d.id",
                key,
                Buried::of);
    }

    /** How many open ones of a cause never became an order. */
    public long strays(String cause) {
        return queries.list(
                        "select count(*) from dead_letter d" + THEIR_ORDERS + " where d.cause = ? and " + STRAY,
                        row -> row.getLong(1),
                        cause)
                .get(0);
    }

    /** One of them, open or not. */
    Optional<Buried> find(String id) {
        return queries.list(BURIED + " where d.id = ?", Buried::of, id).stream().findFirst();
    }

    /** Whether one is open that never became an order. */
    boolean isStray(String id) {
        return !queries.list(BURIED + " where d.id = ? and " + STRAY, Buried::of, id)
                .isEmpty();
    }

    /** The identities of the orders behind one that died last of this cause, in the order of their keys. */
    public List<OrderKey> ordersAfter(String cause, OrderKey last, int most) {
        return queries.list(
                "select o.account, o.order_id, o.reissue from orders o join dead_letter d"
                        + " on d.account = o.account and d.order_id = o.order_id and d.reissue = o.reissue"
                        + " where d.cause = ? and " + DIED_OF_LAST
                        + " and (o.account, o.order_id, o.reissue) > (?, ?, ?)"
                        + " order by o.account, o.order_id, o.reissue fetch first ? rows only",
                Queries::key,
                cause,
                last.account(),
                last.orderId(),
                last.reissue(),
                most);
    }

    /** Whether the row of a dead letter names its file. */
    public boolean namesFile(String id) {
        return find(id).filter(letter -> !letter.file().isEmpty()).isPresent();
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
