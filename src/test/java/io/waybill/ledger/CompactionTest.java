package io.waybill.ledger;

import static io.waybill.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.testing.SetClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger in an H2 file that runs for weeks does not fill the disk with what is free in it. */
class CompactionTest {

    @TempDir
    Path folder;

    @Test
    void whatIsFreeInTheFileIsUsedAgainWhileItIsOpen() throws SQLException {
        // else H2 keeps what is free for 45 s before it writes over it
        String url = "jdbc:h2:file:" + folder.resolve("ledger") + ";RETENTION_TIME=0";
        try (HikariDataSource pool = Database.open(url, "sa", "", 4);
                Ledger ledger = new Ledger(pool, "one", 9, LedgerContract::parse, new SetClock());
                Connection connection = pool.getConnection()) {
            for (int i = 0; i < 300; i++) {
                String id = UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) (i >> 8)})
                        .toString();
                LedgerContract.completed(LedgerContract.claimed(ledger, LedgerContract.order(id, "tea ".repeat(300))));
            }

            await().untilAsserted(() -> assertThat(percentInUse(connection)).isGreaterThanOrEqualTo(50));
            assertThat(ledger.queries().counts()).containsEntry("completed", 300L);
        }
    }

    private static int percentInUse(Connection connection) throws SQLException {
        SessionLocal session =
                (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
        return session.getDatabase().getStore().getMvStore().getFileStore().getChunksFillRate();
    }
}
