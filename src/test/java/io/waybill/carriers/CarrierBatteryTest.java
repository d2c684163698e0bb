package io.waybill.carriers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Fingerprint;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.RunningWaybill.Dead;
import io.waybill.testing.TcpProxy;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every carrier does with orders by folder: one Waybill, the three that are shipped, and one that is only a folder. */
class CarrierBatteryTest {

    @TempDir
    static Path temp;

    private static final Map<String, TcpProxy> LINES = new LinkedHashMap<>();

    private static Sandbox sandbox;
    private static ParcelOne parcelOne;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        parcelOne = ParcelOne.start();
        for (String shipped : List.of("birdsystem", "mabang", "kdniao")) {
            LINES.put(shipped, TcpProxy.to(sandbox.port()));
        }
        LINES.put("parcelone", TcpProxy.to(parcelOne.port()));
        RunningWaybill.Start start = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .carrierFolder(Path.of("src/test/carriers/parcelone"))
                .with("waybill.account.default.parcelone.token", ParcelOne.TOKEN)
                .with("waybill.account.default.birdsystem.tariff.standard", "2.85 GBP for 1000 g")
                .with("waybill.account.default.mabang.tariff.standard", "38.00 MYR for 500 g")
                .with("waybill.account.default.kdniao.tariff.yto", "4.50 CNY for 1000 g")
                .with("waybill.in-doubt.settle-seconds", "1")
                .with("waybill.pause.after-calls", "0");
        LINES.forEach((name, line) -> start.with(
                "waybill.carrier." + name + ".url",
                "http://127.0.0.1:" + line.port() + (name.equals("birdsystem") ? "/client" : "")));
        waybill = start.start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        LINES.values().forEach(TcpProxy::close);
        parcelOne.close();
        sandbox.close();
    }

    static Stream<Simulated> carriers() {
        return Stream.concat(
                Stream.of("birdsystem", "mabang", "kdniao").map(name -> Simulated.shipped(sandbox, name)),
                Stream.of(new Simulated.Fourth(parcelOne)));
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void anOrderIsBookedOnceAndAnswered(Simulated carrier) {
        String id = drop(carrier, "happy");

        waybill.await(id, carrier.answered());

        assertThat(waybill.order(key(id)))
                .containsEntry("carrier", carrier.name())
                .containsEntry("carrier_reference", id);
        assertThat(waybill.shipment("default", id).path("carrier").asText()).isEqualTo(carrier.name());
        assertThat(carrier.bookings(id)).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void theLabelIsStoredAsItCame(Simulated carrier) throws IOException {
        String id = drop(carrier, "label");

        waybill.await(id, carrier.answered());

        JsonNode label = waybill.shipment("default", id).path("label");
        assertThat(label.path("format").textValue()).isEqualTo(carrier.label());
        assertThat(waybill.of("label", key(id))).hasSize(carrier.label() == null ? 0 : 1);
        if (carrier.label() != null) {
            byte[] stored = Files.readAllBytes(Path.of(label.path("path").asText()));
            assertThat(Fingerprint.of(stored)).isEqualTo(label.path("sha256").asText());
            assertThat(waybill.of("label", key(id)).get(0))
                    .containsEntry("sha256", Fingerprint.of(stored))
                    .containsEntry("bytes", (long) stored.length);
        }
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void chargesAreDecimals(Simulated carrier) {
        String id = drop(carrier, "fees");

        waybill.await(id, carrier.answered());

        assertThat(waybill.of("charge", key(id)))
                .extracting(row -> (BigDecimal) row.get("amount"))
                .containsExactlyInAnyOrderElementsOf(carrier.charges());
        assertThat(waybill.shipment("default", id).path("charges")).isNotEmpty().allSatisfy(charge -> assertThat(
                        charge.path("amount").isTextual())
                .isTrue());
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void aRejectionIsADeadLetterWithTheCarriersWords(Simulated carrier) {
        String words = carrier.reject(id(carrier, "no"));
        String id = drop(carrier, "no");

        Dead dead = waybill.awaitDead(id, "rejected");

        assertThat(dead.reason().path("carrier_answer").asText()).isEqualTo(words);
        assertThat(carrier.bookings(id)).isZero();
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void anOrderWaitsForACarrierThatIsDown(Simulated carrier) {
        LINES.get(carrier.name()).refuse();
        String id = drop(carrier, "down");

        waybill.awaitHistory(id, "waiting");
        LINES.get(carrier.name()).pass();

        waybill.await(id, carrier.answered());
        assertThat(carrier.bookings(id)).isEqualTo(1);
        assertThat(history(id)).doesNotContain("in-doubt");
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void anOrderWaitsAsLongAsTheCarrierAsks(Simulated carrier) {
        carrier.putOff(id(carrier, "later"));
        String id = drop(carrier, "later");

        waybill.awaitHistory(id, "waiting");

        waybill.await(id, carrier.answered());
        assertThat(carrier.bookings(id)).isEqualTo(1);
        assertThat(history(id)).doesNotContain("in-doubt");
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void aBookingWhoseAnswerIsLostIsFoundAndNotMadeAgain(Simulated carrier) {
        carrier.loseAnswer(id(carrier, "lost"), true);
        String id = drop(carrier, "lost");

        waybill.await(id, carrier.canBeAsked() ? carrier.answered() : "in-doubt");

        assertThat(history(id)).containsSubsequence("book-sent", "in-doubt");
        assertThat(carrier.bookings(id)).isEqualTo(1);
        assertThat(waybill.of("label", key(id))).hasSize(carrier.canBeAsked() && carrier.label() != null ? 1 : 0);
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void aBookingThatNeverArrivedIsMadeWhereThatIsKnown(Simulated carrier) {
        carrier.loseAnswer(id(carrier, "absent"), false);
        String id = drop(carrier, "absent");

        waybill.await(id, carrier.canBeAsked() ? carrier.answered() : "in-doubt");

        assertThat(history(id)).containsSubsequence("book-sent", "in-doubt");
        assertThat(carrier.bookings(id)).isEqualTo(carrier.canBeAsked() ? 1 : 0);
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void theSameOrderAgainIsADuplicateAndAnotherContentAConflict(Simulated carrier) {
        String id = drop(carrier, "again");
        waybill.await(id, carrier.answered());

        waybill.drop(id + "-2.json", carrier.order(id));
        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(waybill.order(key(id)))
                .containsEntry("duplicates", 1));
        ObjectNode other = carrier.order(id);
        other.withObject("/recipient").put("name", "Somebody Else");
        waybill.drop(id + "-3.json", other);

        waybill.awaitDead(id, "conflict");
        assertThat(waybill.order(key(id))).containsEntry("state", carrier.answered());
        assertThat(carrier.bookings(id)).isEqualTo(1);
    }

    private static String drop(Simulated carrier, String what) {
        String id = id(carrier, what);
        waybill.drop(id + ".json", carrier.order(id));
        return id;
    }

    private static String id(Simulated carrier, String what) {
        return carrier.name() + "-" + what;
    }

    private static List<String> history(String id) {
        return waybill.of("history", key(id)).stream()
                .map(row -> (String) row.get("what"))
                .toList();
    }

    private static OrderKey key(String id) {
        return new OrderKey("default", id, 0);
    }
}
