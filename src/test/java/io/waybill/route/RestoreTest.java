package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger comes back from a backup and does not know what was booked since: nothing of that is booked again. */
class RestoreTest {

    private static final String LEDGER = "data/ledger.mv.db";

    @TempDir
    Path temp;

    private Sandbox sandbox;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void whatWasBookedSinceTheBackupIsNotBookedAgain() throws IOException, JMException {
        backUpWithOneThatWaits();
        try (RunningWaybill lost = waybill().start()) {
            lost.engine().ledger().pauses().resumeByHand("mabang", "ann", "open again");
            lost.drop("NEW.json", Orders.malaysian("NEW"));
            lost.await("WAITED", "completed");
            lost.await("NEW", "completed");
            lost.drop("OPEN.json", Orders.malaysian("OPEN"));
            lost.await("OPEN", "completed");
        }
        Files.copy(temp.resolve("backup"), work().resolve(LEDGER), StandardCopyOption.REPLACE_EXISTING);
        int before = sandbox.calls("mabang");

        try (RunningWaybill restored =
                waybill().with("waybill.pause.at-start", "restored").start()) {
            restored.drop("NEW.json", Orders.malaysian("NEW"));
            restored.drop("OPEN.json", Orders.malaysian("OPEN"));
            restored.drop("LATER.json", Orders.malaysian("LATER"));
            awaitWaiting(restored, 4);
            assertThat(sandbox.calls("mabang")).isEqualTo(before);

            for (String booked : new String[] {"WAITED", "NEW", "OPEN"}) {
                cancel(booked);
            }
            restored.engine().ledger().pauses().resumeByHand("mabang", "ann", "looked through");

            restored.await("LATER", "completed");
            assertThat(sandbox.booked().stream().map(Booked::reference))
                    .containsExactlyInAnyOrder("WAITED", "NEW", "OPEN", "LATER");
            assertThat(restored.query("select distinct carrier, state from carrier_state where carrier <> 'mabang'"))
                    .containsExactlyInAnyOrder(
                            Map.of("carrier", "birdsystem", "state", "paused-by-hand"),
                            Map.of("carrier", "kdniao", "state", "paused-by-hand"));
        }
    }

    /** The backup knows of the first product only that it was sent; the rest was done after it. */
    @Test
    void whatWasHalfBookedInTheBackupIsLookedUpCallByCallAndDoneOnce() throws IOException {
        sandbox.script(Fault.at("birdsystem")
                .reference("HALF")
                .path("/Consignment-Product")
                .calls(0, 1)
                .afterCommit(Reply.drop()));
        try (RunningWaybill first =
                waybill().with("waybill.in-doubt.settle-seconds", "3600").start()) {
            first.drop("HALF.json", twoProducts("HALF"));
            first.await("HALF", "in-doubt");
        }
        Files.copy(work().resolve(LEDGER), temp.resolve("backup"));
        try (RunningWaybill lost = waybill().start()) {
            lost.update("update orders set due_at = current_timestamp where order_id = 'HALF'");
            lost.drop("NEW.json", twoProducts("NEW"));
            lost.await("HALF", "awaiting");
            lost.await("NEW", "awaiting");
        }
        Files.copy(temp.resolve("backup"), work().resolve(LEDGER), StandardCopyOption.REPLACE_EXISTING);

        try (RunningWaybill restored =
                waybill().with("waybill.in-doubt.settle-seconds", "1").start()) {
            restored.update("update orders set due_at = current_timestamp where order_id = 'HALF'");
            restored.drop("NEW.json", twoProducts("NEW"));
            restored.await("HALF", "awaiting");
            restored.await("NEW", "awaiting");
        }

        assertThat(sandbox.booked()).hasSize(2).allSatisfy(order -> {
            assertThat(sandbox.items(order).findValuesAsText("quantity")).containsExactly("2", "3");
            assertThat(sandbox.submits(order)).isEqualTo(1);
        });
    }

    private static ObjectNode twoProducts(String id) {
        ObjectNode order = Orders.british(id);
        order.withArray("items").addObject().put("sku", "MUG-1").put("quantity", 3);
        return order;
    }

    private void backUpWithOneThatWaits() throws IOException {
        try (RunningWaybill first = waybill().start()) {
            first.engine().ledger().pauses().pauseByHand("mabang", "ann", "stock-taking");
            first.drop("WAITED.json", Orders.malaysian("WAITED"));
            awaitWaiting(first, 1);
        }
        Files.copy(work().resolve(LEDGER), temp.resolve("backup"));
    }

    private Path work() {
        return temp.resolve("work");
    }

    private RunningWaybill.Start waybill() {
        return RunningWaybill.on(work()).carriers(sandbox);
    }

    private static void cancel(String id) throws JMException {
        ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("io.waybill:type=Operations"),
                        "cancel",
                        new Object[] {"default", id, 0, "shipped before the restore"},
                        new String[] {"java.lang.String", "java.lang.String", "int", "java.lang.String"});
    }

    private static void awaitWaiting(RunningWaybill waybill, int count) {
        Awaitility.await(count + " orders that wait for their carrier")
                .atMost(RunningWaybill.PATIENCE)
                .untilAsserted(() -> assertThat(waybill.query(
                                "select order_id from orders where state = 'waiting' and owner like 'paused/%'"))
                        .hasSize(count));
    }
}
