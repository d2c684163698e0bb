package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;

/** What can be asked of the ledger without changing anything. */
public final class Queries {

    private static final String KEY = " where account = ? and order_id = ? and reissue = ?";

    /** Needs the index on {@code due_at}: most orders are done, and have none. */
    static final String DUE = "select * from orders where due_at <= ? and owner is null and lives < " + Claim.SUSPECT
            + " order by due_at fetch first ? rows only";

    private static final String SUSPECTS = DUE.replace("lives <", "lives >=");

    /**
     * A dead letter that nobody has replayed: the last one of an order that is dead, or one of something that is no order of
     * ours, as is other content under the identity of one.
     */
    private static final String UNREPLAYED = "(o.state is null or d.cause = 'conflict' or o.state = 'dead-letter'"
            + " and not exists (select 1 from dead_letter l where l.account = d.account and l.order_id = d.order_id"
            + " and l.reissue = d.reissue and l.cause <> 'conflict' and (l.at > d.at or l.at = d.at and l.id > d.id)))";

    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    private final DataSource dataSource;

    Queries(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** An order's row. */
    public Optional<Stored> find(OrderKey key) {
        return ofOrder("select * from orders" + KEY, key, Stored::of).stream().findFirst();
    }

    /** The orders whose outcome nobody knows, the oldest first. */
    public List<Stored> inDoubt() {
        return list("select * from orders where state = 'in-doubt' order by updated_at", Stored::of);
    }

    /** The call of an order whose outcome nobody knows: {@code book}, or a later one such as {@code product-2}. */
    public Optional<String> callInDoubt(OrderKey key) {
        return steps(key).stream()
                .filter(step -> step.state().equals(Step.IN_DOUBT))
                .map(Step::name)
                .findFirst();
    }

    /** Where the work on an order would go on, empty if nobody knows the order. */
    public Optional<Resumption> resumption(OrderKey key) {
        Map<String, Resumption.OpenCall> calls = new HashMap<>();
        ofOrder(
                "select step, state, mapping_version, request_fingerprint, request from step" + KEY,
                key,
                row -> calls.put(
                        row.getString(1),
                        new Resumption.OpenCall(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5))));
        Resumption.OpenCall book = calls.get("book");
        boolean bound =
                book != null && List.of(Step.SENT, Step.IN_DOUBT, Step.DONE).contains(book.state());
        return find(key)
                .map(order -> new Resumption(
                        order,
                        bound,
                        calls.values().stream()
                                .filter(call -> OrderSteps.OPEN.contains(call.state()))
                                .min(Comparator.comparingInt(call -> OrderSteps.OPEN.indexOf(call.state())))
                                .orElse(null),
                        results(key)));
    }

    /** How many orders are in each state. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        list("select state, count(*) from orders group by state", row -> counts.put(row.getString(1), row.getLong(2)));
        return counts;
    }

    /** What is not over; read by indexes only, however many orders are. */
    public Figures figures(Instant now) {
        Map<String, Long> orders = new TreeMap<>();
        Map<String, Instant> oldest = new TreeMap<>();
        Map<String, Long> dead = new TreeMap<>();
        list(
                "select state, count(*), min(accepted_at) from orders where state in ('accepted', 'sent', 'booked',"
                        + " 'waiting', 'awaiting', 'in-doubt', 'dead-letter') group by state",
                row -> {
                    orders.put(row.getString(1), row.getLong(2));
                    if (row.getString(1).equals("waiting")) {
                        oldest.put("waiting", instant(row, 3));
                    }
                    return row;
                });
        list(
                "select min(h.at) from orders o join history h on h.account = o.account and h.order_id = o.order_id"
                        + " and h.reissue = o.reissue where o.state = 'in-doubt' and h.what = 'in-doubt'"
                        + " having count(*) > 0",
                row -> oldest.put("in-doubt", instant(row, 1)));
        list(
                "select d.cause, count(*) from dead_letter d left join orders o on o.account = d.account"
                        + " and o.order_id = d.order_id and o.reissue = d.reissue"
                        + " where " + UNREPLAYED + " group by d.cause",
                row -> dead.put(row.getString(1), row.getLong(2)));
        return new Figures(now, orders, oldest, dead, deadSince(now.minus(Duration.ofHours(1))));
    }

