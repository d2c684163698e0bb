package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.testing.SetClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an upgrade finds in the database: ledgers of earlier versions go on, others are refused before anything is changed. */
class TablesTest {

    @TempDir
    Path folder;

    private String url;

    @BeforeEach
    void anOrderIsInTheLedger() {
        url = "jdbc:h2:file:" + folder.resolve("ledger");
        try (HikariDataSource pool = Database.open(url, "sa", "", 2);
                Ledger ledger = new Ledger(pool, "one", 9, LedgerContract::parse, new SetClock())) {
            LedgerContract.claimed(ledger, LedgerContract.order("A-1"));
        }
    }

    /** Whoever sees this fail has changed a migration that ledgers have, which then start no more: write the next one instead. */
    @Test
    void noMigrationIsEverChanged() {
        try (HikariDataSource pool = Database.open(url, "sa", "", 2)) {
            assertThat(Arrays.stream(Tables.flyway(pool).info().all()).map(TablesTest::versionAndText))
                    .containsExactly("1 544566880");
        }
    }

    @Test
    void aLedgerWhoseMigrationIsWordedOtherwiseGoesOn() throws SQLException {
        execute("update \"flyway_schema_history\" set \"checksum\" = " + Tables.WORDED_OTHERWISE);

        for (int start = 0; start < 2; start++) {
            try (HikariDataSource pool = Database.open(url, "sa", "", 2)) {
                assertThat(new Queries(pool).counts()).containsEntry("accepted", 1L);
            }
        }
    }

    @Test
    void aLedgerOfANewerWaybillIsRefused() throws SQLException {
        execute(
                "insert into \"flyway_schema_history\" select 2, '2', 'x', 'SQL', 'V2__x.sql', 7, 'sa', current_timestamp, 1, true");

        assertThatThrownBy(() -> Database.open(url, "sa", "", 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("setting 'waybill.db.url': the tables of '" + url.replace("file:", "file:retry:")
                        + "' are those of a newer Waybill; start that one, or restore the backup that was made before the"
                        + " upgrade");
    }

    @Test
    void aLedgerOfOtherTablesIsRefused() throws SQLException {
        execute("update \"flyway_schema_history\" set \"checksum\" = 7");

        assertThatThrownBy(() -> Database.open(url, "sa", "", 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("setting 'waybill.db.url': the tables of '" + url.replace("file:", "file:retry:")
                        + "' were made by a Waybill before its first release, and are others today; give this one a database"
                        + " of its own, and let the old one finish its orders");
    }

    private static String versionAndText(MigrationInfo migration) {
        return migration.getVersion() + " " + migration.getChecksum();
    }

    private void execute(String sql) throws SQLException {
        try (HikariDataSource pool = Database.open(url, "sa", "", 2);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
