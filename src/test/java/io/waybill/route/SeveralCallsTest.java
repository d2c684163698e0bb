package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.HeldPort;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.RunningWaybill.Dead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A booking of several calls: whatever happens to one of them, each is made once, and the order exists once. */
class SeveralCallsTest {

    private static final String CREATE = "/Consignment";
    private static final String PRODUCT = "/Consignment-Product";
    private static final String SUBMIT = "/Batch-Update-Status";

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
                // each test is about one order, and none about a carrier that is down
                .with("waybill.pause.after-calls", "0")
                .changed("mappings/birdsystem/carrier.yaml", "response-timeout: PT30S", "response-timeout: PT2S")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void goodsAreAddedAndTheOrderIsSubmitted() {
        waybill.drop("C-1.json", order("C-1"));
        waybill.await("C-1", "awaiting");

        assertWhole("C-1");
        JsonNode shipment = waybill.shipment("default", "C-1");
        assertThat(shipment.get("status").asText()).isEqualTo("submitted");
        assertThat(shipment.get("raw_status").asText()).isEqualTo("PENDING");
        assertThat(shipment.has("adopted")).isFalse();
        assertThat(history("C-1"))
                .containsExactly(
                        "accepted",
                        "book-sent",
                        "booked",
                        "product-1-sent",
                        "product-1-done",
                        "product-2-sent",
                        "product-2-done",
                        "submit-sent",
                        "submit-done",
                        "awaiting");
    }

    @ParameterizedTest
    @CsvSource({
        "create, 0",
        "product, 0",
        "product, 1",
        "submit, 0",
    })
    void nothingIsDoneTwiceWhateverHappensToACall(String call, int skip) {
        String path =
                Map.of("create", CREATE, "product", PRODUCT, "submit", SUBMIT).get(call);
        Map<String, Fault> faults = Map.of(
                "lost", Fault.at("birdsystem").instead(Reply.drop()),
                "drop", Fault.at("birdsystem").afterCommit(Reply.drop()),
                "no", Fault.at("birdsystem").instead(Reply.status(502, "<html>")),
                "but", Fault.at("birdsystem").afterCommit(Reply.status(500, "")),
                "slow", Fault.at("birdsystem").delay(Duration.ofSeconds(4)),
                "429", Fault.at("birdsystem").instead(Reply.status(429, "")));

        faults.forEach((name, fault) -> {
            String id = "C-" + call + skip + name;
            sandbox.script(fault.reference(id).path(path).calls(skip, 1));
            waybill.drop(id + ".json", order(id));
        });

        faults.keySet().forEach(name -> {
            String id = "C-" + call + skip + name;
            waybill.await(id, "awaiting");
            assertWhole(id);
            assertThat(history(id)).contains(name.equals("429") ? "waiting" : "in-doubt");
        });
    }

    @Test
    void anUnknownSkuIsFoundBeforeAnythingIsCreated() {
        ObjectNode order = order("C-unknown");
        order.withArray("items").addObject().put("sku", "UNKNOWN-1").put("quantity", 1);
        order.withArray("items").addObject().put("sku", "UNKNOWN-2").put("quantity", 1);

        waybill.drop("C-unknown.json", order);

        Dead dead = waybill.awaitDead("C-unknown", "unmappable");
        assertThat(dead.reason().get("faults").findValuesAsText("pointer"))
                .containsExactly("/items/2/sku", "/items/3/sku");
        assertThat(dead.next()).endsWith("nothing was booked");
        assertThat(booked("C-unknown")).isEmpty();
    }

    @Test
    void aQuestionThatIsNotAnsweredIsAskedAgain() {
        sandbox.script(
                Fault.at("birdsystem").path("/Product/").calls(0, 1).instead(Reply.drop()),
                Fault.at("birdsystem").path("/Product/").calls(1, 1).instead(Reply.status(503, "")),
                Fault.at("birdsystem").path("/Product/").calls(2, 1).instead(Reply.status(429, "")));

        waybill.drop("C-ask.json", order("C-ask"));
        waybill.await("C-ask", "awaiting");

        assertWhole("C-ask");
        assertThat(history("C-ask")).contains("waiting").doesNotContain("in-doubt");
    }

