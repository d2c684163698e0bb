package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** What can be asked of the ledger without changing anything. */
public final class Queries {

    static final String KEY = " where account = ? and order_id = ? and reissue = ?";

    /** Only voids are ever in doubt; the history knows since when, and a void that was asked for again begins anew. */
    static final String VOIDS_IN_DOUBT =
            "select f.account, f.order_id, f.reissue, o.carrier, coalesce((select min(h.at)"
                    + " from history h where h.account = f.account and h.order_id = f.order_id and h.reissue = f.reissue"
                    + " and h.what = 'cancel-in-doubt' and h.at >= f.since), f.since)"
                    + " from follow_up f join orders o"
                    + " on o.account = f.account and o.order_id = f.order_id and o.reissue = f.reissue"
                    + " where f.state = 'in-doubt' order by f.since fetch first ? rows only";

    /** Most orders are over, and have no time: these look at none of them, see the index on {@code owner} and {@code due_at}. */
    private static final String DUE_EVER = " and due_at >= timestamp with time zone '1970-01-01 00:00:00+00'";

    /** Of one owner's, or of nobody's. */
    private static final String WAITING =
            Stored.LISTED + " where %s" + DUE_EVER + " order by owner, due_at fetch first ? rows only";

    private static final String WAITING_FOR = "select count(*) from orders where owner = ?" + DUE_EVER
            + " union all select count(*) from orders where owner is null" + DUE_EVER
            + " and carrier = ? and state = 'waiting'";

    /** In what the history says of a call; no other word of it has quotes inside. */
    private static final Pattern SENT_BY = Pattern.compile("\"operation\":\"([a-z-]+)\"");

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

    /** The orders whose outcome nobody knows, the oldest first, without what they hold. */
    public List<Stored> inDoubt() {
        return list(Stored.LISTED + " where state = 'in-doubt' order by updated_at", Stored::of);
    }

    /** The voids whose outcome nobody knows, the oldest first, whether they are still looked up or left to a person. */
    public List<Doubt> voidsInDoubt(int most) {
        return list(
                VOIDS_IN_DOUBT, row -> new Doubt(key(row), row.getString(4), instant(row, 5), FollowUp.CANCEL), most);
    }

    /** The call of an order whose outcome nobody knows: {@code book}, or a later one such as {@code product-2}. */
    public Optional<String> callInDoubt(OrderKey key) {
        return steps(key).stream()
                .filter(step -> step.state().equals(Step.IN_DOUBT))
                .map(Step::name)
                .findFirst();
    }

    /** How many orders are in each state. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        list("select state, count(*) from orders group by state", row -> counts.put(row.getString(1), row.getLong(2)));
        return counts;
    }

    /** Where the work on an order would go on, empty if nobody knows the order. */
    public Optional<Resumption> resumption(OrderKey key) {
        return Resumption.of(this, key);
    }

    /** What is not over; read by indexes only, however many orders are. */
    public Figures figures(Instant now) {
        return Figures.of(this, now);
    }

    /** What could not be gone on with. */
    public DeadLetters deadLetters() {
        return new DeadLetters(this);
    }

    /** What is still known of people although its order is over. */
    public Remembered remembered() {
        return new Remembered(this);
    }

    /** For which orders there is something to do, as many as are asked for. */
    DueOrders due() {
        return due(Long.MAX_VALUE);
    }

    /** The same, of so many characters together. */
    DueOrders due(long room) {
        return new DueOrders(this, room);
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

    /** The orders that go on by themselves at a later time, the next one first, without what they hold. */
    public List<Stored> waiting(int most) {
        List<Stored> waiting = new ArrayList<>(list(WAITING.formatted("owner is null"), Stored::of, most));
        for (CarrierState carrier : carrierStates()) {
            waiting.addAll(list(WAITING.formatted("owner = ?"), Stored::of, Pauses.mark(carrier.carrier()), most));
        }
        waiting.addAll(list(WAITING.formatted("owner = ? and state = 'awaiting'"), Stored::of, FollowUp.MARK, most));
        return waiting.stream()
                .sorted(Comparator.comparing(Stored::dueAt))
                .limit(most)
                .toList();
    }

    /** The identities of all orders behind one, in the order of their keys; for a walk through the whole ledger. */
    public List<OrderKey> after(OrderKey last, int most) {
        return list(
                "select account, order_id, reissue from orders where (account, order_id, reissue) > (?, ?, ?)"
                        + " order by account, order_id, reissue fetch first ? rows only",
                Queries::key,
                last.account(),
                last.orderId(),
                last.reissue(),
                most);
    }

    /** How many unfinished orders wait for a carrier: parked while it is paused, or between two attempts. */
    public long waiting(String carrier) {
        return list(WAITING_FOR, row -> row.getLong(1), Pauses.mark(carrier), carrier).stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** What became of a carrier, the oldest first: when, state or mappings, by whom, why. */
    public List<CarrierChange> carrierHistory(String carrier) {
        return list(
                "select at, state, actor, reason from carrier_history where carrier = ?"
                        + " union all select at, 'mapping=' || version, actor, reason from mapping_history where carrier = ?"
                        + " order by at",
                row -> new CarrierChange(instant(row, 1), row.getString(2), row.getString(3), row.getString(4)),
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

    /** The order that a carrier knows under our reference. */
    public Optional<OrderKey> byReference(String carrier, String account, String reference) {
        return list(
                        "select account, order_id, reissue from orders"
                                + " where carrier = ? and account = ? and carrier_reference = ?",
                        Queries::key,
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
                        Queries::key,
                        carrier,
                        account,
                        number)
                .stream()
                .findFirst();
    }

    List<CarrierState> carrierStates() {
        return list("select * from carrier_state order by carrier", CarrierState::of);
    }

    /** What is asked of an order after its booking, the void among it. */
    public List<FollowUp> followUps(OrderKey key) {
        return ofOrder("select * from follow_up" + KEY + " order by since, operation", key, FollowUp::of);
    }

    /** An order's history as it is stored, the oldest row first. */
    List<History> history(OrderKey key) {
        return ofOrder(
                "select seq, at, what, detail, actor, hash from history" + KEY + " order by seq",
                key,
                row -> new History(
                        row.getInt(1),
                        instant(row, 2),
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

    /** The operation by which a step was last sent; empty if it has the name of the step. */
    Optional<String> sentBy(OrderKey key, String step) {
        return list(
                        "select detail from history" + KEY + " and what = ? order by seq desc fetch first 1 rows only",
                        row -> row.getString(1),
                        key.account(),
                        key.orderId(),
                        key.reissue(),
                        step + "-sent")
                .stream()
                .map(SENT_BY::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .findFirst();
    }

    String historyHash(OrderKey key) {
        return find(key).map(Stored::historyHash).orElse(null);
    }

    static OrderKey key(ResultSet row) throws SQLException {
        return new OrderKey(row.getString(1), row.getString(2), row.getInt(3));
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    <T> List<T> ofOrder(String sql, OrderKey key, Row<T> row) {
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
            throw new LedgerUnavailable("ledger: it cannot be read" + LedgerUnavailable.AGAIN, e);
        }
    }
}
