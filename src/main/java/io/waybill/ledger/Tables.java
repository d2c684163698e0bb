package io.waybill.ledger;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.exception.FlywayValidateException;

/** Brings the tables of a ledger up to date. A migration that anybody's ledger may have is never changed, only followed by another. */
final class Tables {

    /** V1 with a comment in other words: the same tables. */
    static final int WORDED_OTHERWISE = -1005248329;

    private Tables() {}

    /**
     * Makes the tables, or adds what they lack.
     *
     * @throws IllegalArgumentException if they are of a newer Waybill, or of none that there was; they stay as they are then
     */
    static void bringUpToDate(HikariDataSource pool) {
        Flyway flyway = flyway(pool);
        if (applied(flyway).stream().anyMatch(each -> Objects.equals(each.getChecksum(), WORDED_OTHERWISE))) {
            flyway.repair();
        }
        try {
            flyway.migrate();
        } catch (FlywayValidateException e) {
            throw new IllegalArgumentException(
                    "setting 'waybill.db.url': the tables of '" + Database.named(pool.getJdbcUrl()) + "' "
                            + why(flyway),
                    e);
        }
    }

    /** Else what a newer one applied would be passed over in silence. */
    static Flyway flyway(HikariDataSource pool) {
        return Flyway.configure(Tables.class.getClassLoader())
                .dataSource(pool)
                .locations("classpath:db/ledger")
                .ignoreMigrationPatterns(new String[0])
                .load();
    }

    private static List<MigrationInfo> applied(Flyway flyway) {
        return Arrays.asList(flyway.info().applied());
    }

    private static String why(Flyway flyway) {
        boolean newer = applied(flyway).stream()
                .anyMatch(
                        each -> !each.getState().isResolved() && each.getState().isApplied());
        return newer
                ? "are those of a newer Waybill; start that one, or restore the backup that was made before the upgrade"
                : "were made by a Waybill before its first release, and are others today; give this one a database of its own,"
                        + " and let the old one finish its orders";
    }
}