    /** How many orders and inputs died since a moment. */
    public long deadSince(Instant moment) {
        return list("select count(*) from dead_letter where at > ?", row -> row.getLong(1), Statements.time(moment))
                .get(0);
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** Ended orders that still have their personal data and were last touched in this time, the oldest first. */
    public List<Stored> remembered(Instant from, Instant before, int most) {
        return list(
                "select * from orders where state in ('completed', 'cancelled', 'dead-letter') and updated_at >= ?"
                        + " and updated_at < ? and forgotten_at is null order by updated_at fetch first ? rows only",
                Stored::of,
                Statements.time(from),
                Statements.time(before),
                most);
    }

    /** The files of dead letters that old, by their ids. */
    public Map<String, String> deadLetterFiles(Instant before, int most) {
        Map<String, String> files = new TreeMap<>();
        list(
                "select id, file from dead_letter where at < ? and file <> '' order by at fetch first ? rows only",
                row -> files.put(row.getString(1), row.getString(2)),
                Statements.time(before),
                most);
        return files;
    }

    /** Whether a label of another order lies in the same file. */
    public boolean sharesLabel(OrderKey key, String path) {
        return list(
                                "select count(*) from label where path = ? and not (account = ? and order_id = ? and reissue = ?)",
                                row -> row.getLong(1),
                                path,
                                key.account(),
                                key.orderId(),
                                key.reissue())
                        .get(0)
                > 0;
    }

    /** What it says of money. */
    public Books books() {
        return new Books(this);
    }

    /** What takes too long. */
    public Delays delays() {
        return new Delays(this);
    }

    /** The chain of an order, see {@link Trail}. */
    public Trail trail() {
        return new Trail(dataSource);
    }

    /** The orders that go on by themselves at a later time, the next one first. */
    public List<Stored> waiting(int most) {
        return list(
                "select * from orders where due_at is not null"
                        + " and (owner is null or owner like 'paused/%' or state = 'awaiting')"
                        + " order by due_at fetch first ? rows only",
                Stored::of, most);
    }

    /**
     * The dead letters that nobody has replayed, the latest first: those of orders that are dead, and those of inputs that
     * never became an order.
     *
     * @param cause only those of this cause, all if it is empty
     */
    public List<Buried> deadLetters(String cause, int most) {
        return list(
                "select d.account, d.order_id, d.reissue, d.stage, d.cause, d.message, d.file, d.at, o.state"
                        + " from dead_letter d left join orders o"
                        + " on o.account = d.account and o.order_id = d.order_id and o.reissue = d.reissue"
                        + " where " + UNREPLAYED + " and (? = '' or d.cause = ?)"
                        + " order by d.at desc, d.id fetch first ? rows only",
                row -> new Buried(
                        new OrderKey(row.getString(1), row.getString(2), row.getInt(3)),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getObject(8, OffsetDateTime.class).toInstant(),
                        "dead-letter".equals(row.getString(9))
                                && !row.getString(5).equals("conflict")),
                cause,
                cause,
                most);
    }

    /** The identities of the orders behind one that died last of this cause, in the order of their keys. */
    public List<OrderKey> deadAfter(String cause, OrderKey last, int most) {
        return list(
                "select o.account, o.order_id, o.reissue from orders o join dead_letter d"
                        + " on d.account = o.account and d.order_id = o.order_id and d.reissue = o.reissue"
                        + " where o.state = 'dead-letter' and d.cause = ? and d.cause <> 'conflict' and " + UNREPLAYED
                        + " and (o.account, o.order_id, o.reissue) > (?, ?, ?)"
                        + " order by o.account, o.order_id, o.reissue fetch first ? rows only",
                row -> new OrderKey(row.getString(1), row.getString(2), row.getInt(3)),
                cause,
                last.account(),
                last.orderId(),
                last.reissue(),
                most);
    }

    /** The identities of all orders behind one, in the order of their keys; for a walk through the whole ledger. */
    public List<OrderKey> after(OrderKey last, int most) {
        return list(
                "select account, order_id, reissue from orders where (account, order_id, reissue) > (?, ?, ?)"
                        + " order by account, order_id, reissue fetch first ? rows only",
                row -> new OrderKey(row.getString(1), row.getString(2), row.getInt(3)),
                last.account(),
                last.orderId(),
                last.reissue(),
                most);
    }

    /** How many unfinished orders wait for a carrier: parked while it is paused, or between two attempts. */
    public long waiting(String carrier) {
        return list(
                        "select count(*) from orders where due_at is not null and (owner = ?"
                                + " or owner is null and carrier = ? and state = 'waiting')",
                        row -> row.getLong(1),
                        Pauses.mark(carrier),
                        carrier)
                .get(0);
    }

    /** What became of a carrier, the oldest first: when, state or mappings, by whom, why. */
    public List<CarrierChange> carrierHistory(String carrier) {
        return list(
                "select at, state, actor, reason from carrier_history where carrier = ?"
                        + " union all select at, 'mappings ' || version, actor, reason from mapping_history where carrier = ?"
                        + " order by at",
                row -> new CarrierChange(
                        row.getObject(1, OffsetDateTime.class).toInstant(),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4)),
                carrier,
                carrier);
    }

