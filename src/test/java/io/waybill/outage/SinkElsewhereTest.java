package io.waybill.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.order.OrderKey;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.PostgresProcess;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The charges go to finance's own database, by one changed line of a route, and that database goes away. */
class SinkElsewhereTest {

    private static final String TARIFF = "waybill.account.default.mabang.tariff.standard";

    @TempDir
    Path temp;

    private PostgresProcess finance;
    private Sandbox sandbox;
    private RunningWaybill waybill;

    @BeforeEach
    void start() throws SQLException {
        finance = PostgresProcess.start(temp.resolve("finance"));
        finance.run(
                "create table charge (account text, order_id text, reissue int, charge_id text, carrier text, kind text,"
                        + " amount numeric(19, 4), currency text, source text, final boolean, cost_center text, reference text,"
                        + " at timestamptz, primary key (account, order_id, reissue, charge_id))");
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with(TARIFF, "38.00 PHP for 500 g, then 12.00 for each 500 g")
                .with("camel.beans.financeDb", "#class:com.zaxxer.hikari.HikariDataSource")
                .with("camel.beans.financeDb.jdbcUrl", finance.url())
                .with("camel.beans.financeDb.username", "postgres")
                .with("camel.beans.financeDb.connectionTimeout", "1000")
                .changed("routes/billing.camel.yaml", "jdbc:sinkDb", "jdbc:financeDb")
                .start();
    }

    @AfterEach
    void stop() {
        waybill.close();
        sandbox.close();
        finance.close();
    }

    @Test
    void chargesWaitForTheirDatabaseAndAreWrittenOnce() throws SQLException {
        waybill.drop("F-1.json", Orders.malaysian("F-1"));
        waybill.await("F-1", "completed");
        assertThat(charged()).containsExactly("F-1");

        finance.stop();
        waybill.drop("F-2.json", Orders.malaysian("F-2"));
        waybill.drop("F-3.json", Orders.malaysian("F-3"));
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> tries("F-2") > 1 && tries("F-3") > 1);
        assertThat(waybill.of("step", new OrderKey("default", "F-2", 0)))
                .extracting(row -> row.get("step") + " " + row.get("state"))
                .containsExactly("book done", "label done", "tracking done");
        assertThat(sandbox.calls("mabang")).isEqualTo(3);

        finance.start();

        waybill.await("F-2", "completed");
        waybill.await("F-3", "completed");
        assertThat(charged()).containsExactly("F-1", "F-2", "F-3");
        assertThat(waybill.query("select * from charge")).isEmpty();
        assertThat(sandbox.calls("mabang")).isEqualTo(3);
        assertThat(waybill.dead()).isEmpty();

        // as it is where the process dies between the two commits
        finance.run(
                "insert into charge select account, 'F-4', reissue, charge_id, carrier, kind, amount, currency, source,"
                        + " final, cost_center, reference, at from charge where order_id = 'F-1'");
        waybill.drop("F-4.json", Orders.malaysian("F-4"));
        waybill.await("F-4", "completed");
        assertThat(charged()).containsExactly("F-1", "F-2", "F-3", "F-4");
    }

    private int tries(String id) {
        return (int) waybill.of("orders", new OrderKey("default", id, 0)).stream()
                .map(row -> row.get("attempts"))
                .findFirst()
                .orElse(0);
    }

    private List<String> charged() throws SQLException {
        List<String> ids = new ArrayList<>();
        try (Connection connection = finance.connection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select order_id from charge order by order_id")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }
}
