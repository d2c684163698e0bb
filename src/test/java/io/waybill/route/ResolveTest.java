package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A booking whose answer is not known is found out about in the carrier's own way, and exists once in the end. */
class ResolveTest {

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
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void kdniaoIsSentTheSameBytesAgainAndAnswersWithTheFirstWaybill() {
        sandbox.script(Fault.at("kdniao").reference("R-1").calls(0, 1).afterCommit(Reply.drop()));

        waybill.drop("R-1.json", Orders.chinese("R-1"));
        waybill.await("R-1", "completed");

        assertThat(waybill.shipment("default", "R-1").get("tracking_number").asText())
                .isEqualTo(onlyBooking("R-1").trackingNumber());
        assertThat(waybill.shipment("default", "R-1").get("label_state").asText())
                .isEqualTo("stored");
        assertThat(history("R-1"))
                .containsSubsequence("book-sent", "in-doubt", "taken", "book-sent", "booked", "completed");
        assertThat(waybill.of("step", key("R-1")))
                .filteredOn(step -> step.get("step").equals("book"))
                .singleElement()
                .satisfies(step -> assertThat(step).containsEntry("attempt", 2));
    }

    @Test
    void kdniaoBooksOnTheSecondCallIfTheFirstNeverArrived() {
        sandbox.script(Fault.at("kdniao").reference("R-2").calls(0, 1).instead(Reply.drop()));

        waybill.drop("R-2.json", Orders.chinese("R-2"));
        waybill.await("R-2", "completed");

        onlyBooking("R-2");
    }

    @Test
    void birdsystemIsLookedUpAndItsOrderAdopted() {
        sandbox.script(Fault.at("birdsystem").reference("R-3").calls(0, 1).afterCommit(Reply.drop()));

        waybill.drop("R-3.json", Orders.british("R-3"));
        waybill.await("R-3", "awaiting");

        assertThat(waybill.shipment("default", "R-3").get("carrier_order_id").asText())
                .isEqualTo(onlyBooking("R-3").carrierOrderId());
        assertThat(history("R-3")).containsOnlyOnce("book-sent").contains("in-doubt", "booked");
    }

    @Test
    void birdsystemIsBookedAgainOnlyAfterItSurelyHasNoSuchOrder() {
        sandbox.script(Fault.at("birdsystem").reference("R-4").calls(0, 1).instead(Reply.drop()));

        waybill.drop("R-4.json", Orders.british("R-4"));
        waybill.await("R-4", "awaiting");

        onlyBooking("R-4");
        assertThat(history("R-4")).containsSubsequence("book-sent", "in-doubt", "book-sent", "booked");
    }

    @Test
    void aDoubtThatNoLookUpEndsIsAPersonsWhenTheOrderIsTooOld() {
        Fault faults = Fault.at("birdsystem").reference("R-old").path("/consignment");
        sandbox.script(
                faults.calls(0, 1).afterCommit(Reply.drop()),
                faults.calls(0, -1).instead(Reply.status(500, "{\"success\":false,\"message\":\"busy\"}")));
        waybill.drop("R-old.json", Orders.british("R-old"));
        awaitDoubts("R-old", 2);

        Patience.await().until(() -> {
            waybill.update("update orders set accepted_at = accepted_at - interval '2' day where order_id = 'R-old'");
            return waybill.order(key("R-old")).get("due_at") == null;
        });

        assertThat(waybill.order(key("R-old")))
                .containsEntry("state", "in-doubt")
                .containsEntry("owner", null);
        assertThat(waybill.of("dead_letter", key("R-old"))).isEmpty();
        onlyBooking("R-old");
    }

    @Test
    void birdsystemsCancelledOrderIsNotAdoptedAndNotBookedAgain() throws Exception {
        sandbox.script(Fault.at("birdsystem")
                .reference("R-5")
                .path("/consignment")
                .calls(0, 1)
                .afterCommit(Reply.drop()));
        sandbox.script(Fault.at("birdsystem")
                .reference("R-5")
                .path("/consignment")
                .calls(0, -1)
                .instead(Reply.status(503, "")));
        waybill.drop("R-5.json", Orders.british("R-5"));
        awaitDoubts("R-5", 2);
        cancel("R-5");
        sandbox.clearScripts();

        // the first look-up after that may have been on its way before
        awaitDoubts("R-5", doubts("R-5") + 2);

        assertThat(sandbox.booked())
                .filteredOn(b -> b.reference().equals("R-5"))
                .hasSize(1);
        assertThat(waybill.order(key("R-5"))).containsEntry("state", "in-doubt");
    }

