package io.waybill.ledger;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.testing.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A database that the contract runs on; its pool lives as long as the JVM. */
final class TestDatabase {

    private static final List<String> TABLES = List.of(
            "node",
            "orders",
            "step",
            "label",
            "tracking_event",
            "charge",
            "follow_up",
            "dead_letter",
            "history",
            "carrier_state",
            "carrier_history",
            "mapping_history",
            "alert",
            "alert_notice");

    private final HikariDataSource pool;

    private TestDatabase(String url, String user) {
        this.pool = Database.open(url, user, "", 20);
    }

    /** A file, as on a desk. */
    static TestDatabase h2() {
        try {
            return new TestDatabase(
                    "jdbc:h2:file:" + Files.createTempDirectory("waybill-h2").resolve("ledger"), "sa");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A real server, as in a warehouse. */
    static TestDatabase postgres() {
        return new TestDatabase(PostgresServer.freshDatabase(), PostgresServer.user());
    }

    HikariDataSource pool() {
        return pool;
    }

    void wipe() {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.executeUpdate("delete from " + table);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