    /** What was done by hand with the routes of a node, the latest first. */
    public List<RouteChange> routeHistory(String node, int most) {
        return list(
                "select * from route_history where node = ? order by at desc fetch first ? rows only",
                RouteChange::of,
                node,
                most);
    }

    /** The pushes in this state, the latest first. */
    public List<Push> pushes(String state, int most) {
        return list(
                "select * from push where state = ? order by received_at desc, id fetch first ? rows only",
                Push::of,
                state,
                most);
    }

    /** A push by its id. */
    public Optional<Push> push(String id) {
        return list("select * from push where id = ?", Push::of, id).stream().findFirst();
    }

    /** The pushes whose id begins so. */
    List<Push> pushesBeginning(String id) {
        return list("select * from push where id >= ? and id < ?", Push::of, id, id + "~");
    }

    /** The order that a carrier knows under our reference. */
    public Optional<OrderKey> byReference(String carrier, String account, String reference) {
        return list(
                        "select account, order_id, reissue from orders"
                                + " where carrier = ? and account = ? and carrier_reference = ?",
                        row -> new OrderKey(row.getString(1), row.getString(2), row.getInt(3)),
                        carrier,
                        account,
                        reference)
                .stream()
                .findFirst();
    }

    /** The order that a carrier knows under a number of its own. */
    public Optional<OrderKey> byNumber(String carrier, String account, String number) {
        return list(
                        "select account, order_id, reissue from carrier_number"
                                + " where carrier = ? and account = ? and number = ?",
                        row -> new OrderKey(row.getString(1), row.getString(2), row.getInt(3)),
                        carrier,
                        account,
                        number)
                .stream()
                .findFirst();
    }

    List<Push> pushesDue(Instant now, int most) {
        return list(
                "select * from push where due_at <= ? order by due_at, id fetch first ? rows only",
                Push::of,
                Statements.time(now),
                most);
    }

    List<CarrierState> carrierStates() {
        return list("select * from carrier_state order by carrier", CarrierState::of);
    }

    /** The orders that wait under this mark and were accepted so early, the oldest first. */
    List<Stored> parked(String mark, Instant acceptedUntil, int most) {
        return list(
                "select * from orders where owner = ? and due_at <= ? order by due_at fetch first ? rows only",
                Stored::of,
                mark,
                Statements.time(acceptedUntil),
                most);
    }

