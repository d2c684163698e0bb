package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.testing.PostgresServer;
import io.waybill.testing.SetClock;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:h2:file:/x;WRITE_DELAY=500",
                "jdbc:h2:file:/x;write_delay=10;MODE=PostgreSQL",
                "jdbc:h2:/x;WRITE_DELAY=01"
            })
    void aDelayedWriteIsRefused(String url) {
        assertThatThrownBy(() -> Database.open(url, "sa", "", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("setting 'waybill.db.url': WRITE_DELAY must be 0, else a kill loses acknowledged commits");
    }

    @Test
    void aServerThatSaysNothingMoreIsNotWaitedForWithoutEnd() throws SQLException {
        String url = PostgresServer.freshDatabase();
        try (HikariDataSource pool = Database.open(url, PostgresServer.user(), "", 2);
                Connection connection = pool.getConnection()) {
            assertThat(connection.getNetworkTimeout()).isEqualTo(120_000);
        }
        try (HikariDataSource pool = Database.open(url + "?socketTimeout=7", PostgresServer.user(), "", 2);
                Connection connection = pool.getConnection()) {
            assertThat(connection.getNetworkTimeout()).isEqualTo(7_000);
        }
    }

    @Test
    void aFileThatSeveralProcessesShareIsRefused() {
        assertThatThrownBy(() -> Database.safe("jdbc:h2:file:/x;auto_server=true"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("several nodes need PostgreSQL");
    }

    @Test
    void everyH2FileIsOpenedSafely() {
        assertThat(Database.safe("jdbc:h2:file:/x"))
                .startsWith("jdbc:h2:file:retry:/x;")
                .contains(";WRITE_DELAY=0", ";MODE=PostgreSQL");
        assertThat(Database.safe("jdbc:h2:~/x;WRITE_DELAY=0"))
                .startsWith("jdbc:h2:file:retry:~/x;WRITE_DELAY=0;")
                .containsOnlyOnce("WRITE_DELAY");
        assertThat(Database.safe("jdbc:h2:mem:x")).startsWith("jdbc:h2:mem:x;");
        assertThat(Database.safe("jdbc:postgresql://db/x")).isEqualTo("jdbc:postgresql://db/x");
    }

    @Test
    void aDatabaseIsOpenedAgainWithWhatItHeld() {
        String url = "jdbc:h2:file:" + folder.resolve("data/ledger");
        try (HikariDataSource first = Database.open(url, "sa", "", 2);
                Ledger ledger = new Ledger(first, "one", 9, LedgerContract::parse, new SetClock())) {
            LedgerContract.claimed(ledger, LedgerContract.order("A-1"));
        }

        try (HikariDataSource again = Database.open(url, "sa", "", 2)) {
            assertThat(new Queries(again).counts()).containsEntry("accepted", 1L);
        }
        assertThat(folder.resolve("data/ledger.mv.db")).exists();
    }

    @Test
    void interruptedReadersDoNotHarmTheOthers() throws Exception {
        try (HikariDataSource pool = Database.open("jdbc:h2:file:" + folder.resolve("ledger"), "sa", "", 4);
                Ledger ledger = new Ledger(pool, "one", 999, LedgerContract::parse, new SetClock())) {
            for (int i = 0; i < 50; i++) {
                Thread reader = new Thread(() -> read(ledger));
                reader.start();
                reader.interrupt();
                LedgerContract.completed(LedgerContract.claimed(ledger, LedgerContract.order("A-" + i)));
                reader.join();
            }
            assertThat(ledger.queries().counts()).containsEntry("completed", 50L);
        }
    }

    private static void read(Ledger ledger) {
        for (int i = 0; i < 20; i++) {
            try {
                Thread.currentThread().interrupt();
                ledger.append(LedgerContract.deadLetter("D-" + i));
                ledger.queries().counts();
            } catch (LedgerUnavailable e) {
                // an interrupted thread may be told so
            }
        }
    }

    @Test
    void aForgetfulPostgresIsRefused() throws Exception {
        String url = PostgresServer.freshDatabase();
        String name = url.substring(url.lastIndexOf('/') + 1);
        try (HikariDataSource pool = Database.open(url, PostgresServer.user(), "", 1);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("alter database " + name + " set synchronous_commit = off");
        }

        assertThatThrownBy(() -> Database.open(url, PostgresServer.user(), "", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("setting 'waybill.db.url': 'synchronous_commit' of this PostgreSQL is off; it must be on,"
                        + " else a crash loses acknowledged commits");
    }

    @Test
    void aPostgresThatForcesNothingToTheDiskIsRefused() throws Exception {
        try (EmbeddedPostgres forgetful =
                EmbeddedPostgres.builder().setServerConfig("fsync", "off").start()) {
            assertThatThrownBy(() -> Database.open(forgetful.getJdbcUrl("postgres", "postgres"), "postgres", "", 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("setting 'waybill.db.url': 'fsync' of this PostgreSQL is off; it must be on,"
                            + " else a crash loses acknowledged commits");
        }
    }

    @Test
    void severalHostsOfWhichNoneWaitsForTheOtherAreRefused() {
        String several = PostgresServer.freshDatabase().replace("//localhost:", "//127.0.0.1:1,localhost:");

        assertThatThrownBy(() -> Database.open(several, PostgresServer.user(), "", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "setting 'waybill.db.url': it names several hosts, but this PostgreSQL does not wait"
                                + " for its replica");
    }

    @Test
    void aDatabaseThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Database.open("jdbc:postgresql://127.0.0.1:1/x?password=secret", "u", "", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "setting 'waybill.db.url': the database 'jdbc:postgresql://127.0.0.1:1/x' cannot"
                                + " be opened: ");
    }
}
