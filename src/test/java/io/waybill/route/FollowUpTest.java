package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to an order after its booking, from the real carrier folder. */
class FollowUpTest {

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.in-doubt.settle-seconds", "1")
                .with("waybill.pause.after-calls", "0")
                .changed("mappings/birdsystem/carrier.yaml", "first: PT30M", "first: PT1S")
                .changed("mappings/birdsystem/carrier.yaml", "first: PT2H", "first: PT1S")
                .changed("mappings/birdsystem/carrier.yaml", "longest: PT12H", "longest: PT1S")
                .changed("mappings/birdsystem/carrier.yaml", "longest: P1D", "longest: PT1S")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void anOrderIsAwaitingItsNumberUntilItComes() {
        waybill.drop("F-1.json", Orders.british("F-1"));

        waybill.await("F-1", "awaiting");
        waybill.await("F-1", "completed");

        JsonNode shipment = waybill.shipment("default", "F-1");
        System.out.println("T> " + shipment);
        history("F-1").forEach(row -> System.out.println("T> " + row));
        waybill.of("follow_up", key("F-1")).forEach(row -> System.out.println("T> " + row));
        waybill.of("charge", key("F-1")).forEach(row -> System.out.println("T> " + row));
        assertThat(shipment.path("tracking_number").asText()).startsWith("SBX");
    }

    private static List<String> history(String id) {
        return waybill.of("history", key(id)).stream()
                .map(row -> row.get("what") + " " + row.get("detail"))
                .toList();
    }

    private static OrderKey key(String id) {
        return new OrderKey("default", id, 0);
    }
}