    /** As {@link #parked}, those of one account last. */
    List<Stored> parked(String mark, Instant acceptedUntil, int most, String lastAccount) {
        return list(
                "select * from orders where owner = ? and due_at <= ?"
                        + " order by case when account = ? then 1 else 0 end, due_at fetch first ? rows only",
                Stored::of,
                mark,
                Statements.time(acceptedUntil),
                lastAccount,
                most);
    }

    List<Stored> due(Instant now, int most) {
        return list(DUE, Stored::of, Statements.time(now), most);
    }

    /** As {@link #due}, the orders that several processes died with. */
    List<Stored> suspects(Instant now, int most) {
        return list(SUSPECTS, Stored::of, Statements.time(now), most);
    }

    /** The settled orders of which something more is due to be asked, the longest due first. */
    List<Stored> followed(Instant now, int most) {
        return list(
                "select * from orders where due_at <= ? and owner = ? order by due_at fetch first ? rows only",
                Stored::of,
                Statements.time(now),
                FollowUp.MARK,
                most);
    }

    /** What is asked of an order after its booking, the void among it. */
    public List<FollowUp> followUps(OrderKey key) {
        return ofOrder("select * from follow_up" + KEY + " order by since, operation", key, FollowUp::of);
    }

    /**
     * What should have come long ago: the orders that are still awaiting something after its deadline, the longest overdue
     * first.
     */
    public List<Overdue> overdue(Instant now, int most) {
        return list(
                "select f.account, f.order_id, f.reissue, o.carrier, f.operation, f.awaits, f.deadline_at, f.state, f.due_at"
                        + " from follow_up f join orders o"
                        + " on o.account = f.account and o.order_id = f.order_id and o.reissue = f.reissue"
                        + " where f.deadline_at <= ? and f.awaits is not null and o.state = 'awaiting'"
                        + " order by f.deadline_at fetch first ? rows only",
                Overdue::of,
                Statements.time(now),
                most);
    }

    /** The unfinished orders that carry one of these marks. */
    List<OrderKey> ownedBy(List<String> owners) {
        List<OrderKey> owned = new ArrayList<>();
        for (String owner : owners) {
            owned.addAll(list(
                    "select account, order_id, reissue from orders where due_at is not null and owner = ?",
                    row -> new OrderKey(row.getString(1), row.getString(2), row.getInt(3)),
                    owner));
        }
        return owned;
    }

    /** An order's history as it is stored, the oldest row first. */
    List<History> history(OrderKey key) {
        return ofOrder(
                "select seq, at, what, detail, actor, hash from history" + KEY + " order by seq",
                key,
                row -> new History(
                        row.getInt(1),
                        row.getObject(2, OffsetDateTime.class).toInstant(),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6)));
    }

    List<Step> steps(OrderKey key) {
        return ofOrder(
                "select step, state, attempt, request_fingerprint from step" + KEY,
                key,
                row -> new Step(row.getString(1), row.getString(2), row.getInt(3), row.getString(4)));
    }

    boolean booked(OrderKey key) {
        return steps(key).stream()
                .anyMatch(step -> step.name().equals("book") && !step.state().equals(Step.REJECTED));
    }

    /** What each step that produced something produced, as JSON. */
    Map<String, String> results(OrderKey key) {
        Map<String, String> results = new HashMap<>();
        ofOrder(
                "select step, result from step" + KEY + " and result is not null",
                key,
                row -> results.put(row.getString(1), row.getString(2)));
        return results;
    }

    String historyHash(OrderKey key) {
        return find(key).map(Stored::historyHash).orElse(null);
    }

    private <T> List<T> ofOrder(String sql, OrderKey key, Row<T> row) {
        return list(sql, row, key.account(), key.orderId(), key.reissue());
    }

    <T> List<T> list(String sql, Row<T> row, Object... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<T> list = new ArrayList<>();
                while (rows.next()) {
                    list.add(row.of(rows));
                }
                return list;
            }
        } catch (SQLException e) {
            throw new LedgerUnavailable("ledger: it cannot be read; it is tried again", e);
        }
    }
}
