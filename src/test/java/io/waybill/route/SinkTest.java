package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.sink.LaterShipment;
import io.waybill.sink.News;
import io.waybill.sink.ShipmentDocument;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.spi.Policy;
import org.apache.camel.spi.RouteController;
import org.apache.camel.support.DefaultExchange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sink that is away: the booking stands, the others go on, and the order is completed when it is back. */
class SinkTest {

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp.resolve("work")).carriers(sandbox).start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void anAnswerThatIsGivenAgainNeverReplacesANewerOne() throws Exception {
        String content = Orders.malaysian("S-again").toString();
        waybill.drop("S-again.json", content);
        waybill.await("S-again", "completed");
        Claim claim = waybill.engine()
                .ledger()
                .outOfTurn()
                .takeSettled(key("S-again"))
                .orElseThrow();
        News news = LaterShipment.lay(claim.result(), delivered(), "mabang track", Instant.now());
        CamelContext context = waybill.engine().main().getCamelContext();
        Policy laterCommit = waybill.engine().main().lookup("laterCommit", Policy.class);
        Exchange told = new DefaultExchange(context);
        Current.set(told, claim);
        told.setVariable("operation", "track");
        told.setVariable(LaterCommit.NEWS, news);

        try (ProducerTemplate out = context.createProducerTemplate()) {
            // between the delivery of the new answer and its commit the order comes again
            laterCommit
                    .wrap(null, exchange -> {
                        JsonNode answer = ShipmentDocument.of(claim);
                        claim.answered(answer.toString());
                        out.send("direct:deliver", delivered -> {
                            Current.set(delivered, claim);
                            delivered.getMessage().setBody(answer);
                        });
                        waybill.drop("S-again-2.json", content);
                        Patience.await().until(() -> archived("S-again-2-") || isAnAnswerWaiting());
                    })
                    .process(told);
        }
        waybill.awaitArchived("S-again-2.json");

        JsonNode answer = waybill.shipment("default", "S-again");
        assertThat(answer.get("status").asText()).isEqualTo("delivered");
        assertThat(answer)
                .isEqualTo(Orders.json((String) waybill.order(key("S-again")).get("shipment")));
        assertThat(waybill.order(key("S-again"))).containsEntry("duplicates", 1);
    }

    @Test
    void whileTheChoiceIsStoppedByHandOrdersWaitAndHoldUpNothing() throws Exception {
        RouteController routes = waybill.engine().main().getCamelContext().getRouteController();
        List<String> ids = IntStream.range(0, 30).mapToObj(i -> "S-choice-" + i).toList();
        int free = waybill.engine().ledger().free();

        routes.stopRoute("choose");
        for (String id : ids) {
            waybill.drop(id + ".json", Orders.malaysian(id));
        }
        for (String id : ids) {
            waybill.await(id, "waiting");
            waybill.awaitArchived(id + ".json");
        }
        assertThat(waybill.engine().ledger().free()).isEqualTo(free);
        assertThat(waybill.query("select distinct h.what from history h where h.order_id like 'S-choice-%'"))
                .extracting(row -> row.get("what"))
                .containsExactlyInAnyOrder("accepted", "waiting");
        routes.startRoute("choose");

        for (String id : ids) {
            waybill.await(id, "completed");
        }
    }

    @Test
    void noStepButThatOfAStrayBlocksWhereItsRouteIsStopped() {
        assertThat(waybill.engine().main().getCamelContext().getEndpoints())
                .filteredOn(endpoint -> endpoint instanceof DirectEndpoint direct && direct.isBlock())
                .extracting(Endpoint::getEndpointBaseUri)
                .containsExactly("direct://stray");
    }

    /** Booked once, and whole in the end. */
    @ParameterizedTest
    @CsvSource({
        "kdniao, waiting",
        "ship, waiting",
        "book, waiting",
        "label, booked",
        "tracking, booked",
        "billing, booked",
        "answer, booked",
        "deliver, booked"
    })
    void anOrderThatNeedsARouteWhichIsStoppedByHandWaitsForIt(String route, String state) throws Exception {
        RouteController routes = waybill.engine().main().getCamelContext().getRouteController();
        String id = "S-stop-" + route;

        routes.stopRoute(route);
        try {
            waybill.drop(id + ".json", Orders.chinese(id));
            assertThat(waybill.await(id, state).get("due_at")).isNotNull();
            assertThat(waybill.outbox().resolve("default/" + id + ".json")).doesNotExist();
            assertThat(waybill.of("step", key(id)))
                    .filteredOn(row -> row.get("state").equals("done"))
                    .extracting(row -> row.get("step"))
                    .containsExactlyElementsOf(Stream.of("billing", "book", "label", "tracking")
                            .filter(step -> state.equals("booked") && !step.equals(route))
                            .toList());
        } finally {
            routes.startRoute(route);
        }
        soon(id);

        waybill.await(id, "completed");
        assertThat(waybill.of("label", key(id))).hasSize(1);
        assertThat(waybill.of("step", key(id)))
                .extracting(row -> row.get("step") + " " + row.get("state"))
                .containsExactly("answer done", "billing done", "book done", "label done", "tracking done");
        assertThat(waybill.shipment("default", id).at("/label/path").asText()).isNotEmpty();
        assertThat(bookings(id)).isEqualTo(1);
        assertThat(history(id)).containsOnlyOnce("book-sent");
    }

    @Test
    void whatIsADeadLetterWaitsWhileThatRouteIsStoppedByHand() throws Exception {
        RouteController routes = waybill.engine().main().getCamelContext().getRouteController();
        sandbox.script(Fault.at("mabang")
                .reference("S-stop-no")
                .instead(Reply.status(412, "{\"code\": 412, \"message\": \"no\"}"))
                .calls(0, -1));

        routes.stopRoute("dead-letter");
        try {
            waybill.drop("S-stop-no.json", Orders.malaysian("S-stop-no"));
            waybill.drop("S-stop-bad.json", "{\"order_id\": \"S-stop-bad\"}");
            waybill.await("S-stop-no", "waiting");
            Patience.await().until(() -> waybill.holds("S-stop-bad.json"));
        } finally {
            routes.startRoute("dead-letter");
        }
        soon("S-stop-no");

        waybill.awaitDead("S-stop-no", "rejected");
        waybill.awaitDead("S-stop-bad", "invalid");
        waybill.await("S-stop-no", "dead-letter");
        assertThat(bookings("S-stop-no")).isZero();
    }

    @Test
    void orderThatEveryProcessDiesWithIsNotBegunAgainWhileTheRouteOfDeadLettersIsStopped() throws Exception {
        RouteController routes = waybill.engine().main().getCamelContext().getRouteController();

        routes.stopRoute("dead-letter");
        try {
            waybill.drop("S-stop-poison.json", Orders.malaysian("S-stop-poison").put("carrier", "dhl"));
            waybill.await("S-stop-poison", "waiting");
            waybill.update("update orders set lives = 5 where order_id = 'S-stop-poison'");
            soon("S-stop-poison");
            Patience.await()
                    .until(() -> (int) waybill.await("S-stop-poison", "waiting").get("attempts") >= 2);
            assertThat(waybill.await("S-stop-poison", "waiting")).containsEntry("lives", 5);
        } finally {
            routes.startRoute("dead-letter");
        }
        soon("S-stop-poison");

        waybill.awaitDead("S-stop-poison", "poison");
        assertThat(waybill.await("S-stop-poison", "dead-letter")).containsEntry("lives", 0);
    }

    @Test
    void whatIsBookedWaitsToo() throws Exception {
        RouteController routes = waybill.engine().main().getCamelContext().getRouteController();
        int free = waybill.engine().ledger().free();
        sandbox.script(noLabel("S-back"));
        waybill.drop("S-back.json", Orders.chinese("S-back"));
        waybill.awaitDead("S-back", "label-refused");
        waybill.await("S-back", "dead-letter");

        for (String route : List.of("choose", "kdniao")) {
            routes.stopRoute(route);
            try {
                waybill.drop("S-back-" + route + ".json", Orders.chinese("S-back"));
                assertThat(waybill.await("S-back", "booked").get("due_at")).isNotNull();
                Patience.await().until(() -> waybill.engine().ledger().free() >= free);
            } finally {
                routes.startRoute(route);
            }
            soon("S-back");
            waybill.await("S-back", "dead-letter");
        }

        assertThat(bookings("S-back")).isEqualTo(1);
    }

    /** What waits for a time is due now. */
    private static void soon(String id) {
        waybill.update(
                "update orders set due_at = current_timestamp where due_at is not null and order_id = '" + id + "'");
    }

    private static ObjectNode delivered() {
        return JsonNodeFactory.instance.objectNode().put("status", "delivered");
    }

    private static boolean archived(String start) {
        return waybill.archived().stream()
                .anyMatch(file -> file.getFileName().toString().startsWith(start));
    }

    private static boolean isAnAnswerWaiting() {
        return Thread.getAllStackTraces().values().stream()
                .map(Arrays::toString)
                .anyMatch(stack -> stack.contains("OrderBatch.answerAgain") && stack.contains("ReentrantLock.lock"));
    }

    @Test
    void bookedOrderWaitsForTheLabelFolder() throws IOException {
        breakFolder(waybill.labels());

        waybill.drop("S-label.json", Orders.chinese("S-label"));
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> tries("S-label") >= 1);
        assertThat(waybill.await("S-label", "booked").get("due_at")).isNotNull();
        assertThat(waybill.of("step", key("S-label")))
                .extracting(row -> row.get("step") + " " + row.get("state"))
                .containsExactly("billing done", "book done", "tracking done");
        assertThat(waybill.outbox().resolve("default/S-label.json")).doesNotExist();
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> tries("S-label") >= 2);
        repairFolder(waybill.labels());

        waybill.await("S-label", "completed");
        Path label =
                Path.of(waybill.shipment("default", "S-label").at("/label/path").asText());
        assertThat(label).exists();
        assertThat(waybill.of("label", key("S-label"))).hasSize(1);
        assertThat(bookings("S-label")).isEqualTo(1);
        assertThat(history("S-label")).containsOnlyOnce("book-sent").doesNotContain("dead-letter");
    }

    @Test
    void bookedOrderWaitsForTheOutbox() throws IOException {
        breakFolder(waybill.outbox());

        waybill.drop("S-out.json", Orders.malaysian("S-out"));
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> tries("S-out") >= 1);
        assertThat(waybill.await("S-out", "booked").get("due_at")).isNotNull();
        assertThat(waybill.of("step", key("S-out")))
                .extracting(row -> row.get("step") + " " + row.get("state"))
                .containsExactly("billing done", "book done", "label done", "tracking done");
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> tries("S-out") >= 2);
        repairFolder(waybill.outbox());

        waybill.await("S-out", "completed");
        assertThat(waybill.shipment("default", "S-out").get("order_id").asText())
                .isEqualTo("S-out");
        assertThat(history("S-out")).containsOnlyOnce("book-sent");
    }

    @Test
    void duplicateStaysInTheInboxUntilItCanBeAnswered() throws IOException {
        waybill.drop("S-dup.json", Orders.malaysian("S-dup"));
        waybill.await("S-dup", "completed");
        int before = waybill.duplicates();
        breakFolder(waybill.outbox());

        waybill.drop("S-dup-again.json", Orders.malaysian("S-dup"));
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.duplicates() >= before + 2);
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.holds("S-dup-again.json"));
        repairFolder(waybill.outbox());

        waybill.shipment("default", "S-dup");
        waybill.awaitArchived("S-dup-again.json");
        assertThat(history("S-dup")).containsOnlyOnce("book-sent");
    }

    @Test
    void badOrderStaysInTheInboxUntilItsDeadLetterCanBeWritten() throws IOException {
        breakFolder(waybill.deadLetters());

        waybill.drop("S-bad.json", "{\"order_id\": \"S-bad\"}");
        waybill.drop("S-good.json", Orders.malaysian("S-good"));
        waybill.await("S-good", "completed");
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.holds("S-bad.json"));
        repairFolder(waybill.deadLetters());

        assertThat(waybill.awaitDead("S-bad", "invalid").text()).isEqualTo("{\"order_id\": \"S-bad\"}");
    }

    @Test
    void orderThatWasAcceptedBeforeItsFileBrokeOffGoesOn() throws IOException {
        breakFolder(waybill.deadLetters());

        waybill.drop("S-both.json", "[" + Orders.malaysian("S-beside") + ", {\"order_id\": \"S-not\"}]");
        waybill.await("S-beside", "completed");
        repairFolder(waybill.deadLetters());

        waybill.awaitDead("S-not", "invalid");
        waybill.awaitArchived("S-both.json");
        assertThat(history("S-beside")).containsOnlyOnce("book-sent");
    }

    @Test
    void orderThatGoesNoFurtherWaitsUntilItsDeadLetterCanBeWritten() throws IOException {
        breakFolder(waybill.deadLetters());
        sandbox.script(
                Fault.at("mabang")
                        .reference("S-no")
                        .instead(Reply.status(412, "{\"code\": 412, \"message\": \"no\"}"))
                        .calls(0, -1),
                noLabel("S-paper"));

        waybill.drop(
                "S-dhl.json", Orders.malaysian("S-dhl").put("carrier", "dhl").put("service", "x"));
        waybill.drop("S-no.json", Orders.malaysian("S-no"));
        waybill.drop("S-paper.json", Orders.chinese("S-paper"));
        for (String id : List.of("S-dhl", "S-no", "S-paper")) {
            Awaitility.await(id).atMost(RunningWaybill.PATIENCE).until(() -> tries(id) >= 1);
        }
        repairFolder(waybill.deadLetters());

        waybill.awaitDead("S-dhl", "unknown-carrier");
        waybill.awaitDead("S-no", "rejected");
        waybill.awaitDead("S-paper", "label-refused");
        for (String id : List.of("S-dhl", "S-no", "S-paper")) {
            waybill.await(id, "dead-letter");
        }
        assertThat(bookings("S-dhl") + bookings("S-no")).isZero();
        assertThat(bookings("S-paper")).isEqualTo(1);
        assertThat(history("S-paper")).containsOnlyOnce("book-sent");
    }

    private static Fault noLabel(String id) {
        return Fault.at("kdniao")
                .reference(id)
                .afterCommit(Reply.status(
                        200,
                        "{\"Success\": true, \"ResultCode\": \"100\", \"Order\": {\"LogisticCode\": \"YT1\"},"
                                + " \"PrintTemplate\": \"no label\"}"));
    }

    /** Root may write anywhere, but not into a file as if it were a folder. */
    private static void breakFolder(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
        }
        Files.writeString(folder, "in the way");
    }

    private static void repairFolder(Path folder) throws IOException {
        Files.delete(folder);
        // whoever tries again at this moment may have made it
        Files.createDirectories(folder);
    }

    private static long tries(String id) {
        return history(id).stream().filter("waiting"::equals).count();
    }

    private static List<String> history(String id) {
        return waybill.of("history", key(id)).stream()
                .map(row -> (String) row.get("what"))
                .toList();
    }

    private static long bookings(String id) {
        return sandbox.booked().stream()
                .filter(booked -> id.equals(booked.reference()))
                .count();
    }

    private static OrderKey key(String id) {
        return new OrderKey("default", id, 0);
    }
}
