package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stop and a start on the same work folder: what waited goes on, what was done stays done. */
class RestartTest {

    @TempDir
    Path temp;

    @ParameterizedTest
    @Tag("crash")
    @CsvSource({
        "/Product/, 0, accepted",
        "/Consignment, 0, book-sent",
        "/Consignment-Product, 0, product-1-sent",
        "/Consignment-Product, 1, product-2-sent",
        "/Batch-Update-Status, 0, submit-sent"
    })
    void aBookingOfSeveralCallsGoesOnWithTheOneThatWasNotDone(String path, int skip, String last) {
        ObjectNode order = Orders.british("R-calls");
        order.withArray("items").addObject().put("sku", "MUG-1").put("quantity", 3);
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort())) {
            sandbox.script(Fault.at("birdsystem")
                    .path(path)
                    .calls(skip, 1)
                    .delay(Duration.ofSeconds(3))
                    .afterCommit(Reply.drop()));
            try (RunningWaybill first = RunningWaybill.on(temp.resolve("work"))
                    .carriers(sandbox)
                    .with("waybill.in-doubt.settle-seconds", "1")
                    .start()) {
                first.drop("R-calls.json", order);
                first.awaitHistory("R-calls", last);
            }

            try (RunningWaybill second = RunningWaybill.on(temp.resolve("work"))
                    .carriers(sandbox)
                    .with("waybill.in-doubt.settle-seconds", "1")
                    .start()) {
                second.await("R-calls", "awaiting");
                assertThat(sandbox.booked()).hasSize(1);
                Booked booked = sandbox.booked().get(0);
                assertThat(sandbox.items(booked).findValuesAsText("quantity")).containsExactly("2", "3");
                assertThat(sandbox.submits(booked)).isEqualTo(1);
            }
        }
    }

    @Test
    void everyOrderGoesOnWhereItStoodAndNothingIsBookedTwice() {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort())) {
            sandbox.script(
                    Fault.at("mabang").reference("R-doubt").afterCommit(Reply.drop()),
                    Fault.at("mabang")
                            .reference("R-no")
                            .instead(Reply.status(412, "{\"code\": 412, \"message\": \"no\"}")),
                    Fault.at("mabang").reference("R-flight").delay(Duration.ofSeconds(2)));
            try (RunningWaybill first = RunningWaybill.on(temp.resolve("work"))
                    .carriers(sandbox)
                    .with("waybill.carrier.birdsystem.url", "http://127.0.0.1:1/client")
                    .start()) {
                for (String id : List.of("R-done", "R-doubt", "R-no", "R-flight")) {
                    first.drop(id + ".json", Orders.malaysian(id));
                }
                first.drop("R-waits.json", Orders.british("R-waits"));
                first.await("R-done", "completed");
                first.await("R-doubt", "in-doubt");
                first.await("R-no", "dead-letter");
                first.await("R-waits", "waiting");
                first.awaitHistory("R-flight", "book-sent");
            }

            try (RunningWaybill second = RunningWaybill.on(temp.resolve("work"))
                    .carriers(sandbox)
                    .changed("routes/carrier-rules.yaml", "carrier: mabang", "carrier: birdsystem")
                    .start()) {
                second.await("R-waits", "awaiting");
                second.await("R-flight", "completed");
                second.drop("R-done-again.json", Orders.malaysian("R-done"));
                Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Integer.valueOf(1)
                        .equals(second.order(new OrderKey("default", "R-done", 0))
                                .get("duplicates")));
                // whatever the rules say today
                second.update("update orders set due_at = accepted_at where order_id = 'R-doubt'");
                Awaitility.await()
                        .atMost(RunningWaybill.PATIENCE)
                        .until(() -> second.query(
                                                "select what from history where order_id = 'R-doubt' and what = 'in-doubt'")
                                        .size()
                                == 2);
                assertThat(second.await("R-doubt", "in-doubt"))
                        .containsEntry("carrier", "mabang")
                        .containsEntry("due_at", null);
                second.await("R-no", "dead-letter");
                assertThat(sandbox.booked())
                        .extracting(Booked::reference)
                        .containsExactlyInAnyOrder("R-done", "R-doubt", "R-waits", "R-flight");
                assertThat(Files.exists(second.outbox().resolve("default/R-waits.json")))
                        .isTrue();
            }
        }
    }
}
