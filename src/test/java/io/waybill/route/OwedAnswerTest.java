package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.order.OrderKey;
import io.waybill.order.Outcome;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.PostgresServer;
import io.waybill.testing.RunningWaybill;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.management.MBeanException;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.apache.camel.spi.RouteController;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An order that is cancelled before anything was sent is answered, whatever happens between its end and its answer. */
class OwedAnswerTest {

    private static final OrderKey KEY = new OrderKey("default", "A-1", 0);
    private static final String TOLD = "order default:A-1: cancelled; nothing had been sent to a carrier";

    private static final String NOT_YET =
            "; its answer could not be delivered yet, and is by itself as soon as it can be";

    @TempDir
    Path temp;

    private Sandbox sandbox;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        sandbox.script(
                Fault.at("mabang").reference("A-1").instead(Reply.status(429, Map.of("Retry-After", "600"), "")));
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void itIsGivenByTheNextProcessWhereThisOneDiedBeforeIt(String database) {
        RunningWaybill.Start on = on(database);
        try (RunningWaybill dies = on.start()) {
            waits(dies);
            cancelAndDie(dies);
            assertThat(dies.outbox().resolve("default/A-1.json")).doesNotExist();
        }

        try (RunningWaybill next = on.start()) {
            aMinuteLater(next);
            assertAnswered(next, "mabang");
        }
    }

    @Test
    void itIsGivenByItselfAsSoonAsItCanBe() throws Exception {
        try (RunningWaybill waybill = on("H2").start()) {
            waits(waybill);
            Path obstacle =
                    Files.createFile(Files.createDirectories(waybill.outbox()).resolve("default"));
            assertThat(cancel()).isEqualTo(TOLD + NOT_YET);
            Patience.await().until(() -> attempts(waybill) > 1);

            Files.delete(obstacle);

            assertAnswered(waybill, "mabang");
        }
    }

    @Test
    void aSecondCancelGivesItToo() throws Exception {
        try (RunningWaybill waybill = on("H2").start()) {
            waits(waybill);
            waybill.engine().main().getCamelContext().getRouteController().stopRoute("due-orders");
            Path obstacle =
                    Files.createFile(Files.createDirectories(waybill.outbox()).resolve("default"));
            assertThat(cancel()).isEqualTo(TOLD + NOT_YET);
            assertThat(cancel()).isEqualTo(TOLD + NOT_YET);
            Files.delete(obstacle);

            assertThat(cancel()).isEqualTo(TOLD);

            assertAnswered(waybill, "mabang");
            assertThat(cancel()).isEqualTo("order default:A-1: it is cancelled already");
        }
    }

    @Test
    void noCarrierIsChosenForItAndNoneThatIsStoppedHoldsItUp() throws Exception {
        try (RunningWaybill waybill = on("H2").start()) {
            RouteController routes = waybill.engine().main().getCamelContext().getRouteController();
            routes.stopRoute("choose");
            waybill.drop("A-1.json", Orders.malaysian("A-1").put("carrier", "nobody-knows"));
            waybill.awaitHistory("A-1", "waiting");
            cancelAndDie(waybill);
            routes.startRoute("choose");

            aMinuteLater(waybill);

            assertAnswered(waybill, null);
            assertThat(waybill.of("dead_letter", KEY)).isEmpty();
        }
    }

    @Test
    void itKeepsNoProcessDying() {
        try (RunningWaybill waybill = on("H2").start()) {
            waits(waybill);
            cancelAndDie(waybill);

            waybill.update("update orders set lives = 5 where order_id = 'A-1'");
            aMinuteLater(waybill);

            waybill.awaitHistory("A-1", "follow-ups-given-up");
            assertThat(waybill.order(KEY))
                    .containsEntry("state", "cancelled")
                    .containsEntry("owner", null)
                    .containsEntry("due_at", null);
        }
    }

    private RunningWaybill.Start on(String database) {
        RunningWaybill.Start start =
                RunningWaybill.on(temp.resolve("work")).carriers(sandbox).with("waybill.pause.after-calls", "0");
        return database.equals("H2")
                ? start
                : start.with("waybill.db.url", PostgresServer.freshDatabase())
                        .with("waybill.db.user", PostgresServer.user());
    }

    private static void waits(RunningWaybill waybill) {
        waybill.drop("A-1.json", Orders.malaysian("A-1"));
        waybill.await("A-1", "waiting");
    }

    /** Leaves in the ledger what a kill leaves after the order was cancelled and before its answer was delivered. */
    private static void cancelAndDie(RunningWaybill waybill) {
        Clock clock = Clock.systemUTC();
        OwedAnswer owed = new OwedAnswer(new Turns(), new Backoff(Duration.ZERO, Duration.ZERO, Duration.ZERO), clock);
        Cancellations dying = new Cancellations(waybill.engine().ledger(), null, null, owed, new NobodyCounts(), clock);
        Patience.await().ignoreExceptions().until(() -> dying.cancel(KEY, "ann", "not wanted") != null);
        assertThat(waybill.order(KEY)).containsEntry("state", "cancelled");
    }

    private static void aMinuteLater(RunningWaybill waybill) {
        waybill.update("update follow_up set due_at = since where operation = 'answer' and due_at is not null");
        waybill.update("update orders set due_at = accepted_at where due_at is not null and owner = 'follow-up'");
    }

    private void assertAnswered(RunningWaybill waybill, String carrier) {
        Path answer = waybill.outbox().resolve("default/A-1.json");
        Patience.await().untilAsserted(() -> assertThat(waybill.order(KEY))
                .containsEntry("state", "cancelled")
                .containsEntry("owner", null)
                .containsEntry("due_at", null));
        JsonNode given = RunningWaybill.json(answer);
        assertThat(given.path("status").asText()).isEqualTo("cancelled");
        assertThat(given.path("carrier").asText(null)).isEqualTo(carrier);
        assertThat(given).isEqualTo(Orders.json((String) waybill.order(KEY).get("shipment")));
        assertThat(sandbox.calls("mabang")).isEqualTo(carrier == null ? 0 : 1);
        assertThat(waybill.of("history", KEY))
                .extracting(row -> row.get("what"))
                .endsWith("cancelled");
    }

    private static int attempts(RunningWaybill waybill) {
        List<Map<String, Object>> rows = waybill.query("select attempts from follow_up where operation = 'answer'");
        return (int) rows.get(0).get("attempts");
    }

    /** As an operator does; an order that is worked on at this very moment is tried again. */
    private static String cancel() {
        return Patience.await().until(OwedAnswerTest::told, told -> !told.endsWith("try again"));
    }

    private static String told() throws Exception {
        Object[] order = {"default", "A-1", 0, "not wanted"};
        String text = String.class.getName();
        try {
            Object told = ManagementFactory.getPlatformMBeanServer()
                    .invoke(new ObjectName("io.waybill:type=Operations"), "cancel", order, new String[] {
                        text, text, "int", text
                    });
            return ((Map<?, ?>) told).get("says").toString();
        } catch (RuntimeMBeanException | MBeanException refused) {
            return refused.getCause().getMessage();
        }
    }

    private static final class NobodyCounts implements Tally {

        @Override
        public void called(String carrier, Outcome outcome) {
            throw new AssertionError("carrier " + carrier + " was asked");
        }

        @Override
        public void settled(Settled settled) {
            // nobody watches a process that dies
        }

        @Override
        public void duplicate() {
            throw new AssertionError("nothing came again");
        }
    }
}
