package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.order.OrderKey;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.HeldPort;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.RunningWaybill.Dead;
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

/** What carriers do wrong, and what becomes of the order: waiting, in doubt, or a dead letter, never a second call. */
class CarrierFaultTest {

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    /** Waits for an answer for a second only; its orders have to end in doubt, or as they would anyway. */
    private static RunningWaybill waybill;

    /** Waits as long as is shipped, for what must not end in doubt on a busy machine. */
    private static RunningWaybill patient;

    private static HeldPort closed;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        closed = HeldPort.any();
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.carrier.birdsystem.url", "http://127.0.0.1:" + closed.number() + "/client")
                // what is looked into later, and that a carrier which fails often is paused, is not the matter here
                .with("waybill.in-doubt.settle-seconds", "3600")
                .with("waybill.pause.after-calls", "0")
                .with("waybill.retry.longest-seconds", "1")
                .changed("mappings/kdniao/carrier.yaml", "response-timeout: PT30S", "response-timeout: PT1S")
                .start();
        patient = RunningWaybill.on(temp.resolve("patient")).carriers(sandbox).start();
    }

    @AfterAll
    static void stop() {
        patient.close();
        waybill.close();
        closed.close();
        sandbox.close();
    }

    @Test
    void orderWaitsForACarrierThatIsDownAndGoesOnByItself() {
        waybill.drop("F-down.json", Orders.british("F-down"));

        Map<String, Object> waiting = waybill.await("F-down", "waiting");
        assertThat(waiting.get("due_at")).isNotNull();
        assertThat(waybill.query("select reason from step where order_id = 'F-down' and state = 'not-sent'"))
                .first()
                .extracting(row -> row.get("reason"))
                .asString()
                .startsWith("birdsystem was not reached: HttpHostConnectException");

        try (Sandbox back = Sandbox.start(SandboxOptions.onAnyPort().withPort(closed.number()))) {
            waybill.await("F-down", "awaiting");
            assertThat(back.booked()).extracting(booked -> booked.reference()).containsExactly("F-down");
        }
        assertThat(waybill.dead()).noneMatch(dead -> dead.name().startsWith("F-down"));
    }

    @Test
    void orderWaitsAsLongAsAThrottlingCarrierAsks() {
        sandbox.script(
                Fault.at("mabang").reference("F-429").instead(Reply.status(429, Map.of("Retry-After", "3"), "")));

        waybill.drop("F-429.json", Orders.malaysian("F-429"));
        waybill.await("F-429", "completed");

        List<Map<String, Object>> history = waybill.of("history", key("F-429"));
        assertThat(history)
                .extracting(row -> row.get("what"))
                .containsExactly("accepted", "book-sent", "waiting", "taken", "book-sent", "booked", "completed");
        assertThat(at(history.get(3))).isAfterOrEqualTo(at(history.get(2)).plusSeconds(3));
        assertThat(bookings("F-429")).isEqualTo(1);
    }

    @Test
    void waitOfAYearIsCappedAtTheAgeOfAnOrder() {
        sandbox.script(Fault.at("mabang")
                .reference("F-year")
                .instead(Reply.status(429, Map.of("Retry-After", "31536000"), "")));

        waybill.drop("F-year.json", Orders.malaysian("F-year"));

        OffsetDateTime due = (OffsetDateTime) waybill.await("F-year", "waiting").get("due_at");
        assertThat(due.toInstant()).isBefore(Instant.now().plus(Duration.ofHours(25)));
    }

    @Test
    void orderThatEveryProcessDiesWithIsWorkedOnNoMore() {
        sandbox.script(
                Fault.at("mabang").reference("F-poison").instead(Reply.status(429, Map.of("Retry-After", "3600"), "")),
                Fault.at("mabang").reference("F-poison-2").afterCommit(Reply.drop()));
        for (String id : List.of("F-poison", "F-poison-2")) {
            waybill.drop(id + ".json", Orders.malaysian(id));
            waybill.await(id, id.equals("F-poison") ? "waiting" : "in-doubt");
            waybill.update("update orders set lives = 5, due_at = accepted_at where order_id = '" + id + "'");
        }

        waybill.awaitDead("F-poison", "poison");
        Patience.await().untilAsserted(() -> assertThat(
                        waybill.query("select reason from step where order_id = 'F-poison-2'"))
                .containsExactly(Map.of("reason", "5 processes died one after the other while they worked on it")));
        assertThat(waybill.await("F-poison-2", "in-doubt"))
                .containsEntry("due_at", null)
                .containsEntry("lives", 0);
        assertThat(bookings("F-poison") + bookings("F-poison-2")).isEqualTo(1);
    }

    @Test
    void orderIsInDoubtWhenTheConnectionDropsAfterTheBooking() {
        sandbox.script(Fault.at("mabang").reference("F-drop").afterCommit(Reply.drop()));

        assertInDoubt("F-drop", Orders.malaysian("F-drop").toString(), 1);
    }

    @Test
    void orderIsInDoubtWhenTheConnectionDropsBeforeTheBooking() {
        sandbox.script(Fault.at("mabang").reference("F-lost").instead(Reply.drop()));

        assertInDoubt("F-lost", Orders.malaysian("F-lost").toString(), 0);
    }

    @Test
    void orderIsInDoubtWhenTheAnswerComesTooLate() {
        sandbox.script(Fault.at("kdniao").reference("F-late").delay(Duration.ofMinutes(5)));

        assertInDoubt("F-late", Orders.chinese("F-late").toString(), 1);
    }

    @Test
    void orderIsInDoubtWhenTheAnswerDripsPastItsTime() {
        sandbox.script(Fault.at("kdniao").reference("F-drip").afterCommit(Reply.drip(Duration.ofMillis(200))));

        assertInDoubt("F-drip", Orders.chinese("F-drip").toString(), 1);
    }

    @Test
    void orderIsInDoubtWhenTheAnswerIsLongerThanAnyAnswer() {
        sandbox.script(Fault.at("kdniao").reference("F-huge").afterCommit(Reply.huge(64L << 20)));

        assertInDoubt("F-huge", Orders.chinese("F-huge").toString(), 1);
    }

    @Test
    void orderIsInDoubtWhenTheAnswerIsCut() {
        sandbox.script(Fault.at("mabang").reference("F-cut").afterCommit(Reply.of(Reply.Kind.CUT)));

        assertInDoubt("F-cut", Orders.malaysian("F-cut").toString(), 1);
    }

    @Test
    void orderIsInDoubtWhenASuccessHasNoNumber() {
        sandbox.script(Fault.at("kdniao").reference("F-none").afterCommit(Reply.without("LogisticCode")));

        assertInDoubt("F-none", Orders.chinese("F-none").toString(), 1);
    }

    @Test
    void orderIsInDoubtAfterServerErrorsAndRedirects() {
        for (int status : new int[] {302, 408, 500, 502, 503, 504}) {
            String id = "F-" + status;
            sandbox.script(Fault.at("mabang")
                    .reference(id)
                    .instead(Reply.status(status, Map.of("Location", sandbox.uri() + "/elsewhere"), "")));

            assertInDoubt(id, Orders.malaysian(id).toString(), 0);
        }
    }

    @Test
    void orderIsInDoubtWhenAWarningInHtmlStandsBeforeTheDocument() {
        sandbox.script(Fault.at("kdniao").reference("F-html").afterCommit(Reply.of(Reply.Kind.WARNING)));

        assertInDoubt("F-html", Orders.chinese("F-html").toString(), 1);
    }

    @Test
    void businessErrorWithStatus500IsARejection() {
        String words = "Field [post_code] is invalid";
        sandbox.script(Fault.at("birdsystem")
                .path("/Product/")
                .instead(Reply.status(500, "{\"success\": false, \"message\": \"" + words + "\"}")));

        patient.drop("F-business.json", Orders.british("F-business"));

        Dead dead = patient.awaitDead("F-business", "rejected");
        assertThat(dead.reason().get("carrier_answer").asText()).isEqualTo(words);
        assertThat(dead.message()).isEqualTo("birdsystem answered 500 '" + words + "'");
        assertThat(bookings("F-business")).isZero();
    }

    @Test
    void successWithoutALabelIsAnsweredAndSaysSoAndIsNotDone() {
        sandbox.script(Fault.at("kdniao").reference("F-nolabel").afterCommit(Reply.without("PrintTemplate")));

        patient.drop("F-nolabel.json", Orders.chinese("F-nolabel"));
        patient.await("F-nolabel", "awaiting");

        assertThat(patient.shipment("default", "F-nolabel").get("label_state").asText())
                .isEqualTo("awaited");
        assertThat(patient.shipment("default", "F-nolabel").get("warnings").toString())
                .contains("kdniao gave a number and no label");
    }

    @Test
    void labelThatIsNoLabelIsADeadLetterThatSaysItIsBooked() {
        sandbox.script(
                Fault.at("kdniao")
                        .reference("F-badlabel")
                        .afterCommit(
                                Reply.status(
                                        200,
                                        """
                        {"Success": true, "ResultCode": "100", "Order": {"LogisticCode": "YT1", "KDNOrderCode": "K1"},
                         "PrintTemplate": "MZ this is no label"}
                        """)));

        patient.drop("F-badlabel.json", Orders.chinese("F-badlabel"));

        Dead dead = patient.awaitDead("F-badlabel", "label-refused");
        assertThat(dead.message()).isEqualTo("label: the first bytes are not those of html");
        assertThat(dead.next()).startsWith("the order is booked and is not booked again");
        assertThat(bookings("F-badlabel")).isEqualTo(1);
        assertThat(RunningWaybill.files(patient.labels()))
                .noneSatisfy(file -> assertThat(file).content().contains("MZ"));
    }

    /** The order was sent once, is parked, and is not sent again, neither by itself nor because it comes again. */
    private static void assertInDoubt(String id, String order, int bookings) {
        waybill.drop(id + ".json", order);
        Map<String, Object> row = waybill.await(id, "in-doubt");

        waybill.drop(id + "-again.json", order);
        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(waybill.order(key(id)))
                .containsEntry("duplicates", 1));

        assertThat(row).containsEntry("owner", null);
        assertThat(waybill.of("history", key(id)))
                .extracting(each -> each.get("what"))
                .containsExactly("accepted", "book-sent", "in-doubt");
        // the carrier may still be at it when nobody waits for its answer any more
        Patience.await().untilAsserted(() -> assertThat(bookings(id)).isEqualTo(bookings));
        assertThat(waybill.dead()).noneMatch(dead -> dead.name().startsWith(id + "-"));
    }

    private static Instant at(Map<String, Object> row) {
        return ((OffsetDateTime) row.get("at")).toInstant();
    }

    private static OrderKey key(String id) {
        return new OrderKey("default", id, 0);
    }

    private static long bookings(String reference) {
        return sandbox.booked().stream()
                .filter(booked -> reference.equals(booked.reference()))
                .count();
    }
}
