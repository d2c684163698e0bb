package io.waybill.crash;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.waybill.testing.Patience;
import io.waybill.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.awaitility.Awaitility;

/** The database of a process that gets killed, and a way to look into it while that process is dead. */
enum Base {
    H2 {
        @Override
        String url(Path work) {
            return "jdbc:h2:file:" + work.resolve("data/ledger");
        }

        /** A copy, so that the file is recovered by nobody but the process that it belongs to. */
        @Override
        HikariDataSource open(Path work, String url) {
            Path copy = work.resolveSibling(work.getFileName() + "-look.mv.db");
            try {
                Files.deleteIfExists(copy);
                Files.copy(work.resolve("data/ledger.mv.db"), copy);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            String name = copy.toString().replaceFirst("\\.mv\\.db$", "");
            return pool("jdbc:h2:file:" + name + ";MODE=PostgreSQL", "waybill");
        }
    },
    POSTGRESQL {
        @Override
        String url(Path work) {
            return PostgresServer.freshDatabase();
        }

        /** What the dead process asked for last is done or undone when the server has noticed its death. */
        @Override
        HikariDataSource open(Path work, String url) {
            HikariDataSource pool = pool(url, PostgresServer.user());
            Awaitility.await("the server to notice").atMost(Child.PATIENCE).until(() -> others(pool) == 0);
            return pool;
        }
    };

    /** The JDBC url of a new database for this work folder. */
    abstract String url(Path work);

    abstract HikariDataSource open(Path work, String url);

    String user() {
        return this == H2 ? "waybill" : PostgresServer.user();
    }

    private static HikariDataSource pool(String url, String user) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword("");
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(Patience.MILLIS);
        return new HikariDataSource(config);
    }

    private static int others(HikariDataSource pool) throws SQLException {
        String sql =
                "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }
}
