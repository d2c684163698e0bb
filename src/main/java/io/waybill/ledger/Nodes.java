package io.waybill.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Announces this node and says which nodes are dead.
 *
 * <ol>
 *   <li>Each start of a node is a new incarnation; {@code <name>#<incarnation>} marks the orders it works on.
 *   <li>A living node renews its row every few seconds, by the database's clock.
 *   <li>A mark is dead when its node has a newer incarnation, or did not renew for {@value #LEASE_SECONDS} seconds.
 * </ol>
 */
final class Nodes implements AutoCloseable {

    static final int LEASE_SECONDS = 30;
    private static final int RENEW_SECONDS = 5;

    private final DataSource dataSource;
    private final String name;
    private final long incarnation;
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "waybill-heartbeat");
        thread.setDaemon(true);
        return thread;
    });

    Nodes(DataSource dataSource, String name) {
        this.dataSource = dataSource;
        this.name = name;
        this.incarnation = announce();
        heart.scheduleWithFixedDelay(this::renew, RENEW_SECONDS, RENEW_SECONDS, TimeUnit.SECONDS);
    }

    String name() {
        return name;
    }

    String token() {
        return name + "#" + incarnation;
    }

    /** The marks that are on unfinished orders and whose node is dead; never this node's own, which is alive to ask. */
    List<String> dead() {
        String sql = "select o.owner from (select distinct owner from orders where owner >= '') o left join node n"
                + " on o.owner = n.name || '#' || cast(n.incarnation as varchar(20))"
                + " and n.seen_at > current_timestamp - interval '" + LEASE_SECONDS + "' second"
                + " where n.name is null and o.owner <> ? and o.owner like '%#%'";
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, token());
            try (ResultSet rows = statement.executeQuery()) {
                List<String> dead = new ArrayList<>();
                while (rows.next()) {
                    dead.add(rows.getString(1));
                }
                return dead;
            }
        } catch (SQLException e) {
            throw new LedgerUnavailable("ledger: the nodes cannot be read; it is tried again", e);
        }
    }

    /** Whether the node with this mark renewed in time and was not started again since. */
    boolean alive(String mark) {
        String sql = "select 1 from node where name || '#' || cast(incarnation as varchar(20)) = ?"
                + " and seen_at > current_timestamp - interval '" + LEASE_SECONDS + "' second";
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, mark);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        } catch (SQLException e) {
            throw new LedgerUnavailable("ledger: the nodes cannot be read; it is tried again", e);
        }
    }

    @Override
    public void close() {
        // not interrupted: an interrupt in the middle of a read closes an H2 file
        heart.shutdown();
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
        try (Connection connection = dataSource.getConnection()) {
            execute(
                    connection,
                    "update node set seen_at = current_timestamp where name = ? and incarnation = " + incarnation);
        } catch (SQLException | RuntimeException e) {
            // the next beat tries again; a node that cannot renew is taken over after the lease
        }
    }

    private void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            statement.executeUpdate();
        }
    }
}
