package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Pauses;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against a running engine: through its management port, with its password. */
class ResolveCommandTest {

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp)
                .carriers(sandbox)
                .managed()
                .with("waybill.carrier.birdsystem.in-doubt", "operator")
                .with("waybill.account.default.birdsystem.service.agent", "5322")
                .with("waybill.account.default.birdsystem.customs-property", "3")
                .with("waybill.account.default.mabang.tariff.standard", "38.00 PHP for 500 g")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void anAdoptedOrderHasTheCarriersIdAndItsReasonStays() {
        doubtful("A-1");

        assertThat(resolve("--list").lines()).anyMatch(line -> line.startsWith("A-1\tdefault\t0\tmabang\t"));
        assertThat(resolve("A-1", "--adopt", "MB-77", "--reason", "seen in the portal"))
                .isEqualTo("order default:A-1: adopt accepted\n");
        waybill.await("A-1", "awaiting");

        assertThat(waybill.shipment("default", "A-1").get("carrier_order_id").asText())
                .isEqualTo("MB-77");
        assertThat(waybill.of("charge", key("A-1"))).hasSize(1);
        assertThat(waybill.query("select detail from history where order_id = 'A-1' and what = 'resolved'"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("detail").toString())
                        .contains("\"decision\":\"adopt\"", "seen in the portal"));
        assertThat(bookings("A-1")).isEqualTo(1);
    }

    @Test
    void aRebookedOrderIsSentOnceMore() {
        sandbox.script(Fault.at("mabang").reference("A-2").calls(0, 1).instead(Reply.drop()));
        waybill.drop("A-2.json", Orders.malaysian("A-2"));
        waybill.await("A-2", "in-doubt");

        resolve("A-2", "--rebook", "--reason", "the carrier has no such order");
        waybill.await("A-2", "completed");

        assertThat(bookings("A-2")).isEqualTo(1);
    }

    @Test
    void anAbandonedOrderIsADeadLetter() {
        doubtful("A-3");

        resolve("A-3", "--abandon", "--reason", "the customer cancelled");

        assertThat(waybill.awaitDead("A-3", "abandoned").message()).isEqualTo("abandoned while in doubt at mabang");
    }

    @Test
    void anAbandonedOrderIsInDoubtAgainWhenItIsReplayed() {
        doubtful("A-5");
        resolve("A-5", "--abandon", "--reason", "the customer cancelled");
        waybill.awaitDead("A-5", "abandoned");

        assertThat(Spoken.by(temp, waybill, "replay", "A-5", "--reason", "wanted after all")
                        .code())
                .isZero();
        waybill.await("A-5", "in-doubt");

        assertThat(bookings("A-5")).isEqualTo(1);
        assertThat(waybill.query("select attempt from step where order_id = 'A-5' and step = 'book'"))
                .containsExactly(Map.of("attempt", 1));
    }

    @Test
    void anAdoptedOrderIsFinishedAtItsCarrier() {
        sandbox.script(Fault.at("birdsystem").reference("C-5").calls(0, 1).afterCommit(Reply.drop()));
        waybill.drop("C-5.json", Orders.british("C-5"));
        waybill.await("C-5", "in-doubt");

        resolve("C-5", "--adopt", booked("C-5").carrierOrderId(), "--reason", "seen in the portal");
        waybill.await("C-5", "awaiting");

        assertWhole("C-5");
        assertThat(waybill.shipment("default", "C-5").get("status").asText()).isEqualTo("submitted");
    }

    @Test
    void anAdoptedOrderIsNotFinishedWhileItsCarrierIsPausedByHand() {
        sandbox.script(Fault.at("birdsystem").reference("C-9").calls(0, 1).afterCommit(Reply.drop()));
        waybill.drop("C-9.json", Orders.british("C-9"));
        waybill.await("C-9", "in-doubt");
        // it was accepted so long ago that it would not wait any more
        accepted("C-9", "3");
        Pauses pauses = waybill.engine().ledger().pauses();
        pauses.pauseByHand("birdsystem", "ann", "stock-taking");

        try {
            assertThat(resolve("C-9", "--adopt", booked("C-9").carrierOrderId(), "--reason", "seen in the portal"))
                    .isEqualTo("order default:C-9: adopt accepted; what is left of its booking waits, since "
                            + pauses.state("birdsystem").words() + "\n");
            assertThat(waybill.order(key("C-9")))
                    .containsEntry("state", "waiting")
                    .containsEntry("owner", "paused/birdsystem");
            waybill.drop("C-10.json", Orders.british("C-10"));
            Patience.await().untilAsserted(() -> assertThat(waybill.query(
                            "select order_id from orders where owner = 'paused/birdsystem' order by order_id"))
                    .containsExactly(Map.of("order_id", "C-10"), Map.of("order_id", "C-9")));
            assertThat(sandbox.items(booked("C-9"))).isEmpty();
            assertThat(sandbox.submits(booked("C-9"))).isZero();
        } finally {
            pauses.resumeByHand("birdsystem", "ann", "done");
        }

        waybill.await("C-9", "awaiting");
        waybill.await("C-10", "awaiting");
        assertWhole("C-9");
    }

    @Test
    void anOldOrderThatIsBookedAgainWaitsForItsPausedCarrier() {
        sandbox.script(Fault.at("mabang").reference("A-6").calls(0, 1).instead(Reply.drop()));
        waybill.drop("A-6.json", Orders.malaysian("A-6"));
        waybill.await("A-6", "in-doubt");
        accepted("A-6", "3");
        Pauses pauses = waybill.engine().ledger().pauses();
        pauses.pauseByHand("mabang", "ann", "stock-taking");

        try {
            assertThat(resolve("A-6", "--rebook", "--reason", "the carrier has no such order"))
                    .isEqualTo("order default:A-6: rebook accepted; it waits, since "
                            + pauses.state("mabang").words() + "\n");
            Patience.await().untilAsserted(() -> assertThat(waybill.order(key("A-6")))
                    .containsEntry("state", "waiting")
                    .containsEntry("owner", "paused/mabang"));
        } finally {
            pauses.resumeByHand("mabang", "ann", "done");
        }

        waybill.await("A-6", "completed");
        assertThat(bookings("A-6")).isEqualTo(1);
    }

    /** Its carrier puts it off, or is not reached, right after the decision. */
    @Test
    void anOldOrderThatAPersonDecidedAboutIsTriedAgain() {
        for (String[] each : new String[][] {{"C-11", "--rebook", "lost"}, {"C-12", "--adopt", "drop"}}) {
            Fault fault = Fault.at("birdsystem")
                    .reference(each[0])
                    .path("/Consignment")
                    .calls(0, 1);
            sandbox.script(each[2].equals("lost") ? fault.instead(Reply.drop()) : fault.afterCommit(Reply.drop()));
            waybill.drop(each[0] + ".json", Orders.british(each[0]));
            waybill.await(each[0], "in-doubt");
            accepted(each[0], "3");
        }
        sandbox.script(Fault.at("birdsystem").calls(0, 2).instead(Reply.status(429, "")));

        resolve("C-12", "--adopt", booked("C-12").carrierOrderId(), "--reason", "seen in the portal");
        resolve("C-11", "--rebook", "--reason", "the portal has no such order");

        for (String id : List.of("C-11", "C-12")) {
            waybill.await(id, "awaiting");
            assertThat(waybill.query(
                            "select 1 from history where detail like '%throttled%' and order_id = '" + id + "'"))
                    .as(id)
                    .isNotEmpty();
            assertWhole(id);
        }
    }

    private static void accepted(String id, String days) {
        waybill.update("update orders set accepted_at = accepted_at - interval '" + days + "' day where order_id = '"
                + id + "'");
    }

    @Test
    void whatAPersonDidAtTheCarrierMeanwhileIsNotDoneAgain() throws Exception {
        sandbox.script(Fault.at("birdsystem").reference("C-6").calls(0, 1).afterCommit(Reply.drop()));
        waybill.drop("C-6.json", Orders.british("C-6"));
        waybill.await("C-6", "in-doubt");
        String id = booked("C-6").carrierOrderId();
        String product = new ObjectMapper()
                .readTree(portal("Product?client_ref=ALB-908", null))
                .at("/data/0/id")
                .asText();
        portal("Consignment-Product", "consignment_id=" + id + "&quantity=2&product_id=" + product);
        portal("Consignment/Batch-Update-Status", "status=PENDING&ids=" + id);

        resolve("C-6", "--adopt", id, "--reason", "finished in the portal");
        waybill.await("C-6", "awaiting");

        assertWhole("C-6");
    }

    @Test
    void aDecisionIsAboutTheCallInDoubt() {
        for (String[] each : new String[][] {{"C-7", "--adopt", "drop"}, {"C-8", "--rebook", "lost"}}) {
            Fault fault = Fault.at("birdsystem").reference(each[0]).path("/Agent-Direct-Consignment-Product/");
            sandbox.script(each[2].equals("lost") ? fault.instead(Reply.drop()) : fault.afterCommit(Reply.drop()));
            waybill.drop(each[0] + ".json", agentOrder(each[0]));
            waybill.await(each[0], "in-doubt");
            assertThat(resolve("--list").lines())
                    .anyMatch(line -> line.startsWith(each[0] + "\t") && line.endsWith("\tagent-product-1"));
        }

        String line = sandbox.items(booked("C-7")).at("/0/id").asText();
        resolve("C-7", "--adopt", line, "--reason", "seen in the portal");
        resolve("C-8", "--rebook", "--reason", "the portal shows no goods");

        for (String id : List.of("C-7", "C-8")) {
            waybill.await(id, "awaiting");
            assertWhole(id);
        }
    }

    @Test
    void aCancellationInDoubtIsListedUntilAPersonSaysWhatTheCarrierTold() {
        for (String id : List.of("V-1", "V-2")) {
            sandbox.script(Fault.at("kdniao").reference(id).calls(1, 1).afterCommit(Reply.drop()));
            waybill.drop(id + ".json", Orders.chinese(id));
            waybill.await(id, "completed");
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> cancel(id)
                    .equals(new Spoken(
                            "order default:" + id
                                    + ": kdniao is asked to cancel it; 'waybill trace' shows what it answers\n",
                            0)));
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> resolve("--list")
                    .lines()
                    .anyMatch(line -> line.startsWith(id + "\tdefault\t0\tkdniao\t") && line.endsWith("\tcancel")));
        }

        assertThat(resolve("V-1", "--rebook", "--reason", "x"))
                .isEqualTo(
                        "waybill: order default:V-1: it is not in doubt but completed; its cancellation is in doubt, which"
                                + " 'waybill cancel' ends with --confirmed or --refused\n");
        assertThat(cancel("V-1").code()).isEqualTo(1);
        assertThat(cancel("V-1", "--confirmed"))
                .isEqualTo(new Spoken("order default:V-1: its cancellation was confirmed\n", 0));
        assertThat(cancel("V-2", "--refused"))
                .isEqualTo(new Spoken("order default:V-2: its cancellation was refused, it stays completed\n", 0));

        assertThat(resolve("--list")).doesNotContain("V-1\t", "V-2\t");
        waybill.await("V-1", "cancelled");
        assertThat(waybill.query("select detail from history where what = 'cancel-decided' order by order_id"))
                .extracting(row -> row.get("detail").toString())
                .satisfiesExactly(
                        first -> assertThat(first).contains("\"decision\":\"confirmed\"", "\"reason\":\"told so\""),
                        second -> assertThat(second).contains("\"decision\":\"refused\"", "\"by\":"));
    }

    private static Spoken cancel(String id, String... more) {
        List<String> all = new ArrayList<>(List.of("cancel", id, "--reason", "told so"));
        all.addAll(Arrays.asList(more));
        return Spoken.by(temp, waybill, all.toArray(String[]::new));
    }

    @Test
    void whatCannotBeDecidedIsSaid() {
        doubtful("A-4");

        assertThat(resolve("A-4", "--rebook")).startsWith("an ORDER and a --reason are needed to decide\n");
        assertThat(resolve("A-4", "--rebook", "--reason", " "))
                .isEqualTo("waybill: order default:A-4: a reason is needed; it stays in the history\n");
        assertThat(resolve("nobody", "--rebook", "--reason", "x"))
                .isEqualTo("waybill: order default:nobody: nobody knows it\n");
        assertThat(waybill.order(key("A-4"))).containsEntry("state", "in-doubt");
    }

    private static void doubtful(String id) {
        sandbox.script(Fault.at("mabang").reference(id).calls(0, 1).afterCommit(Reply.drop()));
        waybill.drop(id + ".json", Orders.malaysian(id));
        waybill.await(id, "in-doubt");
    }

    private static ObjectNode agentOrder(String id) {
        ObjectNode order = Orders.british(id);
        order.put("carrier", "birdsystem").put("service", "agent").put("order_type", "agent_direct");
        ObjectNode item = (ObjectNode) order.get("items").get(0);
        item.put("name", "tea").put("weight_g", 500);
        item.putObject("customs_value").put("amount", "8.50").put("currency", "USD");
        return order;
    }

    private static Booked booked(String reference) {
        assertThat(bookings(reference)).isEqualTo(1);
        return sandbox.booked().stream()
                .filter(booked -> booked.reference().equals(reference))
                .findFirst()
                .orElseThrow();
    }

    /** One line of goods, submitted once. */
    private static void assertWhole(String reference) {
        assertThat(sandbox.items(booked(reference)).findValuesAsText("quantity"))
                .as(reference)
                .containsExactly("2");
        assertThat(sandbox.submits(booked(reference))).as(reference).isEqualTo(1);
    }

    /** What a person does at the carrier; a form makes it a POST. */
    private static String portal(String path, String form) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(sandbox.uri().resolve("/client/" + path))
                .header("api_key", "sandbox-api-key")
                .header("company_id", "2");
        if (form != null) {
            request.header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form));
        }
        String answer = HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(answer).contains("\"success\":true");
        return answer;
    }

    private static long bookings(String reference) {
        return sandbox.booked().stream()
                .filter(booked -> booked.reference().equals(reference))
                .count();
    }

    private static OrderKey key(String orderId) {
        return new OrderKey("default", orderId, 0);
    }

    /** What the command says, on either stream. */
    private static String resolve(String... arguments) {
        List<String> all = new ArrayList<>(List.of("resolve"));
        all.addAll(Arrays.asList(arguments));
        return Spoken.by(temp, waybill, all.toArray(String[]::new)).said();
    }
}
