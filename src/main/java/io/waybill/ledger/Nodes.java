package io.waybill.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces this node and says which nodes are dead.
 *
 * <ol>
 *   <li>Each start of a node is a new incarnation; {@code <name>#<incarnation>} marks the orders it works on.
 *   <li>A living node renews its row {@value #BEATS} times a lease, by the database's clock.
 *   <li>A mark is dead when its node has a newer incarnation, or did not renew for a lease.
 *   <li>The node's own {@link Lease} begins before the database is asked to renew, so it ends before the others' patience.
 *   <li>A node that could not renew itself does not know who else could not: for a lease it calls nobody dead who was not started
 *       again.
 * </ol>
 */
final class Nodes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int BEATS = 6;
    private static final String ALIVE = ":alive";
    private static final String MARK = "n.name || '#' || cast(n.incarnation as varchar(20))";

    private final DataSource dataSource;
    private final String name;
    private final Clock clock;
    private final long incarnation;
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "waybill-heartbeat");
        thread.setDaemon(true);
        return thread;
    });
    private ScheduledFuture<?> beat;
    private volatile Lease lease;
    /** Until when nobody is called dead for his silence, by the clock that never jumps. */
    private volatile long deaf = System.nanoTime();

    private boolean replaced;

    Nodes(DataSource dataSource, String name, Clock clock) {
        this.dataSource = dataSource;
        this.name = name;
        this.clock = clock;
        this.lease = Lease.from(clock, LEASE);
        this.incarnation = announce();
        leaseFor(LEASE);
    }

    /** How long a node that does not renew counts as alive; the same on every node. */
    synchronized void leaseFor(Duration length) {
        if (beat != null) {
            beat.cancel(false);
        }
        lease = lease.with(length);
        long pause = length.toMillis() / BEATS;
        beat = heart.scheduleWithFixedDelay(this::renew, pause, pause, TimeUnit.MILLISECONDS);
    }

    String name() {
        return name;
    }

    String token() {
        return name + "#" + incarnation;
    }

    /** Until when nobody takes this node's orders over. */
    Lease lease() {
        return lease;
    }

    /** The marks that are on unfinished orders and whose node is dead; never this node's own, which is alive to ask. */
    List<String> dead() {
        return judged(
                "select o.owner from (select distinct owner from orders where owner >= '') o left join node n"
                        + " on o.owner = " + MARK + " and " + ALIVE + " where n.name is null and o.owner <> ?"
                        + " and o.owner like '%#%'",
                token());
    }

    /** The marks of the nodes that are alive, this one's among them. */
    List<String> living() {
        List<String> living = judged("select " + MARK + " from node n where " + ALIVE);
        living.add(token());
        return living;
    }

    /** Whether the node with this mark renewed in time and was not started again since. */
    boolean alive(String mark) {
        return !judged("select " + MARK + " from node n where " + MARK + " = ? and " + ALIVE, mark)
                .isEmpty();
    }

    /** Changes a row only if this node was not started again since. */
    Sql still() {
        return Sql.of("update node set seen_at = seen_at where name = ? and incarnation = ?", name, incarnation);
    }

    @Override
    public void close() {
        // not interrupted: an interrupt in the middle of a read closes an H2 file
        heart.shutdown();
    }

    /** Asks at last whether it may judge: the answer may have waited for the database longer than all of the nodes. */
    private List<String> judged(String sql, Object... values) {
        String renewed =
                "n.seen_at > current_timestamp - interval '" + lease.length().toSeconds() + "' second";
        List<String> marks = marks(sql.replace(ALIVE, renewed), values);
        return hears() ? marks : marks(sql.replace(ALIVE, "n.incarnation >= 0"), values);
    }

    private boolean hears() {
        return lease.lasts(clock.instant()) && isFresh(lease) && System.nanoTime() - deaf >= 0;
    }

    /** Whether no beat is missing since it began. */
    private static boolean isFresh(Lease last) {
        return System.nanoTime() - last.nanos() < last.length().toNanos() / 2;
    }

    private List<String> marks(String sql, Object... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<String> marks = new ArrayList<>();
                while (rows.next()) {
                    marks.add(rows.getString(1));
                }
                return marks;
            }
        } catch (SQLException e) {
            throw new LedgerUnavailable("ledger: the nodes cannot be read" + LedgerUnavailable.AGAIN, e);
        }
    }

    /** In one transaction, so that two starts at the same moment are two incarnations. */
    private long announce() {
        try (Connection connection = dataSource.getConnection()) {
            execute(
                    connection,
                    "insert into node (name, incarnation, seen_at) values (?, 0, current_timestamp)"
                            + " on conflict do nothing");
            connection.setAutoCommit(false);
            execute(
                    connection,
                    "update node set incarnation = incarnation + 1, seen_at = current_timestamp where name = ?");
            long born = incarnation(connection);
            connection.commit();
            return born;
        } catch (SQLException e) {
            throw new LedgerUnavailable("ledger: node '" + name + "' cannot be announced", e);
        }
    }

    private long incarnation(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select incarnation from node where name = ?")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private void renew() {
        Lease next = Lease.from(clock, lease.length());
        try (Connection connection = dataSource.getConnection()) {
            renewed(
                    next,
                    execute(
                            connection,
                            "update node set seen_at = current_timestamp where name = ? and incarnation = "
                                    + incarnation));
        } catch (SQLException | RuntimeException e) {
            // the next beat tries again; a node that cannot renew is taken over after the lease
            deafen();
        }
    }

    private void deafen() {
        deaf = System.nanoTime() + lease.length().toNanos();
    }

    private void renewed(Lease next, int rows) {
        if (!isFresh(lease) || !lease.lasts(clock.instant())) {
            deafen();
        }
        if (rows == 0 && !replaced) {
            LOG.error(
                    "node '{}' was started again elsewhere under the same name; this one loses its orders to it", name);
        } else if (rows == 1 && !lease.lasts(clock.instant())) {
            LOG.warn(
                    "node '{}' was silent for longer than its lease of {} s; orders that it worked on may have been taken"
                            + " over, and its late writes on them are refused",
                    name,
                    lease.length().toSeconds());
        }
        replaced = rows == 0;
        lease = replaced ? lease : next;
    }

    private int execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            return statement.executeUpdate();
        }
    }
}
