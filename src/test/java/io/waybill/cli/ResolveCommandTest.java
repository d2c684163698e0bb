package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.order.OrderKey;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
                .with("waybill.management.enabled", "true")
                .with("waybill.management.port", "0")
                .with("waybill.account.default.mabang.tariff.standard", "38.00 PHP for 500 g")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void anAdoptedOrderIsCompletedWithTheCarriersIdAndItsReasonStays() {
        doubtful("A-1");

        assertThat(resolve("--list").lines()).anyMatch(line -> line.startsWith("A-1\tdefault\t0\tmabang\t"));
        assertThat(resolve("A-1", "--adopt", "MB-77", "--reason", "seen in the portal"))
                .isEqualTo("order default:A-1: adopt accepted\n");
        waybill.await("A-1", "completed");

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
    void whatCannotBeDecidedIsSaid() {
        doubtful("A-4");

        assertThat(resolve("A-4", "--rebook")).isEqualTo("waybill: an ORDER and a --reason are needed to decide\n");
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
