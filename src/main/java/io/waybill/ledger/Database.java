package io.waybill.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Opens the ledger's database: refuses an unsafe one, brings its tables up to date, hands out a bounded pool. */
public final class Database {

    /** The migration needs two at once. */
    private static final int FEWEST = 2;

    /** In seconds; of a server whose machine is gone nothing else tells the one who waits for its answer. */
    private static final int LONGEST_SILENCE = 120;

    private static final Pattern FILE = Pattern.compile("jdbc:h2:file:(?:retry:)?([^;]+).*");

    private Database() {}

    /**
     * Opens the pool and migrates. A PostgreSQL that does not answer a statement for two minutes counts as away, unless the url says
     * another {@code socketTimeout}; a migration may take longer.
     *
     * @param url JDBC url; H2 files are opened so that a kill -9 loses no acknowledged commit
     * @param connections the most connections at once
     * @throws IllegalArgumentException if the url or the server asks for something that could lose an order, or if the tables are
     *     not those of this version or an earlier one
     * @throws IllegalStateException if the database cannot be opened, for instance since another process has the file
     */
    public static HikariDataSource open(String url, String user, String password, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(safe(url));
        refuseEmptied(config.getJdbcUrl());
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(Math.max(FEWEST, connections));
        config.setConnectionTimeout(10_000);
        config.setPoolName("ledger");
        config.addDataSourceProperty("ApplicationName", "waybill");
        // else the driver of PostgreSQL writes the values of a row, thus addresses, into its messages
        config.addDataSourceProperty("logServerErrorDetail", "false");
        // many rows of one insert travel as one statement
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        Reopening reopening = new Reopening();
        if (url.startsWith("jdbc:h2:")) {
            // else it keeps the last thousand texts that it read, whole orders among them, as long as the heap bears it
            System.setProperty("h2.objectCache", System.getProperty("h2.objectCache", "false"));
            config.setAllowPoolSuspension(true);
            config.setExceptionOverride(reopening);
        }
        HikariDataSource pool = pool(config);
        reopening.of(pool);
        try {
            refuseForgetful(pool);
            Tables.bringUpToDate(pool);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
        return url.startsWith("jdbc:postgresql:") ? impatient(pool, config) : pool;
    }

    private static HikariDataSource impatient(HikariDataSource migrated, HikariConfig config) {
        migrated.close();
        config.addDataSourceProperty("socketTimeout", String.valueOf(LONGEST_SILENCE));
        return pool(config);
    }

    /** Whether the database answers a connection of this pool within the time. */
    public static boolean answers(DataSource pool, Duration patience) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return connection.isValid((int) patience.toSeconds());
        }
    }

    private static HikariDataSource pool(HikariConfig config) {
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            if (config.getJdbcUrl().startsWith("jdbc:h2:")
                    && String.valueOf(e.getCause().getMessage()).contains("already in use")) {
                throw new IllegalStateException("setting 'waybill.db.url': the database '" + file(config.getJdbcUrl())
                        + "' is in use by another process; is Waybill running in this work folder? Several nodes need"
                        + " PostgreSQL");
            }
            String words = String.valueOf(e.getCause().getMessage())
                    .lines()
                    .findFirst()
                    .orElse("");
            throw new IllegalStateException(
                    "setting 'waybill.db.url': the database '" + named(config.getJdbcUrl()) + "' cannot be opened: "
                            + words,
                    e);
        }
    }

    /**
     * PostgreSQL too acknowledges commits before they are on disk, if it is told to. Where several hosts are named, one may take
     * the place of the other, which must have every commit by then.
     */
    private static void refuseForgetful(HikariDataSource pool) {
        if (!pool.getJdbcUrl().startsWith("jdbc:postgresql:")) {
            return;
        }
        for (String setting : List.of("fsync", "synchronous_commit")) {
            if (shown(pool, setting).equals("off")) {
                throw new IllegalArgumentException("setting 'waybill.db.url': '" + setting
                        + "' of this PostgreSQL is off; it must be on, else a crash loses acknowledged commits");
            }
        }
        if (pool.getJdbcUrl().matches("jdbc:postgresql://[^/]*,.*")
                && (shown(pool, "synchronous_standby_names").isEmpty()
                        || shown(pool, "synchronous_commit").equals("local"))) {
            throw new IllegalArgumentException(
                    "setting 'waybill.db.url': it names several hosts, but this PostgreSQL does not"
                            + " wait for its replica; 'synchronous_standby_names' must name it and 'synchronous_commit' must not be"
                            + " local, else a failover loses acknowledged commits, and what was sent is sent again");
        }
    }

    private static String shown(HikariDataSource pool, String setting) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show " + setting)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new LedgerUnavailable("ledger: the settings of the database cannot be read", e);
        }
    }

    /** Without its parameters, of which one may be a password. */
    static String named(String url) {
        return url.replaceAll("//[^/]*@", "//").replaceAll("[?;].*", "");
    }

    /** H2 acknowledges commits before they are on disk unless told not to, and must speak PostgreSQL's dialect. */
    static String safe(String url) {
        if (!url.startsWith("jdbc:h2:")) {
            return url;
        }
        String upper = url.toUpperCase(Locale.ROOT);
        if (upper.contains("AUTO_SERVER=TRUE")) {
            throw new IllegalArgumentException(
                    "setting 'waybill.db.url': AUTO_SERVER lets several processes share an H2 file,"
                            + " but the death of one can take the others along; several nodes need PostgreSQL");
        }
        if (upper.contains("WRITE_DELAY=") && !upper.matches(".*WRITE_DELAY=0(;.*)?$")) {
            throw new IllegalArgumentException(
                    "setting 'waybill.db.url': WRITE_DELAY must be 0, else a kill loses acknowledged commits");
        }
        return with(with(uninterruptible(url), "MODE=PostgreSQL"), "WRITE_DELAY=0")
                + ";QUERY_CACHE_SIZE=64;DEFAULT_NULL_ORDERING=HIGH;DB_CLOSE_ON_EXIT=FALSE";
    }

    /** H2 takes an empty file for a new database; ours are never empty. */
    private static void refuseEmptied(String url) {
        Path path = FILE.matcher(url).matches() ? Path.of(file(url) + ".mv.db") : null;
        if (path != null && path.toFile().isFile() && path.toFile().length() == 0) {
            throw new IllegalStateException("setting 'waybill.db.url': the database '" + url
                    + "' cannot be opened: the file is empty, so it was a database once");
        }
    }

    private static String file(String url) {
        return FILE.matcher(url).replaceFirst("$1");
    }

    /** An interrupted thread closes the file that it reads, and the whole database with it, unless H2 opens it again. */
    private static String uninterruptible(String url) {
        return url.replaceFirst("^jdbc:h2:(file:)?(?=[~./]|[A-Za-z]:[/\\\\])", "jdbc:h2:file:retry:");
    }

    private static String with(String url, String option) {
        String name = option.substring(0, option.indexOf('=') + 1);
        return url.toUpperCase(Locale.ROOT).contains(";" + name) ? url : url + ";" + option;
    }
}