    @Test
    void aRejectedCallSaysWhatExistsAndAReplayGoesOnThere() throws IOException {
        sandbox.script(Fault.at("birdsystem")
                .reference("C-stock")
                .path(PRODUCT)
                .calls(1, 1)
                .instead(Reply.status(500, "{\"success\": false, \"message\": \"Product is out of stock\"}")));

        waybill.drop("C-stock.json", order("C-stock"));
        Dead dead = waybill.awaitDead("C-stock", "rejected");

        String id = booked("C-stock").get(0).carrierOrderId();
        assertThat(dead.reason().get("stage").asText()).isEqualTo("product-2");
        assertThat(dead.message()).isEqualTo("birdsystem answered 500 'Product is out of stock'");
        assertThat(dead.next())
                .isEqualTo("the order exists at birdsystem as " + id + " and is not booked again; mend what the message"
                        + " says, then move this file back to the inbox unchanged: it goes on with 'product-2'; or"
                        + " cancel " + id + " there and send the order as a reissue");

        Files.move(dead.file(), waybill.inbox().resolve("C-stock-again.json"), StandardCopyOption.ATOMIC_MOVE);
        waybill.await("C-stock", "awaiting");
        assertWhole("C-stock");
        assertThat(history("C-stock")).containsOnlyOnce("book-sent", "product-1-sent");
    }

    @Test
    void aCarrierThatIsGoneInTheMiddleIsWaitedFor() {
        Path ledger = temp.resolve("gone.jsonl");
        HeldPort port = HeldPort.any();
        SandboxOptions options = SandboxOptions.onAnyPort().withLedger(ledger).withPort(port.number());
        Sandbox first = Sandbox.start(options);
        first.script(Fault.at("birdsystem").path(SUBMIT).instead(Reply.status(429, Map.of("Retry-After", "3600"), "")));
        try (RunningWaybill before =
                RunningWaybill.on(temp.resolve("gone")).carriers(first).start()) {
            before.drop("C-gone.json", order("C-gone"));
            before.await("C-gone", "waiting");
        }
        first.close();

        // a new process has no open connection, so that it is refused
        try (RunningWaybill after = RunningWaybill.on(temp.resolve("gone"))
                .carriers(sandbox)
                .with("waybill.carrier.birdsystem.url", "http://127.0.0.1:" + port.number() + "/client")
                .start()) {
            after.update("update orders set due_at = accepted_at where order_id = 'C-gone'");

            Awaitility.await()
                    .atMost(RunningWaybill.PATIENCE)
                    .until(() -> after.query(
                                            "select reason from step where step = 'submit' and reason like ?",
                                            "birdsystem was not reached%")
                                    .size()
                            == 1);

            try (Sandbox back = Sandbox.start(options)) {
                after.await("C-gone", "awaiting");
                assertThat(back.booked()).hasSize(1);
                assertThat(back.items(back.booked().get(0))).hasSize(2);
                assertThat(back.submits(back.booked().get(0))).isEqualTo(1);
            }
        }
        port.close();
    }

    @Test
    void agentOrdersAreBookedByTheirOwnPath() {
        try (RunningWaybill other = RunningWaybill.on(temp.resolve("agent"))
                .carriers(sandbox)
                .with("waybill.account.default.birdsystem.service.agent", "5322")
                .with("waybill.account.default.birdsystem.customs-property", "3")
                .start()) {
            ObjectNode order = Orders.british("C-agent");
            order.put("carrier", "birdsystem").put("service", "agent").put("order_type", "agent_direct");
            ObjectNode item = (ObjectNode) order.get("items").get(0);
            item.put("name", "tea").put("weight_g", 500);
            item.putObject("customs_value").put("amount", "8.50").put("currency", "USD");

            other.drop("C-agent.json", order);
            other.await("C-agent", "awaiting");

            assertThat(sandbox.items(booked("C-agent").get(0)).findValuesAsText("client_ref"))
                    .containsExactly("ALB-908");
            assertThat(sandbox.submits(booked("C-agent").get(0))).isEqualTo(1);
        }
    }

    /** One order, its goods once, submitted once. */
    private static void assertWhole(String id) {
        assertThat(booked(id)).hasSize(1);
        Booked order = booked(id).get(0);
        assertThat(sandbox.items(order).findValuesAsText("quantity")).as(id).containsExactly("2", "3");
        assertThat(sandbox.items(order).findValuesAsText("product_id")).doesNotHaveDuplicates();
        assertThat(sandbox.submits(order)).as(id).isEqualTo(1);
        assertThat(waybill.of("step", new OrderKey("default", id, 0)))
                .extracting(step -> step.get("state"))
                .containsOnly("done");
    }

    private static ObjectNode order(String id) {
        ObjectNode order = Orders.british(id);
        order.withArray("items").addObject().put("sku", "MUG-1").put("quantity", 3);
        return order;
    }

    private static List<Booked> booked(String reference) {
        return sandbox.booked().stream()
                .filter(one -> reference.equals(one.reference()))
                .toList();
    }

    private static List<String> history(String orderId) {
        return waybill.query("select what from history where order_id = ? order by seq", orderId).stream()
                .map(row -> (String) row.get("what"))
                .toList();
    }
}
