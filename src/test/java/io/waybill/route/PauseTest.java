package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.cli.SandboxSettings;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.HeldPort;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.PostgresServer;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A carrier that is down: it is left alone, the others go on, and its orders go on in their order when it is back. */
class PauseTest {

    @TempDir
    Path temp;

    private Sandbox sandbox;
    private HeldPort closed;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        closed = HeldPort.any();
    }

    @AfterEach
    void stop() {
        closed.close();
        sandbox.close();
    }

    @Test
    void theOthersGoOnAndItsOrdersFollowInTheirOrder() {
        try (RunningWaybill waybill = birdDown("work").start()) {
            waybill.drop("british.json", several("B", 6, Orders::british));
            awaitParked(waybill, 6);

            waybill.drop("malaysian.json", several("M", 20, Orders::malaysian));
            ids("M", 20).forEach(id -> waybill.await(id, "completed"));

            assertThat(waybill.of("step", key("B-6"))).isEmpty();
            assertThat(waybill.of("history", key("B-6")))
                    .extracting(row -> row.get("what"))
                    .containsExactly("accepted", "paused");
            assertThat(waybill.of("history", key("B-6")).get(1).get("detail").toString())
                    .contains("carrier birdsystem is paused since ", ", next probe at ");
            assertThat(waybill.query("select distinct state, attempts from orders where order_id = 'B-6'"))
                    .containsExactly(Map.of("state", "waiting", "attempts", 0));
            assertBackInOrder(waybill);
        }
    }

    @Test
    void whoDiedWithAnOrderCountsOnWhileItWaitsForItsCarrier() throws Exception {
        try (RunningWaybill waybill =
                RunningWaybill.on(temp.resolve("work")).carriers(sandbox).start()) {
            waybill.engine().ledger().pauses().pauseByHand("mabang", "ann", "stock-taking");
            waybill.engine().main().getCamelContext().getRouteController().stopRoute("dead-letter");
            waybill.drop("malaysian.json", several("M", 2, Orders::malaysian));
            awaitParked(waybill, 2);

            broken(waybill, "M-1", 2);
            broken(waybill, "M-2", 5);

            for (String id : ids("M", 2)) {
                Patience.await()
                        .until(() -> waybill.of("history", key(id)).stream()
                                        .filter(row -> row.get("what").equals("paused"))
                                        .count()
                                == 2);
            }
            awaitParked(waybill, 2);
            assertThat(waybill.order(key("M-1"))).containsEntry("lives", 2);
            assertThat(waybill.order(key("M-2"))).containsEntry("lives", 5);

            waybill.engine().main().getCamelContext().getRouteController().startRoute("dead-letter");
            waybill.engine().ledger().pauses().resumeByHand("mabang", "ann", "done");
            assertThat(waybill.await("M-1", "completed")).containsEntry("lives", 0);
            waybill.awaitDead("M-2", "poison");
        }
    }

    /** What the recovery after so many crashes leaves. */
    private static void broken(RunningWaybill waybill, String id, int lives) {
        assertThat(waybill.update("update orders set owner = null, due_at = accepted_at, lives = " + lives
                        + " where order_id = '" + id + "'"))
                .isEqualTo(1);
    }

    @Test
    void aPauseOutlivesARestart() {
        try (RunningWaybill first = birdDown("work").start()) {
            first.drop("british.json", several("B", 6, Orders::british));
            awaitParked(first, 6);
        }

        try (RunningWaybill second = birdDown("work").start()) {
            assertThat(second.query("select state from carrier_state")).containsExactly(Map.of("state", "paused"));
            assertBackInOrder(second);
        }
    }

    @Test
    void aPauseByHandOutlivesARestartAndNothingGoesOut() {
        try (RunningWaybill first =
                RunningWaybill.on(temp.resolve("work")).carriers(sandbox).start()) {
            first.engine().ledger().pauses().pauseByHand("mabang", "ann", "stock-taking");
            first.drop("malaysian.json", several("M", 3, Orders::malaysian));
            first.drop("K-1.json", Orders.chinese("K-1"));
            awaitParked(first, 3);
            first.await("K-1", "completed");
        }

        try (RunningWaybill second =
                RunningWaybill.on(temp.resolve("work")).carriers(sandbox).start()) {
            second.drop("M-4.json", Orders.malaysian("M-4"));
            awaitParked(second, 4);
            assertThat(sandbox.calls("mabang")).isZero();

            second.engine().ledger().pauses().resumeByHand("mabang", "ann", "done");
            ids("M", 4).forEach(id -> second.await(id, "completed"));

            assertThat(references(sandbox, "mabang")).containsExactlyInAnyOrder("M-1", "M-2", "M-3", "M-4");
            assertThat(second.query("select state, actor, reason from carrier_history order by version"))
                    .containsExactly(
                            Map.of("state", "paused-by-hand", "actor", "ann", "reason", "stock-taking"),
                            Map.of("state", "working", "actor", "ann", "reason", "done"));
        }
    }

    @Test
    void oneOfSeveralAccountsThatIsPutOffDoesNotStopTheOthers() {
        RunningWaybill.Start start = one("mabang", "work").carriers(sandbox);
        String account = "waybill.account.default.mabang.";
        SandboxSettings.of(sandbox).forEach((name, value) -> {
            if (name.startsWith(account)) {
                start.with("waybill.account.other.mabang." + name.substring(account.length()), value);
            }
        });
        sandbox.script(Fault.at("mabang").calls(0, 5).instead(Reply.status(429, Map.of("Retry-After", "3600"), "")));
        try (RunningWaybill waybill = start.start()) {
            waybill.drop("malaysian.json", several("M", 5, Orders::malaysian));
            ids("M", 5).forEach(id -> waybill.await(id, "waiting"));

            waybill.drop("other/O-1.json", Orders.malaysian("O-1"));

            waybill.await(new OrderKey("other", "O-1", 0), "completed");
            assertThat(waybill.query("select * from carrier_state")).isEmpty();
        }
    }

    @Test
    void anOrderOfAPausedCarrierThatGrewTooOldIsADeadLetter() {
        try (RunningWaybill waybill =
                birdDown("work").with("waybill.retry.age-hours", "0").start()) {
            waybill.engine().ledger().pauses().pauseByHand("birdsystem", "ann", "closed");

            waybill.drop("B-1.json", Orders.british("B-1"));

            assertThat(waybill.awaitDead("B-1", "expired").message())
                    .startsWith("waited 0 hours; carrier birdsystem is paused since ")
                    .endsWith(" by ann, until somebody resumes it");
        }
    }

    @Test
    void anOrderThatIsBookedNeedsItsPausedCarrierNoMore() throws IOException {
        try (RunningWaybill waybill =
                RunningWaybill.on(temp.resolve("work")).carriers(sandbox).start()) {
            Path blocked = waybill.outbox().resolve("default");
            java.nio.file.Files.createDirectories(waybill.outbox());
            java.nio.file.Files.writeString(blocked, "in the way");
            waybill.drop("M-1.json", Orders.malaysian("M-1"));
            waybill.await("M-1", "booked");
            waybill.engine().ledger().pauses().pauseByHand("mabang", "ann", "closed");

            java.nio.file.Files.delete(blocked);

            waybill.await("M-1", "completed");
        }
    }

    @Test
    void twoNodesOnOneDatabasePauseAndGoOnTogether() {
        String url = PostgresServer.freshDatabase();
        try (RunningWaybill one = onPostgres("one", url).start();
                RunningWaybill two = onPostgres("two", url).start()) {
            one.drop("british.json", several("B", 8, Orders::british));
            two.drop("british.json", several("C", 8, Orders::british));
            awaitParked(one, 16);
            two.drop("malaysian.json", several("M", 5, Orders::malaysian));
            ids("M", 5).forEach(id -> two.await(id, "completed"));
            assertThat(one.query("select state from carrier_history")).containsExactly(Map.of("state", "paused"));

            try (Sandbox back = Sandbox.start(SandboxOptions.onAnyPort().withPort(closed.number()))) {
                ids("B", 8).forEach(id -> one.await(id, "awaiting"));
                ids("C", 8).forEach(id -> one.await(id, "awaiting"));
                assertThat(references(back, "birdsystem")).hasSize(16).doesNotHaveDuplicates();
            }
        }
    }

    private void assertBackInOrder(RunningWaybill waybill) {
        try (Sandbox back = Sandbox.start(SandboxOptions.onAnyPort().withPort(closed.number()))) {
            ids("B", 6).forEach(id -> waybill.await(id, "awaiting"));
            assertThat(references(back, "birdsystem")).containsExactlyElementsOf(ids("B", 6));
            assertThat(waybill.query("select state from carrier_history order by version"))
                    .containsExactly(Map.of("state", "paused"), Map.of("state", "working"));
        }
    }

    private RunningWaybill.Start birdDown(String work) {
        return one("birdsystem", work)
                .carriers(sandbox)
                .with("waybill.carrier.birdsystem.url", "http://127.0.0.1:" + closed.number() + "/client");
    }

    private RunningWaybill.Start onPostgres(String node, String url) {
        return birdDown(node)
                .with("waybill.node", node)
                .with("waybill.db.url", url)
                .with("waybill.db.user", PostgresServer.user());
    }

    /** One call at a time, so that there is an order of calls to see; three that fail are enough. */
    private RunningWaybill.Start one(String carrier, String work) {
        return RunningWaybill.on(temp.resolve(work))
                .with("waybill.carrier." + carrier + ".concurrency", "1")
                .with("waybill.pause.after-calls", "3");
    }

    private static void awaitParked(RunningWaybill waybill, int count) {
        Awaitility.await(count + " orders that wait for their carrier")
                .atMost(RunningWaybill.PATIENCE)
                .untilAsserted(() -> assertThat(waybill.query(
                                "select order_id from orders where state = 'waiting' and owner like 'paused/%'"))
                        .hasSize(count));
    }

    private static String several(String prefix, int count, Function<String, ObjectNode> order) {
        return ids(prefix, count).stream().map(order).toList().toString();
    }

    private static List<String> ids(String prefix, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> prefix + "-" + i).toList();
    }

    private static List<String> references(Sandbox sandbox, String carrier) {
        return sandbox.booked().stream()
                .filter(booked -> booked.carrier().equals(carrier))
                .map(Booked::reference)
                .toList();
    }

    private static OrderKey key(String id) {
        return new OrderKey("default", id, 0);
    }
}
