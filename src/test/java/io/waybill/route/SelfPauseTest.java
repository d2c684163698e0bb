package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which answers make a carrier pause by itself, one call at a time, and what becomes of six orders meanwhile. */
class SelfPauseTest {

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    private int calls;
    private int changes;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.carrier.mabang.concurrency", "1")
                .with("waybill.pause.after-calls", "3")
                .changed("mappings/mabang/carrier.yaml", "wait: PT1M", "wait: PT1S")
                .with("waybill.carrier.kdniao.track-url", "http://127.0.0.1:1")
                .changed("mappings/kdniao/carrier.yaml", "first: PT2H", "first: PT1S")
                .changed("mappings/kdniao/carrier.yaml", "longest: PT12H", "longest: PT1S")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @BeforeEach
    void count() {
        calls = sandbox.calls("mabang");
        changes = waybill.query("select version from carrier_history").size();
    }

    @Test
    void aCarrierThatAsksToWaitIsLeftAloneForSoLong() {
        next(3, Reply.status(429, Map.of("Retry-After", "4"), "slow down"));

        List<String> ids = drop("W");
        ids.forEach(id -> waybill.await(id, "completed"));

        Instant paused = ((OffsetDateTime) changes().get(0).get("at")).toInstant();
        assertThat(sandbox.booked())
                .filteredOn(booked -> ids.contains(booked.reference()))
                .hasSize(6)
                .extracting(Booked::at)
                .allMatch(at -> at.isAfter(paused.plusMillis(3999)));
        assertThat(sandbox.calls("mabang") - calls).isEqualTo(3 + 6);
    }

    @Test
    void answersThatNobodyUnderstandsPauseBeforeMoreOrdersAreInDoubt() {
        next(3, Reply.status(502, Map.of(), "<html>"));

        List<String> ids = drop("D");

        ids.subList(3, 6).forEach(id -> waybill.await(id, "completed"));
        ids.subList(0, 3).forEach(id -> waybill.await(id, "in-doubt"));
        assertThat(changes()).extracting(row -> row.get("state")).containsExactly("paused", "working");
    }

    @Test
    void ordersWaitForCredentialsThatTheCarrierKnows() {
        next(5, Reply.status(401, Map.of(), "{}"));

        List<String> ids = drop("C");

        ids.forEach(id -> waybill.await(id, "completed"));
        assertThat(changes().get(0).get("reason").toString()).contains("mabang refused the token (401)");
        assertThat(sandbox.calls("mabang") - calls).isEqualTo(5 + 6);
    }

    @Test
    void aRefusalPausesNothing() {
        next(5, Reply.status(422, Map.of(), "{\"message\":\"no\"}"));

        List<String> ids = drop("R");

        ids.subList(0, 5).forEach(id -> waybill.await(id, "dead-letter"));
        waybill.await(ids.get(5), "completed");
        assertThat(changes()).isEmpty();
    }

    @Test
    void aHostThatIsNotTheCarriersOwnPausesNothing() {
        waybill.drop(
                "T.json",
                IntStream.rangeClosed(1, 4)
                        .mapToObj(i -> Orders.chinese("T-" + i))
                        .toList()
                        .toString());

        Patience.await()
                .until(() -> waybill.query("select 1 from follow_up where operation = 'query' and detail <> ''")
                                .size()
                        == 4);

        assertThat(changes()).isEmpty();
    }

    private static void next(int times, Reply reply) {
        sandbox.script(Fault.at("mabang").calls(0, times).instead(reply));
    }

    private static List<String> drop(String prefix) {
        List<String> ids =
                IntStream.rangeClosed(1, 6).mapToObj(i -> prefix + "-" + i).toList();
        waybill.drop(
                prefix + ".json", ids.stream().map(Orders::malaysian).toList().toString());
        return ids;
    }

    /** How the carrier's state changed since the test began. */
    private List<Map<String, Object>> changes() {
        return waybill.query("select at, state, reason from carrier_history order by version").stream()
                .skip(changes)
                .toList();
    }
}
