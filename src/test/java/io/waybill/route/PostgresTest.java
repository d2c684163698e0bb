package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.PostgresServer;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way on PostgreSQL: the same SQL, the same promises. */
class PostgresTest {

    @TempDir
    Path temp;

    @Test
    void ordersAreShippedOnceOnPostgresToo() throws IOException {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort());
                RunningWaybill waybill = RunningWaybill.on(temp.resolve("work"))
                        .carriers(sandbox)
                        .with("waybill.db.url", PostgresServer.freshDatabase())
                        .with("waybill.db.user", PostgresServer.user())
                        .start()) {
            sandbox.script(
                    Fault.at("mabang")
                            .reference("P-no")
                            .instead(Reply.status(412, "{\"code\": 412, \"message\": \"no\"}")),
                    Fault.at("mabang").reference("P-wait").instead(Reply.status(429, Map.of("Retry-After", "1"), "")),
                    Fault.at("mabang").reference("P-doubt").afterCommit(Reply.drop()),
                    Fault.at("birdsystem")
                            .reference("P-fees")
                            .afterCommit(Reply.status(
                                    200,
                                    "{\"success\": true, \"data\": {\"id\": 7, \"status\": \"PENDING\","
                                            + " \"total_delivery_fee\": \"3.90\"}}")),
                    // the real order has another id
                    Fault.at("birdsystem")
                            .path("/Consignment-Product")
                            .instead(Reply.status(200, "{\"success\": true, \"data\": {\"id\": 71}}")),
                    Fault.at("birdsystem")
                            .path("/Batch-Update-Status")
                            .instead(Reply.status(200, "{\"success\": true}")));
            ObjectNode changed = Orders.malaysian("P-m").put("urgent", true);

            waybill.drop("P-fees.json", Orders.british("P-fees"));
            waybill.drop("P-k.json", Orders.chinese("P-k"));
            for (String id : new String[] {"P-m", "P-no", "P-wait", "P-doubt"}) {
                waybill.drop(id + ".json", Orders.malaysian(id));
            }
            waybill.await("P-fees", "awaiting");
            waybill.await("P-k", "completed");
            waybill.await("P-m", "completed");
            waybill.await("P-wait", "completed");
            waybill.await("P-doubt", "in-doubt");
            waybill.await("P-no", "dead-letter");
            assertThat(transactions(waybill, "P-k", "history", "step", "label", "orders"))
                    .hasSizeBetween(1, 5);
            assertThat(transactions(waybill, "P-fees", "charge", "history where what = 'awaiting' and"))
                    .hasSize(1);
            waybill.drop("P-m-again.json", Orders.malaysian("P-m"));
            waybill.drop("P-m-changed.json", changed);
            waybill.awaitDead("P-m", "conflict");
            Path rejected = waybill.awaitDead("P-no", "rejected").file();
            Files.move(rejected, waybill.inbox().resolve(rejected.getFileName()));
            waybill.await("P-no", "completed");

            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Integer.valueOf(1)
                    .equals(waybill.await("P-m", "completed").get("duplicates")));
            assertThat(sandbox.booked())
                    .extracting(Booked::reference)
                    .containsExactlyInAnyOrder("P-fees", "P-k", "P-m", "P-wait", "P-doubt", "P-no");
            assertThat(waybill.query(
                            "select (select count(*) from label) as labels, (select count(*) from charge) as charges,"
                                    + " (select count(*) from dead_letter) as dead"))
                    .containsExactly(Map.of("labels", 1L, "charges", 1L, "dead", 2L));
        }
    }

    /** The transactions that wrote what there is of an order. */
    private static List<Map<String, Object>> transactions(RunningWaybill waybill, String id, String... tables) {
        return waybill.query(Stream.of(tables)
                .map(table -> "select xmin::text as transaction from " + table
                        + (table.endsWith(" and") ? "" : " where") + " order_id = '" + id + "'")
                .collect(Collectors.joining(" union ")));
    }
}
