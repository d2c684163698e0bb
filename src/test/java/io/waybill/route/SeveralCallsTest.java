package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Pauses;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Account;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.HeldPort;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.RunningWaybill.Dead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A booking of several calls: whatever happens to one of them, each is made once, and the order exists once. */
class SeveralCallsTest {

    private static final String CREATE = "/Consignment";
    private static final String PRODUCT = "/Consignment-Product";
    private static final String SUBMIT = "/Batch-Update-Status";
    private static final String AT_ONCE = "/Post-Pending-Consignment-With-Products-Json";

    private static final String ACCOUNT = "waybill.account.";
    private static final Map<String, String> SERVICES = Map.of(
            "dpd", "5316", "hermes", "5300", "export", "5323", "letter", "5324", "direct", "5320", "agent", "5322");

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        RunningWaybill.Start start = RunningWaybill.on(temp.resolve("work"));
        SERVICES.forEach((word, id) -> List.of("default", "once")
                .forEach(account -> start.with(ACCOUNT + account + ".birdsystem.service." + word, id)));
        waybill = start.carriers(sandbox)
                .with("waybill.in-doubt.settle-seconds", "1")
                .with(ACCOUNT + "default.birdsystem.customs-property", "3")
                .with(ACCOUNT + "once.birdsystem.api-key", Account.BIRDSYSTEM_API_KEY)
                .with(ACCOUNT + "once.birdsystem.company-id", Account.BIRDSYSTEM_COMPANY_ID)
                .with(ACCOUNT + "once.birdsystem.one-shot", "agent_direct, local")
                .with(ACCOUNT + "once.birdsystem.customs-property-name", "GENERAL")
                // each test is about one order, and none about a carrier that is down
                .with("waybill.pause.after-calls", "0")
                .changed("mappings/birdsystem/carrier.yaml", "response-timeout: PT30S", "response-timeout: PT10S")
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