    @Test
    void whatAPersonDidToAnOrderThatIsFoundIsNotDoneAgain() throws Exception {
        sandbox.script(
                Fault.at("birdsystem")
                        .reference("R-8")
                        .path("/consignment")
                        .calls(0, 1)
                        .afterCommit(Reply.drop()),
                Fault.at("birdsystem")
                        .reference("R-8")
                        .path("/consignment")
                        .calls(0, -1)
                        .instead(Reply.status(503, "")));
        waybill.drop("R-8.json", Orders.british("R-8"));
        awaitDoubts("R-8", 1);
        Booked booked = onlyBooking("R-8");
        String product = Orders.json(portal("Product?client_ref=ALB-908", null))
                .at("/data/0/id")
                .asText();
        portal(
                "Consignment-Product",
                "{\"consignment_id\":\"" + booked.carrierOrderId() + "\",\"product_id\":\"" + product
                        + "\",\"quantity\":\"2\"}");
        portal(
                "Consignment/Batch-Update-Status",
                "{\"ids\":\"" + booked.carrierOrderId() + "\",\"status\":\"PENDING\"}");
        sandbox.clearScripts();

        waybill.await("R-8", "awaiting");
        assertThat(sandbox.items(onlyBooking("R-8")).findValuesAsText("quantity"))
                .containsExactly("2");
        assertThat(sandbox.submits(onlyBooking("R-8"))).isEqualTo(1);
    }

    @Test
    void aCarrierThatIsAskedAboutADoubtIsAskedAgainWhenItSays() {
        sandbox.script(
                Fault.at("birdsystem")
                        .reference("R-9")
                        .path("/consignment")
                        .calls(0, 1)
                        .afterCommit(Reply.drop()),
                Fault.at("birdsystem")
                        .reference("R-9")
                        .path("/consignment")
                        .calls(0, 1)
                        .instead(Reply.status(429, Map.of("Retry-After", "3600"), "")));
        waybill.drop("R-9.json", Orders.british("R-9"));

        awaitDoubts("R-9", 2);
        OffsetDateTime due = (OffsetDateTime) waybill.await("R-9", "in-doubt").get("due_at");
        assertThat(due.toInstant()).isAfter(Instant.now().plus(Duration.ofMinutes(50)));
        waybill.update("update orders set due_at = accepted_at where order_id = 'R-9'");
        waybill.await("R-9", "awaiting");
        onlyBooking("R-9");
    }

    @Test
    void aTariffThatCannotBeReadStopsTheStartBeforeAnythingIsBooked() {
        RunningWaybill.Start start = RunningWaybill.on(temp.resolve("tariff"))
                .carriers(sandbox)
                .with("waybill.account.default.kdniao.tariff.yto", "4,50 CNY");

        assertThatThrownBy(start::start)
                .hasMessage("setting 'waybill.account.default.kdniao.tariff.yto': tariff '4,50 CNY': expected"
                        + " '<amount> <currency> for <grams> g, then <amount> for each <grams> g'");
    }

    @Test
    void mabangWaitsForAPersonAndIsNeverSentAgain() {
        sandbox.script(Fault.at("mabang").reference("R-6").calls(0, 1).afterCommit(Reply.drop()));

        waybill.drop("R-6.json", Orders.malaysian("R-6"));
        Map<String, Object> order = waybill.await("R-6", "in-doubt");

        assertThat(order.get("due_at")).isNull();
        onlyBooking("R-6");
        assertThat(history("R-6")).containsOnlyOnce("book-sent");
    }

    @Test
    void whileThePastIsUnknownARefusedConnectionSaysNothingAboutIt() {
        sandbox.script(
                Fault.at("kdniao").reference("R-7").calls(0, 1).afterCommit(Reply.drop()),
                Fault.at("kdniao").reference("R-7").calls(0, 1).instead(Reply.status(429, "")));

        waybill.drop("R-7.json", Orders.chinese("R-7"));
        waybill.await("R-7", "completed");

        onlyBooking("R-7");
        assertThat(history("R-7")).doesNotContain("waiting");
    }

    private static void awaitDoubts(String orderId, long times) {
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> doubts(orderId) >= times);
    }

    private static long doubts(String orderId) {
        return history(orderId).stream().filter("in-doubt"::equals).count();
    }

    private static Booked onlyBooking(String reference) {
        List<Booked> booked = sandbox.booked().stream()
                .filter(one -> one.reference().equals(reference))
                .toList();
        assertThat(booked).hasSize(1);
        return booked.get(0);
    }

    private static List<String> history(String orderId) {
        return waybill.query("select what from history where order_id = ? order by seq", orderId).stream()
                .map(row -> (String) row.get("what"))
                .toList();
    }

    private static OrderKey key(String orderId) {
        return new OrderKey("default", orderId, 0);
    }

    private static void cancel(String reference) throws Exception {
        portal(
                "Consignment/Batch-Update-Status",
                "{\"custom_identity_references\":\"" + reference + "\",\"status\":\"CANCELLED\"}");
    }

    /** What a person does at the carrier; a document makes it a POST. */
    private static String portal(String path, String document) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(sandbox.uri().resolve("/client/" + path))
                .header("api_key", "sandbox-api-key")
                .header("company_id", "2");
        if (document != null) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(document));
        }
        String answer = HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(answer).contains("\"success\":true");
        return answer;
    }
}
