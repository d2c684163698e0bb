package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.ledger.Ledger;
import io.waybill.ledger.Recovery;
import io.waybill.mapping.OrderSchema;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.apache.camel.builder.AdviceWith;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that stands still between the journal and the wire, for longer than its lease. */
class LastLookTest {

    private static final Duration LEASE = Duration.ofSeconds(2);

    @TempDir
    Path temp;

    private Sandbox sandbox;
    private RunningWaybill waybill;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.lease-seconds", Long.toString(LEASE.toSeconds()))
                .with("waybill.in-doubt.settle-seconds", "1")
                .start();
    }

    @AfterEach
    void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void bookingThatComesTooLateDoesNotLeaveAndIsMadeAgain() throws Exception {
        List<Integer> calls = standsStillOnce(() -> {});

        waybill.drop("L-1.json", Orders.malaysian("L-1"));
        waybill.await("L-1", "completed");

        assertThat(calls).containsExactly(0);
        assertThat(history("L-1"))
                .containsSubsequence("book-sent", "waiting", "taken", "book-sent", "booked", "completed")
                .doesNotContain("in-doubt");
        assertThat(sandbox.booked()).hasSize(1);
        assertThat(sandbox.calls("mabang")).isEqualTo(1);
    }

    @Test
    void bookingOfANodeThatWasTakenOverNeverLeaves() throws Exception {
        standsStillOnce(this::takenOver);

        waybill.drop("L-2.json", Orders.chinese("L-2"));
        waybill.await("L-2", "completed");

        assertThat(history("L-2"))
                .startsWith("accepted", "book-sent", "in-doubt", "taken", "book-sent")
                .endsWith("booked", "completed")
                // what the first one would have written, were it not fenced off
                .doesNotContain("waiting");
        assertThat(sandbox.booked()).hasSize(1);
        assertThat(sandbox.calls("kdniao")).isEqualTo(1);

        AtomicBoolean first = new AtomicBoolean(true);
        AdviceWith.adviceWith(
                waybill.engine().main().getCamelContext(),
                "choose",
                route -> route.weaveById("choose-carrier").before().process(exchange -> {
                    if (first.getAndSet(false)) {
                        takenOver();
                    }
                }));
        waybill.drop("L-3.json", Orders.chinese("L-3").put("carrier", "nobody"));
        waybill.await("L-3", "dead-letter");
        assertThat(history("L-3")).containsExactly("accepted", "given-back", "taken", "dead-letter");
        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> waybill.engine().ledger().free() == 1000);
    }

    /** Before its first call, the node does nothing for longer than its lease; gives how often it had called after that. */
    private List<Integer> standsStillOnce(Runnable meanwhile) throws Exception {
        AtomicBoolean first = new AtomicBoolean(true);
        List<Integer> calls = new CopyOnWriteArrayList<>();
        AdviceWith.adviceWith(waybill.engine().main().getCamelContext(), "book", route -> {
            route.weaveById("call-carrier").before().process(exchange -> {
                if (first.getAndSet(false)) {
                    Patience.await().pollDelay(LEASE.plusMillis(500)).until(() -> true);
                    meanwhile.run();
                    calls.add(sandbox.calls("mabang") + sandbox.calls("kdniao"));
                }
            });
        });
        return calls;
    }

    /** By the clock of the database the node is dead, as it would be if its heart stood still too. */
    private void takenOver() {
        DataSource database = waybill.engine().main().lookup("ledgerDb", DataSource.class);
        CanonicalOrders parser = new CanonicalOrders(OrderSchema.load(Path.of("mappings/order.schema.json")));
        try (Ledger other = new Ledger(database, "other", 10, parser, Clock.systemUTC()).leaseFor(LEASE)) {
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> {
                lapse(database);
                Recovery found = other.settleFor(Duration.ofSeconds(1)).recover();
                return found.inDoubt() + found.resumed() == 1;
            });
        }
    }

    private static void lapse(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "update node set seen_at = current_timestamp - interval '9' second where name = 'waybill'");
        }
    }

    private List<String> history(String orderId) {
        return waybill.of("history", new OrderKey("default", orderId, 0)).stream()
                .map(row -> (String) row.get("what"))
                .toList();
    }
}
