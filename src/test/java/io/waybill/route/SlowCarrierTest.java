package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Bulkheads;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A carrier that works, but not as fast as its orders come: it is a bulkhead, and the others do not wait for it. */
class SlowCarrierTest {

    private static final int MANY = 240;
    private static final int HANDS = 64;

    @TempDir
    Path temp;

    @Test
    void theOthersGoOnBesideIt() {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort());
                RunningWaybill waybill = RunningWaybill.on(temp.resolve("work"))
                        .carriers(sandbox)
                        .with("waybill.claims", String.valueOf(HANDS))
                        .with("waybill.carrier.kdniao.concurrency", "2")
                        .with("waybill.carrier.kdniao.rate", "1000")
                        .start()) {
            // with two calls at once: five a second
            sandbox.script(Fault.at("kdniao").calls(0, MANY).delay(Duration.ofMillis(400)));
            waybill.drop("slow.json", several("S", MANY, Orders::chinese));
            Patience.await()
                    .until(() -> waybill.query("select order_id from orders").size() == MANY);

            waybill.drop("fast.json", several("F", 20, Orders::malaysian));
            ids("F", 20).forEach(id -> waybill.await(id, "completed"));
            int before = references(sandbox, "kdniao").size();
            assertThat(before)
                    .as("orders of the slow carrier that went out before the last of the others")
                    .isLessThan(MANY - HANDS - 20);
            assertThat(waybill.query("select state, reason from carrier_history"))
                    .isEmpty();

            sandbox.clearScripts();
            ids("S", MANY).forEach(id -> waybill.await(id, "completed"));
            assertThat(references(sandbox, "kdniao")).containsExactlyInAnyOrderElementsOf(ids("S", MANY));
        }
    }

    @Test
    void whatItWasAskedForGoesOnHoweverManyWait() {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort());
                RunningWaybill waybill = RunningWaybill.on(temp.resolve("work"))
                        .carriers(sandbox)
                        .with("waybill.claims", String.valueOf(HANDS))
                        .with("waybill.in-doubt.settle-seconds", "20")
                        .start()) {
            Bulkheads bulkheads = waybill.engine().ledger().bulkheads();
            ids("Q", HANDS).forEach(id -> bulkheads.enter(new OrderKey("default", id, 0), "kdniao"));
            sandbox.script(Fault.at("kdniao").reference("D-1").afterCommit(Reply.status(502, Map.of(), "<html>")));
            waybill.drop("D-1.json", Orders.chinese("D-1"));
            waybill.awaitHistory("D-1", "in-doubt");
            Patience.await().until(() -> !bulkheads.admit(new OrderKey("default", "Q-0", 0), "kdniao"));

            waybill.drop("N-1.json", Orders.chinese("N-1"));
            waybill.awaitHistory("N-1", "queued");
            waybill.update("update orders set due_at = current_timestamp where order_id = 'D-1' and owner is null");

            waybill.await("D-1", "completed");
            assertThat(waybill.of("history", new OrderKey("default", "D-1", 0)))
                    .extracting(row -> row.get("what"))
                    .doesNotContain("queued");
        }
    }

    @Test
    void whatSeveralProcessesDiedWithGoesOnHoweverManyWait() {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort());
                RunningWaybill waybill = RunningWaybill.on(temp.resolve("work"))
                        .carriers(sandbox)
                        .with("waybill.claims", String.valueOf(HANDS))
                        .start()) {
            sandbox.script(Fault.at("kdniao")
                    .reference("D-1")
                    .calls(0, 1)
                    .instead(Reply.status(429, Map.of("Retry-After", "3600"), "")));
            waybill.drop("D-1.json", Orders.chinese("D-1"));
            waybill.await("D-1", "waiting");
            Bulkheads bulkheads = waybill.engine().ledger().bulkheads();
            ids("Q", HANDS).forEach(id -> bulkheads.enter(new OrderKey("default", id, 0), "kdniao"));
            Patience.await().until(() -> !bulkheads.admit(new OrderKey("default", "Q-0", 0), "kdniao"));

            waybill.drop("N-1.json", Orders.chinese("N-1"));
            waybill.awaitHistory("N-1", "queued");
            waybill.update("update orders set due_at = current_timestamp, lives = 2 where order_id = 'D-1'");

            waybill.await("D-1", "completed");
            assertThat(waybill.of("history", new OrderKey("default", "D-1", 0)))
                    .extracting(row -> row.get("what"))
                    .doesNotContain("queued");
        }
    }

    private static List<String> ids(String prefix, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> prefix + "-" + i).toList();
    }

    private static String several(String prefix, int count, Function<String, ObjectNode> order) {
        return ids(prefix, count).stream().map(order).toList().toString();
    }

    private static List<String> references(Sandbox sandbox, String carrier) {
        return sandbox.booked().stream()
                .filter(booked -> booked.carrier().equals(carrier))
                .map(Booked::reference)
                .toList();
    }
}
