package io.waybill.push;

import static io.waybill.push.Carrier.data;
import static io.waybill.push.Carrier.entry;
import static io.waybill.push.Carrier.list;
import static io.waybill.testing.RunningWaybill.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.order.OrderKey;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.HeldPort;
import io.waybill.testing.Orders;
import io.waybill.testing.PostgresServer;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.TcpProxy;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On PostgreSQL: no success is said while the database is away, and what was said outlives the process. */
class PushOutageTest {

    @Test
    void aPushIsPutOffWhileTheDatabaseIsAwayAndWhatWasTakenIsAppliedByTheNextLife(@TempDir Path temp) {
        String direct = PostgresServer.freshDatabase();
        int server = URI.create(direct.substring("jdbc:".length())).getPort();
        HeldPort port = HeldPort.any();
        Carrier carrier = new Carrier(port.number());
        String first =
                data("first", list(entry("O-1", 301, "2026-01-02 10:00:00").put("Cost", "6.00")));
        String second = data("second", list(entry("O-1", 3, "2026-01-03 10:00:00")));
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort());
                TcpProxy wire = TcpProxy.to(server)) {
            RunningWaybill.Start start = RunningWaybill.on(temp.resolve("work"))
                    .carriers(sandbox)
                    .with("waybill.db.url", direct.replace(":" + server, ":" + wire.port()))
                    .with("waybill.db.user", PostgresServer.user())
                    .with("waybill.http.port", String.valueOf(port.number()));
            // a life that stores and dies before it applies anything
            try (RunningWaybill waybill =
                    start.with("waybill.push.poll-ms", "3600000").start()) {
                waybill.drop("O-1.json", Orders.chinese("O-1"));
                waybill.await("O-1", "completed");
                assertThat(carrier.push("103", first).statusCode()).isEqualTo(200);
                wire.refuse();
                wire.cut();

                HttpResponse<String> away = carrier.push("103", second);

                assertThat(away.statusCode()).isEqualTo(503);
                assertThat(away.body()).isEmpty();
                wire.pass();
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> carrier.push("103", second).statusCode() == 200);
            }

            try (RunningWaybill waybill =
                    start.with("waybill.push.poll-ms", "100").start()) {
                Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                                waybill.query("select state from push"))
                        .hasSize(2)
                        .allSatisfy(row -> assertThat(row).containsEntry("state", "done")));
                assertThat(waybill.shipment("default", "O-1").path("status").asText())
                        .isEqualTo("delivered");
                assertThat(waybill.of("charge", new OrderKey("default", "O-1", 0)))
                        .hasSize(1);
            }
        }
    }
}
