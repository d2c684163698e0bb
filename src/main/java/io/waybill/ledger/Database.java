package io.waybill.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Locale;
import org.flywaydb.core.Flyway;

/** Opens the ledger's database: refuses an unsafe one, brings its tables up to date, hands out a bounded pool. */
public final class Database {

    private Database() {}

    /**
     * Opens the pool and migrates.
     *
     * @param url JDBC url; H2 files are opened so that a kill -9 loses no acknowledged commit
     * @param connections the most connections at once
     * @throws IllegalArgumentException if the url asks for something that could lose an order
     */
    public static HikariDataSource open(String url, String user, String password, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(safe(url));
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(10_000);
        config.setPoolName("ledger");
        config.addDataSourceProperty("ApplicationName", "waybill");
        HikariDataSource pool = new HikariDataSource(config);
        try {
            Flyway.configure(Database.class.getClassLoader())
                    .dataSource(pool)
                    .locations("classpath:db/ledger")
                    .load()
                    .migrate();
            return pool;
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /** H2 acknowledges commits before they are on disk unless told not to, and must speak PostgreSQL's dialect. */
    static String safe(String url) {
        if (!url.startsWith("jdbc:h2:")) {
            return url;
        }
        String upper = url.toUpperCase(Locale.ROOT);
        if (upper.contains("WRITE_DELAY=") && !upper.matches(".*WRITE_DELAY=0(;.*)?$")) {
            throw new IllegalArgumentException(
                    "setting 'waybill.db.url': WRITE_DELAY must be 0, else a kill loses acknowledged commits");
        }
        return with(with(with(url, "MODE=PostgreSQL"), "DATABASE_TO_LOWER=TRUE"), "WRITE_DELAY=0")
                + ";QUERY_CACHE_SIZE=64;DEFAULT_NULL_ORDERING=HIGH;DB_CLOSE_ON_EXIT=FALSE";
    }

    private static String with(String url, String option) {
        String name = option.substring(0, option.indexOf('=') + 1);
        return url.toUpperCase(Locale.ROOT).contains(";" + name) ? url : url + ";" + option;
    }
}
