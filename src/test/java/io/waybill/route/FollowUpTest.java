package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Audit;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.management.MBeanException;
import javax.management.ObjectName;
import org.apache.camel.spi.RouteController;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to an order after its booking: real routes, the real folder of BirdSystem with short waits, real HTTP. */
class FollowUpTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FACTS = "mappings/birdsystem/carrier.yaml";
    private static final String PICKUPS = "mappings/kdniao/carrier.yaml";
    private static final String REPEATED = "/OOrderService";
    private static final String UPDATE = "/Batch-Update-Status";

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
                .with("waybill.account.default.birdsystem.currency", "GBP")
                // each test is about one order, and none about a carrier that is down
                .with("waybill.pause.after-calls", "0")
                .changed(
                        PICKUPS,
                        "{way: lookup, by: cancel-lookup, source: K6; inferred}",
                        "{way: repost, source: of this test}")
                .changed(FACTS, "first: PT30M", "first: PT1S")
                .changed(FACTS, "first: PT2H", "first: PT1S")
                .changed(FACTS, "longest: PT12H", "longest: PT1S")
                .changed(FACTS, "longest: P1D", "longest: PT1S")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void anOrderIsFollowedFromItsBookingToItsDoor() {
        awaiting("F-1");
        work("F-1", "status", "PROCESSING");
        awaitShipment("F-1", "status", "processing");
        awaitRows("charge", "F-1", 2);
        assertThat(waybill.order(key("F-1"))).containsEntry("state", "awaiting");

        work("F-1", "status", "FINISHED", "delivery_fee", "4.20");
        waybill.await("F-1", "completed");
        awaitRows("charge", "F-1", 4);
        work("F-1", "note", "Departed from the depot", "at", "2098-01-01T08:00:00Z");
        awaitShipment("F-1", "status", "in_transit");
        work("F-1", "note", "Arrived at the depot", "at", "2098-01-01T07:00:00Z");
        work("F-1", "note", "Delivered to a neighbour", "at", "2098-01-02T10:00:00Z");
        awaitEnd("F-1");

        JsonNode shipment = waybill.shipment("default", "F-1");
        assertThat(shipment.get("status").asText()).isEqualTo("delivered");
        assertThat(shipment.get("tracking_number").asText())
                .isEqualTo("SBX" + booked("F-1").carrierOrderId());
        assertThat(shipment.get("charges").findValuesAsText("amount")).containsExactly("4.20", "0.70");
        assertThat(shipment.get("charges").findValues("final")).allMatch(JsonNode::asBoolean);
        assertThat(shipment)
                .isEqualTo(Orders.json((String) waybill.order(key("F-1")).get("shipment")));
        assertThat(sums("F-1"))
                .isEqualTo(Map.of("freight", new BigDecimal("4.2000"), "handling", new BigDecimal("0.7000")));
        assertThat(waybill.of("charge", key("F-1")))
                .extracting(row -> row.get("source"))
                .contains("birdsystem total_delivery_fee", "birdsystem fees, correction 1: 3.90 is now 4.20");
        assertThat(waybill.query("select text from tracking_event where order_id = 'F-1' order by at desc"))
                .extracting(row -> row.get("text"))
                .startsWith("Delivered to a neighbour", "Departed from the depot", "Arrived at the depot");
        assertThat(waybill.of("follow_up", key("F-1")))
                .extracting(row -> row.get("operation") + " " + row.get("state"))
                .containsExactlyInAnyOrder("track ended", "fees ended", "events ended");
        assertThat(history("F-1")).startsWith("accepted").contains("awaiting", "track", "fees", "events");
        assertThat(new Audit(waybill.engine().ledger().queries()).broken(key("F-1")))
                .isEmpty();
        assertThat(booked("F-1").state()).isEqualTo("FINISHED");
    }

    @Test
    void anOrderThatEveryProcessDiesWithIsShippedAllTheSameAndAskedAboutNoMore() {
        awaiting("F-P");

        waybill.update("update orders set lives = 5 where order_id = 'F-P'");

        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> history("F-P")
                .contains("follow-ups-given-up"));
        assertThat(waybill.of("follow_up", key("F-P")))
                .extracting(row -> row.get("operation") + " " + row.get("state") + " " + row.get("due_at"))
                .containsExactlyInAnyOrder("track given-up null", "fees given-up null");
        assertThat(waybill.order(key("F-P"))).containsEntry("state", "awaiting").containsEntry("due_at", null);
        assertThat(waybill.of("dead_letter", key("F-P"))).isEmpty();
        assertThat(booked("F-P").state()).isEqualTo("PENDING");
        assertThat(new Audit(waybill.engine().ledger().queries()).broken(key("F-P")))
                .isEmpty();
    }

    @Test
    void anOrderWhoseCarrierHasNoFolderAnyMoreHoldsNoHand() {
        sandbox.script(Fault.at("mabang").reference("F-D").afterCommit(Reply.drop()));
        waybill.drop("F-D.json", Orders.malaysian("F-D"));
        waybill.await("F-D", "in-doubt");
        awaiting("F-G");

        for (String id : List.of("F-D", "F-G")) {
            Patience.await()
                    .until(() -> waybill.update("update orders set carrier = 'gone', due_at = current_timestamp where"
                                    + " order_id = '" + id + "' and (owner is null or owner not like '%#%')")
                            == 1);
        }

        Instant later = Instant.now().plus(Duration.ofHours(1));
        Patience.await()
                .untilAsserted(() -> assertThat(waybill.order(key("F-G")).get("due_at"))
                        .isInstanceOfSatisfying(OffsetDateTime.class, due -> assertThat(due.toInstant())
                                .isAfter(later)));
        awaitEnd("F-D");
        assertThat(waybill.order(key("F-G"))).containsEntry("state", "awaiting").containsEntry("owner", "follow-up");
        assertThat(waybill.order(key("F-D"))).containsEntry("state", "in-doubt");
    }

    @Test
    void whatBringsNothingLeavesNothing() {
        awaiting("F-2");
        work("F-2", "status", "WAIT_PICKING");
        awaitShipment("F-2", "status", "processing");
        List<String> before = history("F-2");
        String answer = RunningWaybill.text(waybill.outbox().resolve("default/F-2.json"));

        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> attempts("F-2", "track") >= 2);

        assertThat(history("F-2")).isEqualTo(before);
        assertThat(waybill.outbox().resolve("default/F-2.json")).hasContent(answer);
        assertThat(waybill.order(key("F-2"))).containsEntry("state", "awaiting");
        assertThat(new Audit(waybill.engine().ledger().queries()).broken(key("F-2")))
                .isEmpty();
    }

    @Test
    void aQuestionThatFailsIsAskedAgainAndHarmsNothing() {
        awaiting("F-3");
        work("F-3", "status", "PENDING");
        Fault ask = Fault.at("birdsystem").reference("F-3").path("/consignment");
        sandbox.script(
                ask.calls(0, 2).instead(Reply.drop()),
                ask.calls(2, 2).instead(Reply.status(503, "")),
                ask.calls(4, 2).instead(Reply.status(429, "")),
                ask.calls(6, 2).instead(Reply.status(200, "{\"success\": true, \"data\": [{\"id\"")));

        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.of("follow_up", key("F-3")).stream()
                .anyMatch(row -> !row.get("detail").equals("")));
        assertThat(waybill.order(key("F-3"))).containsEntry("state", "awaiting");
        work("F-3", "status", "FINISHED");
        waybill.await("F-3", "completed");

        assertThat(waybill.of("dead_letter", key("F-3"))).isEmpty();
        assertThat(history("F-3")).doesNotContain("in-doubt", "waiting");
    }

    @Test
    void aQuestionWaitsAsLongAsItsCarrierAsks() {
        awaiting("F-8");
        sandbox.script(Fault.at("birdsystem")
                .reference("F-8")
                .path("/consignment")
                .instead(Reply.status(429, Map.of("Retry-After", "3000"), "")));

        Patience.await().untilAsserted(() -> assertThat(followUp("F-8", "track"))
                .containsEntry("state", "due")
                .hasEntrySatisfying("due_at", at -> assertThat((OffsetDateTime) at)
                        .isAfter(OffsetDateTime.now().plusMinutes(45))));
    }

    @Test
    void aQuestionThatTakesTooLongIsGivenUpAndWhatItShouldBringStaysOverdue() {
        awaiting("F-9");
        work("F-9", "status", "PENDING");

        Patience.await().until(() -> {
            waybill.update("update follow_up set until_at = current_timestamp, deadline_at = current_timestamp"
                    + " where order_id = 'F-9' and operation = 'track'");
            return followUp("F-9", "track").get("state").equals("given-up");
        });

        assertThat(followUp("F-9", "track")).containsEntry("due_at", null).containsEntry("awaits", "tracking_number");
        assertThat(history("F-9")).contains("track-given-up");
        assertThat(waybill.order(key("F-9"))).containsEntry("state", "awaiting");
        assertThat(waybill.engine().ledger().queries().delays().overdue(Instant.now(), 100))
                .extracting(overdue -> overdue.key().orderId() + " " + overdue.operation())
                .contains("F-9 track");
    }

    @Test
    void aCodeThatNobodyKnowsIsToldAsItIs() {
        awaiting("F-4");

        work("F-4", "status", "LOST_IN_SPACE");

        awaitShipment("F-4", "status", "unknown");
        assertThat(waybill.shipment("default", "F-4").get("raw_status").asText())
                .isEqualTo("LOST_IN_SPACE");
    }

    @Test
    void anOrderIsCancelledWhenItsCarrierSaysSo() throws Exception {
        awaiting("V-1");
        work("V-1", "status", "PENDING");

        assertThat(cancel("V-1"))
                .isEqualTo(
                        "requested, order default:V-1: birdsystem is asked to cancel it; 'waybill trace' shows what it answers");
        waybill.await("V-1", "cancelled");

        assertThat(waybill.shipment("default", "V-1").get("status").asText()).isEqualTo("cancelled");
        assertThat(booked("V-1").state()).isEqualTo("CANCELLED");
        assertThat(history("V-1")).endsWith("cancel-requested", "cancel-sent", "cancel-done", "cancelled");
        assertThat(voidState("V-1")).isEqualTo("confirmed");
        assertThat(waybill.order(key("V-1"))).containsEntry("owner", null).containsEntry("due_at", null);
        assertThat(waybill.of("charge", key("V-1"))).isEmpty();
        assertThat(refused("V-1")).isEqualTo("order default:V-1: it is cancelled already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"follow-up", "cancel", "apply", "answer"})
    void aVoidWaitsForARouteThatIsStoppedByHand(String route) throws Exception {
        RouteController routes = waybill.engine().main().getCamelContext().getRouteController();
        String id = "V-stop-" + route;
        awaiting(id);
        work(id, "status", "PENDING");

        routes.stopRoute(route);
        try {
            cancel(id);
            Patience.await().until(() -> isPutOff(id));
            assertThat(waybill.order(key(id))).containsEntry("state", "awaiting");
        } finally {
            routes.startRoute(route);
        }
        waybill.update(
                "update follow_up set due_at = current_timestamp where due_at is not null and order_id = '" + id + "'");
        waybill.update(
                "update orders set due_at = current_timestamp where due_at is not null and order_id = '" + id + "'");

        waybill.await(id, "cancelled");
        assertThat(voidState(id)).isEqualTo("confirmed");
        assertThat(history(id)).containsOnlyOnce("cancel-sent");
        assertThat(waybill.shipment("default", id).get("status").asText()).isEqualTo("cancelled");
    }

    /** The void is wanted, and was put off to a later time than that at which it was asked for. */
    private static boolean isPutOff(String id) {
        return waybill.of("follow_up", key(id)).stream()
                .anyMatch(row -> row.get("operation").equals("cancel")
                        && row.get("state").equals("requested")
                        && ((OffsetDateTime) row.get("due_at")).isAfter((OffsetDateTime) row.get("since")));
    }

    @Test
    void anOrderThatIsOnItsWayStaysWhatItIs() throws Exception {
        awaiting("V-2");
        work("V-2", "status", "FINISHED");
        waybill.await("V-2", "completed");

        cancel("V-2");

        awaitVoid("V-2", "refused");
        assertThat(waybill.order(key("V-2"))).containsEntry("state", "completed");
        assertThat(waybill.of("follow_up", key("V-2")))
                .filteredOn(row -> row.get("operation").equals("cancel"))
                .extracting(row -> row.get("detail").toString())
                .allMatch(why -> why.contains("is FINISHED"));
        assertThat(waybill.shipment("default", "V-2").get("status").asText()).isEqualTo("handed_over");
    }

    @Test
    void whereACarrierHasNoWayToCancelThatIsSaid() throws Exception {
        waybill.drop("V-3.json", Orders.malaysian("V-3"));
        waybill.await("V-3", "completed");

        assertThat(cancel("V-3"))
                .isEqualTo(
                        "unsupported, order default:V-3: not cancelled, since mabang declares no way to cancel an order;"
                                + " cancel it at the carrier");

        assertThat(voidState("V-3")).isEqualTo("unsupported");
        assertThat(waybill.order(key("V-3")))
                .containsEntry("state", "completed")
                .containsEntry("owner", null);
    }

    @Test
    void aVoidWhoseAnswerIsLostIsFoundOut() throws Exception {
        Fault lost = Fault.at("birdsystem").path(UPDATE).calls(1, 1);
        sandbox.script(
                lost.reference("V-4").afterCommit(Reply.drop()),
                lost.reference("V-5").instead(Reply.drop()));
        for (String id : List.of("V-4", "V-5")) {
            awaiting(id);
            work(id, "status", "PENDING");
            // else this question would find it cancelled before its look-up does
            awaitNoQuestion(id);
            cancel(id);
        }

        waybill.await("V-4", "cancelled");
        waybill.await("V-5", "cancelled");

        assertThat(history("V-4"))
                .containsOnlyOnce("cancel-sent")
                .containsSubsequence("cancel-in-doubt", "cancel-done", "cancelled");
        assertThat(waybill.of("step", key("V-4")))
                .extracting(row -> row.get("step") + " " + row.get("state"))
                .contains("cancel done");
        assertThat(history("V-5"))
                .containsSubsequence(
                        "cancel-sent", "cancel-in-doubt", "cancel-not-sent", "cancel-sent", "cancel-done", "cancelled");
        assertThat(booked("V-5").state()).isEqualTo("CANCELLED");
    }

    @Test
    void aVoidThatNobodyCanBeAskedAboutIsNotSentAgainHoweverTheWorkBrokeOff() throws Exception {
        for (String id : List.of("V-8", "V-9")) {
            sandbox.script(Fault.at("kdniao").reference(id).calls(1, 1).afterCommit(Reply.drop()));
            waybill.drop(id + ".json", Orders.chinese(id));
            waybill.await(id, "completed");
            cancel(id);
            awaitVoid(id, "in-doubt");
        }

        // as it is after a process died, and after the last one that may die with it
        broken("V-8", 1);
        broken("V-9", 5);

        for (String id : List.of("V-8", "V-9")) {
            awaitEnd(id);
            assertThat(voidState(id)).isEqualTo("in-doubt");
            assertThat(history(id)).containsOnlyOnce("cancel-sent");
            assertThat(waybill.order(key(id)))
                    .containsEntry("state", "completed")
                    .containsEntry("lives", 0);
            assertThat(booked(id).state()).isEqualTo("cancelled");
        }
        assertThat(history("V-8")).endsWith("cancel-in-doubt");
        assertThat(history("V-9")).endsWith("follow-ups-given-up");
    }

    @Test
    void aVoidThatIsRepeatedInVainIsRepeatedLessAndLessAndThenNoMore() throws Exception {
        sandbox.script(
                Fault.at("kdniao").path(REPEATED).reference("V-10").calls(1, 1).afterCommit(Reply.drop()));
        waybill.drop("V-10.json", pickup("V-10"));
        waybill.await("V-10", "awaiting");
        cancel("V-10");

        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> attempts("V-10", "cancel") >= 2);
        assertThat(voidState("V-10")).isEqualTo("in-doubt");
        waybill.update("update follow_up set since = since - interval '2' day where order_id = 'V-10'");

        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(
                        waybill.of("follow_up", key("V-10")))
                .filteredOn(row -> row.get("operation").equals("cancel"))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("due_at", null).containsEntry("state", "in-doubt")));
        assertThat(history("V-10")).contains("cancel-sent", "cancel-in-doubt");
    }

    @Test
    void aVoidThatItsCarrierPutsOffForTooLongIsRefusedAndSaysSo() throws Exception {
        sandbox.script(Fault.at("kdniao").reference("V-11").calls(1, -1).instead(putOff("1")));
        waybill.drop("V-11.json", Orders.chinese("V-11"));
        waybill.await("V-11", "completed");
        cancel("V-11");
        Patience.await().until(() -> attempts("V-11", "cancel") >= 2);
        assertThat(voidState("V-11")).isEqualTo("requested");

        Patience.await().until(() -> {
            waybill.update("update follow_up set since = since - interval '2' day where order_id = 'V-11'"
                    + " and operation = 'cancel'");
            return voidState("V-11").equals("refused");
        });

        assertThat(followUp("V-11", "cancel"))
                .containsEntry("due_at", null)
                .hasEntrySatisfying("detail", detail -> assertThat(detail)
                        .asString()
                        .startsWith("the carrier did not take it for 24 hours: ")
                        .contains("429"));
        assertThat(history("V-11")).contains("cancel-not-sent").endsWith("cancel-refused");
        assertThat(waybill.order(key("V-11")))
                .containsEntry("state", "completed")
                .containsEntry("owner", null);
        assertThat(booked("V-11").state()).isNotEqualTo("cancelled");
    }

    @Test
    void aVoidInDoubtIsLookedUpOrRepeatedNoEarlierThanItsCarrierAsks() throws Exception {
        awaiting("V-12");
        work("V-12", "status", "PENDING");
        awaitNoQuestion("V-12");
        sandbox.script(
                Fault.at("birdsystem")
                        .reference("V-12")
                        .path(UPDATE)
                        .calls(0, 1)
                        .afterCommit(Reply.drop()),
                Fault.at("birdsystem")
                        .reference("V-12")
                        .path("/consignment")
                        .calls(0, -1)
                        .instead(putOff("3000")),
                Fault.at("kdniao").path(REPEATED).reference("V-13").calls(1, 1).afterCommit(Reply.drop()),
                Fault.at("kdniao").path(REPEATED).reference("V-13").calls(1, -1).instead(putOff("3000")));
        waybill.drop("V-13.json", pickup("V-13"));
        waybill.await("V-13", "awaiting");

        cancel("V-12");
        cancel("V-13");

        for (String id : List.of("V-12", "V-13")) {
            Patience.await().untilAsserted(() -> assertThat(followUp(id, "cancel"))
                    .containsEntry("state", "in-doubt")
                    .hasEntrySatisfying("due_at", at -> assertThat((OffsetDateTime) at)
                            .isAfter(OffsetDateTime.now().plusMinutes(45))));
        }
    }

    private static Reply putOff(String seconds) {
        return Reply.status(429, Map.of("Retry-After", seconds), "");
    }

    private static ObjectNode pickup(String id) {
        ObjectNode order = Orders.chinese(id);
        order.putObject("parcel").put("weight_g", 1200);
        order.putObject("pickup").put("from", "2026-01-02T10:00:00+08:00").put("to", "2026-01-02T12:00:00+08:00");
        return order;
    }

    /** What the recovery after a crash leaves of an order whose void was sent. */
    private static void broken(String id, int lives) {
        waybill.update("update follow_up set due_at = current_timestamp where operation = 'cancel' and order_id = '"
                + id + "'");
        waybill.update(
                "update orders set due_at = current_timestamp, lives = " + lives + " where order_id = '" + id + "'");
    }

    @Test
    void anOrderOfWhichNothingWasSentIsCancelledAtOnce() throws Exception {
        sandbox.script(
                Fault.at("mabang").reference("V-6").instead(Reply.status(429, Map.of("Retry-After", "600"), "")));
        waybill.drop("V-6.json", Orders.malaysian("V-6"));
        waybill.await("V-6", "waiting");
        int calls = sandbox.calls("mabang");

        assertThat(cancel("V-6"))
                .isEqualTo("confirmed, order default:V-6: cancelled; nothing had been sent to a carrier");

        assertThat(waybill.order(key("V-6")))
                .containsEntry("state", "cancelled")
                .containsEntry("due_at", null);
        assertThat(sandbox.calls("mabang")).isEqualTo(calls);
        assertThat(history("V-6")).endsWith("cancelled");
        JsonNode answer = waybill.shipment("default", "V-6");
        assertThat(answer.get("status").asText()).isEqualTo("cancelled");
        assertThat(answer.get("carrier").asText()).isEqualTo("mabang");
        assertThat(answer.has("tracking_number")).isFalse();
        assertThat(answer)
                .isEqualTo(Orders.json((String) waybill.order(key("V-6")).get("shipment")));
    }

    @Test
    void whatNobodyKnowsIsNotCancelled() throws Exception {
        sandbox.script(Fault.at("mabang").reference("V-7").afterCommit(Reply.drop()));
        waybill.drop("V-7.json", Orders.malaysian("V-7"));
        waybill.await("V-7", "in-doubt");

        assertThat(refused("V-7"))
                .isEqualTo("order default:V-7: nobody knows whether mabang has it; decide that with 'waybill resolve'"
                        + " first, then cancel it");
        // as it is between its replay and its turn
        waybill.update("update orders set state = 'accepted' where order_id = 'V-7'");
        assertThat(refused("V-7")).startsWith("order default:V-7: nobody knows whether mabang has it");
        assertThat(voidState("V-7")).isEqualTo("none");
        assertThat(refused("nobody")).isEqualTo("order default:nobody: nobody knows it");
    }

    @Test
    void anOrderThatDiedOfItsLabelIsCancelled() throws Exception {
        refusedLabel("V-20");

        assertThat(cancel("V-20")).startsWith("requested, ");
        waybill.await("V-20", "cancelled");

        JsonNode answer = waybill.shipment("default", "V-20");
        assertThat(answer.get("status").asText()).isEqualTo("cancelled");
        assertThat(answer.get("label_state").asText()).isEqualTo("none");
        assertThat(answer)
                .isEqualTo(Orders.json((String) waybill.order(key("V-20")).get("shipment")));
        assertThat(booked("V-20").state()).isEqualTo("cancelled");
        assertThat(voidState("V-20")).isEqualTo("confirmed");
        assertThat(history("V-20"))
                .containsOnlyOnce("book-sent", "cancel-sent")
                .endsWith("cancel-requested", "taken", "cancel-sent", "cancel-done", "cancelled");
        assertThat(waybill.engine().ledger().queries().deadLetters().cause(key("V-20")))
                .isEmpty();
        assertThat(new Audit(waybill.engine().ledger().queries()).broken(key("V-20")))
                .isEmpty();
    }

    @Test
    void anOrderThatDiedOfItsLabelIsDeadAgainWhereItsVoidWasRefusedAndIsNotReplayedMeanwhile() throws Exception {
        refusedLabel("V-21");
        sandbox.script(Fault.at("kdniao").reference("V-21").calls(0, 1).instead(Reply.drop()));

        cancel("V-21");
        awaitVoid("V-21", "in-doubt");
        awaitEnd("V-21");
        assertThat(operate("replay", "default", "V-21", 0, "its label is mended"))
                .isEqualTo("order default:V-21: it is no dead letter but booked");
        operate("settleCancel", "default", "V-21", 0, false, "the carrier said so");
        waybill.await("V-21", "dead-letter");

        assertThat(waybill.engine().ledger().queries().deadLetters().cause(key("V-21")))
                .contains("label-refused");
        assertThat(voidState("V-21")).isEqualTo("refused");
        assertThat(history("V-21")).containsOnlyOnce("book-sent", "cancel-sent");
        cancel("V-21");
        waybill.await("V-21", "cancelled");
        assertThat(booked("V-21").state()).isEqualTo("cancelled");
        assertThat(history("V-21")).containsOnlyOnce("book-sent");
    }

    /** Booked at the carrier, and dead since what came as its label is none. */
    private static void refusedLabel(String id) {
        sandbox.script(Fault.at("kdniao")
                .reference(id)
                .calls(0, 1)
                .afterCommit(Reply.status(
                        200,
                        "{\"Success\": true, \"ResultCode\": \"100\", \"Order\": {\"LogisticCode\": \"YT-%s\", \"KDNOrderCode\": \"K\"},"
                                        .formatted(id)
                                + " \"PrintTemplate\": \"no label\"}")));
        waybill.drop(id + ".json", Orders.chinese(id));
        waybill.awaitDead(id, "label-refused");
        waybill.await(id, "dead-letter");
        // the number that the simulated carrier gave it
        waybill.update("update step set result = replace(result, 'YT-%s', '%s') where order_id = '%s' and step = 'book'"
                .formatted(id, booked(id).trackingNumber(), id));
    }

    private static void awaiting(String id) {
        waybill.drop(id + ".json", Orders.british(id));
        waybill.await(id, "awaiting");
    }

    /** Asks no more how it goes with an order; if somebody asks at this moment, that would set the next time. */
    private static void awaitNoQuestion(String id) {
        String idle = "(select order_id from orders where owner is null or owner not like '%#%')";
        Patience.await()
                .until(() ->
                        waybill.update("update follow_up set due_at = null where operation = 'track' and order_id = '"
                                        + id + "' and order_id in " + idle)
                                == 1);
    }

    private static void work(String id, String... fields) {
        ObjectNode work = JSON.createObjectNode().put("reference", id);
        for (int i = 0; i < fields.length; i += 2) {
            work.put(fields[i], fields[i + 1]);
        }
        sandbox.work(work);
    }

    private static void awaitShipment(String id, String field, String value) {
        Awaitility.await("shipment of " + id + " to say " + value)
                .atMost(RunningWaybill.PATIENCE)
                .ignoreExceptions()
                .until(() ->
                        waybill.shipment("default", id).path(field).asText().equals(value) && waybill.atRest(key(id)));
    }

    private static void awaitRows(String table, String id, int count) {
        Awaitility.await(count + " rows of " + table)
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> waybill.of(table, key(id)).size() == count);
    }

    /** Nothing more happens to it by itself. */
    private static void awaitEnd(String id) {
        Awaitility.await("the end of " + id).atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(
                        waybill.order(key(id)))
                .containsEntry("owner", null)
                .containsEntry("due_at", null));
    }

    private static void awaitVoid(String id, String state) {
        Awaitility.await("the void of " + id + " to be " + state)
                .atMost(RunningWaybill.PATIENCE)
                .untilAsserted(() -> assertThat(voidState(id)).isEqualTo(state));
    }

    private static Map<String, Object> followUp(String id, String operation) {
        return waybill.of("follow_up", key(id)).stream()
                .filter(row -> row.get("operation").equals(operation))
                .findFirst()
                .orElseThrow();
    }

    private static String voidState(String id) {
        return waybill.of("follow_up", key(id)).stream()
                .filter(row -> row.get("operation").equals("cancel"))
                .map(row -> row.get("state").toString())
                .findFirst()
                .orElse("none");
    }

    private static int attempts(String id, String operation) {
        return waybill.of("follow_up", key(id)).stream()
                .filter(row -> row.get("operation").equals(operation))
                .mapToInt(row -> (int) row.get("attempts"))
                .sum();
    }

    private static Map<Object, BigDecimal> sums(String id) {
        return waybill.of("charge", key(id)).stream()
                .collect(Collectors.toMap(
                        row -> row.get("kind"), row -> (BigDecimal) row.get("amount"), BigDecimal::add));
    }

    private static List<String> history(String id) {
        return waybill.of("history", key(id)).stream()
                .map(row -> row.get("what").toString())
                .toList();
    }

    /** As an operator does; an order that is worked on at this very moment is tried again. */
    private static String cancel(String id) {
        return Awaitility.await("cancel " + id)
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> told(id), told -> !told.endsWith("it is being worked on at this moment; try again"));
    }

    private static String refused(String id) {
        return cancel(id);
    }

    private static String told(String id) throws Exception {
        return operate("cancel", "default", id, 0, "not wanted any more");
    }

    /** What an operation says, or why it does nothing. */
    private static String operate(String operation, Object... arguments) throws Exception {
        String[] signature = Arrays.stream(arguments)
                .map(each -> MethodType.methodType(each.getClass())
                        .unwrap()
                        .returnType()
                        .getName())
                .toArray(String[]::new);
        try {
            Object told = ManagementFactory.getPlatformMBeanServer()
                    .invoke(new ObjectName("io.waybill:type=Operations"), operation, arguments, signature);
            return told instanceof Map<?, ?> row ? row.get("state") + ", " + row.get("says") : told.toString();
        } catch (javax.management.RuntimeMBeanException e) {
            return e.getCause().getMessage();
        } catch (MBeanException e) {
            return e.getCause().getMessage();
        }
    }

    private static Booked booked(String id) {
        return sandbox.booked().stream()
                .filter(booked -> id.equals(booked.reference()))
                .findFirst()
                .orElseThrow();
    }

    private static OrderKey key(String id) {
        return new OrderKey("default", id, 0);
    }
}