    /** All at once, since the slow ones take their time. */
    @Test
    void nothingIsDoneTwiceWhateverHappensToACall() {
        Map<String, Fault> faults = Map.of(
                "lost", Fault.at("birdsystem").instead(Reply.drop()),
                "drop", Fault.at("birdsystem").afterCommit(Reply.drop()),
                "no", Fault.at("birdsystem").instead(Reply.status(502, "<html>")),
                "but", Fault.at("birdsystem").afterCommit(Reply.status(500, "")),
                "slow", Fault.at("birdsystem").delay(Duration.ofMinutes(5)),
                "429", Fault.at("birdsystem").instead(Reply.status(429, "")));
        Map<String, UnaryOperator<Fault>> calls = Map.of(
                "create", fault -> fault.path(CREATE),
                "product-1", fault -> fault.path(PRODUCT),
                "product-2", fault -> fault.path(PRODUCT).calls(1, 1),
                "submit", fault -> fault.path(SUBMIT));

        calls.forEach((call, at) -> faults.forEach((name, fault) -> {
            String id = "C-" + call + "-" + name;
            sandbox.script(at.apply(fault.reference(id)));
            waybill.drop(id + ".json", order(id));
        }));

        calls.keySet().forEach(call -> faults.keySet().forEach(name -> {
            String id = "C-" + call + "-" + name;
            waybill.await(id, "awaiting");
            assertWhole(id);
            assertThat(history(id)).as(id).contains(name.equals("429") ? "waiting" : "in-doubt");
        }));
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
        Fault created = Fault.at("birdsystem").reference("C-doubt").path(CREATE);
        first.script(
                Fault.at("birdsystem").path(SUBMIT).instead(Reply.status(429, Map.of("Retry-After", "3600"), "")),
                created.calls(0, 1).afterCommit(Reply.drop()),
                created.calls(0, -1).instead(Reply.status(502, "")));
        try (RunningWaybill before =
                RunningWaybill.on(temp.resolve("gone")).carriers(first).start()) {
            before.drop("C-gone.json", order("C-gone"));
            before.await("C-gone", "waiting");
            before.drop("C-doubt.json", order("C-doubt"));
            before.await("C-doubt", "in-doubt");
        }
        String doubted = first.booked().stream()
                .filter(booked -> booked.reference().equals("C-doubt"))
                .map(Booked::carrierOrderId)
                .findFirst()
                .orElseThrow();
        first.close();

        // a new process has no open connection, so that it is refused; what was begun in several calls goes on in them
        try (RunningWaybill after = RunningWaybill.on(temp.resolve("gone"))
                .carriers(sandbox)
                .with(ACCOUNT + "default.birdsystem.one-shot", "local")
                .with("waybill.carrier.birdsystem.url", "http://127.0.0.1:" + port.number() + "/client")
                // a pause would be the reason after some attempts
                .with("waybill.pause.after-calls", "0")
                .start()) {
            Decisions decisions = after.engine().main().lookup("decisions", Decisions.class);
            Patience.await()
                    .ignoreExceptionsInstanceOf(IllegalStateException.class)
                    .until(() -> {
                        decisions.adopt(new OrderKey("default", "C-doubt", 0), doubted, "ann", "seen there");
                        return true;
                    });
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
                after.update(
                        "update orders set due_at = accepted_at where due_at is not null and order_id = 'C-doubt'");
                after.await("C-doubt", "awaiting");
                assertThat(back.booked()).hasSize(2).allSatisfy(booked -> {
                    assertThat(back.items(booked)).hasSize(2);
                    assertThat(back.submits(booked)).isEqualTo(1);
                });
            }
        }
        port.close();
    }

    @Test
    void aCallInDoubtWhoseCarrierIsPausedForTooLongIsAPersonsAndNoDeadLetter() {
        Pauses pauses = waybill.engine().ledger().pauses();
        sandbox.script(
                Fault.at("birdsystem").reference("C-old").path(SUBMIT).afterCommit(Reply.drop()),
                // all but the create
                Fault.at("birdsystem")
                        .reference("C-old")
                        .path(CREATE)
                        .calls(1, -1)
                        .instead(Reply.status(502, "")));
        waybill.drop("C-old.json", order("C-old"));
        waybill.await("C-old", "in-doubt");
        pauses.pauseByHand("birdsystem", "ann", "closed");
        try {
            Awaitility.await()
                    .atMost(RunningWaybill.PATIENCE)
                    .until(() -> waybill.update(
                                    "update orders set due_at = due_at - interval '2' day, accepted_at = accepted_at - interval '2' day"
                                            + " where order_id = 'C-old' and owner = 'paused/birdsystem'")
                            == 1);

            Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(
                            waybill.order(new OrderKey("default", "C-old", 0)))
                    .containsEntry("due_at", null)
                    .containsEntry("state", "in-doubt"));
        } finally {
            pauses.resumeByHand("birdsystem", "ann", "open again");
        }
    }

    @Test
    void agentOrdersAreBookedByTheirOwnPath() {
        waybill.drop("C-agent.json", agent("C-agent"));
        waybill.await("C-agent", "awaiting");

        assertThat(sandbox.items(booked("C-agent").get(0)).findValuesAsText("client_ref"))
                .containsExactly("ALB-908");
        assertThat(sandbox.submits(booked("C-agent").get(0))).isEqualTo(1);
        assertThat(waybill.shipment("default", "C-agent").get("label_state").asText())
                .isEqualTo("printed_by_warehouse");
    }

    @Test
    void whatADeliveryServiceAllowsIsAskedOnceAndKnownBeforeAnythingIsCreated() {
        waybill.drop("S-first.json", order("S-first").put("service", "dpd").put("carrier", "birdsystem"));
        waybill.await("S-first", "awaiting");
        int calls = sandbox.calls("birdsystem");
        ObjectNode long36 = order("S-long").put("service", "dpd").put("carrier", "birdsystem");
        long36.withObjectProperty("recipient").put("name", "N".repeat(36)).put("phone", "123456");
        ObjectNode gone = order("S-gone").put("service", "hermes").put("carrier", "birdsystem");
        ObjectNode unpriced = order("S-customs").put("service", "export").put("carrier", "birdsystem");
        unpriced.remove("sales_price");

        waybill.drop("S-long.json", long36);
        Dead dead = waybill.awaitDead("S-long", "unmappable");
        waybill.drop("S-gone.json", gone);
        waybill.awaitDead("S-gone", "unmappable");
        waybill.drop("S-customs.json", unpriced);
        waybill.awaitDead("S-customs", "unmappable");

        assertThat(dead.reason().get("faults").findValuesAsText("message"))
                .containsExactly(
                        "recipient.name has 36 characters, at most 35 are allowed by its delivery service (birdsystem field"
                                + " 'contact')",
                        "recipient.phone must match ^.{7,32}$, as its delivery service demands (birdsystem field"
                                + " 'telephone')");
        assertThat(dead.next()).endsWith("nothing was booked");
        assertThat(sandbox.booked())
                .extracting(Booked::reference)
                .contains("S-first")
                .doesNotContain("S-long", "S-gone", "S-customs");
        // of each only its two SKUs were asked for
        assertThat(sandbox.calls("birdsystem") - calls).isEqualTo(6);
    }

    @Test
    void withoutTheListOfDeliveryServicesAnOrderIsBookedAndSaysSo() {
        Fault list = Fault.at("birdsystem").path("/delivery-service");
        sandbox.script(
                list.calls(0, 1).instead(Reply.status(429, "")),
                // what the first one answers the second does not count
                list.calls(0, 1).instead(Reply.status(200, "{\"success\":true,\"data\":[]}")));

        waybill.drop("S-direct.json", direct("S-direct"));
        waybill.await("S-direct", "awaiting");
        waybill.drop("S-again.json", direct("S-again"));
        waybill.await("S-again", "awaiting");
        waybill.drop("once/S-other.json", direct("S-other"));
        waybill.await(new OrderKey("once", "S-other", 0), "awaiting");

        String warning = "birdsystem gave no list of its delivery services, so the order was not checked against it";
        assertThat(history("S-direct")).contains("waiting");
        assertThat(waybill.shipment("default", "S-direct").get("warnings").toString())
                .contains(warning);
        // nobody asks again for a while
        assertThat(waybill.shipment("default", "S-again").get("warnings").toString())
                .contains(warning);
        assertThat(waybill.shipment("once", "S-other").get("warnings").toString())
                .doesNotContain(warning);
    }

    @Test
    void aDeliveryServiceThatTellsNoNumberLeavesNobodyWaitingForOne() {
        waybill.drop("S-letter.json", order("S-letter").put("service", "letter").put("carrier", "birdsystem"));
        waybill.await("S-letter", "completed");

        assertThat(waybill.shipment("default", "S-letter").get("warnings").toString())
                .contains("birdsystem tells no tracking number for this delivery service");
    }

    @Test
    void anOrderInOneCallIsBookedOnceWithItsLabelWhateverHappens() throws IOException {
        sandbox.script(
                Fault.at("birdsystem")
                        .reference("O-drop")
                        .path(AT_ONCE)
                        .calls(0, 1)
                        .afterCommit(Reply.drop()),
                Fault.at("birdsystem")
                        .reference("O-lost")
                        .path(AT_ONCE)
                        .calls(0, 1)
                        .instead(Reply.drop()),
                Fault.at("birdsystem").reference("O-bare").path(AT_ONCE).afterCommit(Reply.without("label")));
        for (String id : List.of("O-plain", "O-drop", "O-lost", "O-bare")) {
            waybill.drop("once/" + id + ".json", agent(id));
        }
        ObjectNode local = order("O-local");
        local.withArray("items").forEach(item -> ((ObjectNode) item)
                .putObject("unit_price")
                .put("amount", "9.90")
                .put("currency", "USD"));
        waybill.drop("once/O-local.json", local);

        waybill.await(new OrderKey("once", "O-plain", 0), "completed");
        waybill.await(new OrderKey("once", "O-lost", 0), "completed");
        waybill.await(new OrderKey("once", "O-drop", 0), "awaiting");
        waybill.await(new OrderKey("once", "O-bare", 0), "awaiting");
        waybill.await(new OrderKey("once", "O-local", 0), "awaiting");

        JsonNode shipment = waybill.shipment("once", "O-plain");
        assertThat(shipment.get("status").asText()).isEqualTo("handed_over");
        assertThat(shipment.get("tracking_number").asText()).startsWith("SBX");
        assertThat(shipment.get("label_state").asText()).isEqualTo("stored");
        assertThat(Files.readString(Path.of(shipment.at("/label/path").asText())))
                .startsWith("%PDF-");
        assertThat(shipment.has("raw")).isFalse();
        assertThat(waybill.query("select result from step where order_id = 'O-plain' and step = 'book'"))
                .allMatch(step -> step.get("result").toString().contains("\"finish_time\""));
        assertThat(history("O-plain")).containsExactly("accepted", "book-sent", "booked", "completed");
        assertThat(waybill.shipment("once", "O-lost").get("label_state").asText())
                .isEqualTo("stored");
        // the label of a lost answer is not told again
        assertThat(waybill.shipment("once", "O-drop").get("label_state").asText())
                .isEqualTo("awaited");
        assertThat(waybill.shipment("once", "O-bare").get("label_state").asText())
                .isEqualTo("awaited");
        for (String id : List.of("O-plain", "O-drop", "O-lost", "O-bare", "O-local")) {
            assertThat(booked(id)).as(id).hasSize(1);
            assertThat(sandbox.submits(booked(id).get(0))).as(id).isEqualTo(1);
        }
        assertThat(sandbox.items(booked("O-local").get(0)).findValuesAsText("quantity"))
                .containsExactly("2", "3");
        assertThat(waybill.shipment("once", "O-local").get("label_state").asText())
                .isEqualTo("printed_by_warehouse");
    }

    private static ObjectNode agent(String id) {
        ObjectNode order = Orders.british(id);
        order.put("carrier", "birdsystem").put("service", "agent").put("order_type", "agent_direct");
        ObjectNode item = (ObjectNode) order.get("items").get(0);
        item.put("name", "tea").put("weight_g", 500);
        item.putObject("customs_value").put("amount", "8.50").put("currency", "USD");
        return order;
    }

    private static ObjectNode direct(String id) {
        return order(id).put("carrier", "birdsystem").put("service", "direct").put("order_type", "direct");
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
