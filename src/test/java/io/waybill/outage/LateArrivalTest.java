package io.waybill.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.mapping.Carriers;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.settings.Settings;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.TcpProxy;
import io.waybill.testing.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request that is still on its way when nobody waits for its answer any more. */
class LateArrivalTest {

    private static final String BOOK = "POST /client/Consignment ";
    private static final String LOOK = "GET /client/consignment?";

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static TcpProxy proxy;
    private static TcpProxy sleepy;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        proxy = TcpProxy.to(sandbox.port());
        sleepy = TcpProxy.to(sandbox.port());
        waybill = waybill("work", 1);
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sleepy.close();
        proxy.close();
        sandbox.close();
    }

    @Test
    void requestThatArrivesWithinTheSettleTimeIsFoundAndNotSentAgain() {
        // long enough that the request arrives before it, however slow this test is
        try (RunningWaybill patient = waybill("patient", 8)) {
            proxy.next(Trouble.of(Trouble.Kind.HOLD).about(BOOK));
            patient.drop("L-1.json", Orders.british("L-1"));
            patient.await("L-1", "in-doubt");

            proxy.deliver();
            Shipped.once(patient, sandbox, List.of("L-1"));

            assertThat(Shipped.history(patient, "L-1")).containsOnlyOnce("book-sent");
        }
    }

    @Test
    void nobodyAsksAboutACallThatMayStillBeAnswered() {
        Carriers carriers = Carriers.load(Path.of("mappings"));
        Settings settings = Settings.load(new Properties(), Map.of());
        Duration settle = Duration.ofSeconds(settings.number("waybill.in-doubt.settle-seconds"));

        assertThat(carriers.ids().stream().map(carriers::get).flatMap(carrier -> carrier.operations().stream()
                        .map(carrier::operation)
                        .map(operation -> operation.connectTimeout().plus(operation.responseTimeout()))))
                .isNotEmpty()
                .allMatch(patience -> patience.compareTo(settle) <= 0);
    }

    @Test
    void requestThatArrivesAfterTheCarrierSaidAbsentIsTheOnlyShipment() {
        proxy.next(Trouble.of(Trouble.Kind.HOLD).about(BOOK));
        proxy.next(Trouble.of(Trouble.Kind.HOLD).about(BOOK));
        waybill.drop("L-2.json", Orders.british("L-2"));
        // the first was looked up, is absent, and the second is on its way
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> proxy.held() == 2);

        proxy.deliver();
        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> Shipped.bookings(sandbox, "L-2").size() == 1);
        proxy.deliver();
        Shipped.once(waybill, sandbox, List.of("L-2"));

        assertThat(waybill.shipment("default", "L-2").get("carrier_order_id").asText())
                .isEqualTo(Shipped.bookings(sandbox, "L-2").get(0).carrierOrderId());
    }

    @Test
    void requestThatArrivesAfterItsRepetitionIsNoSecondShipment() {
        proxy.next(
                Trouble.of(Trouble.Kind.HOLD).about(BOOK),
                Trouble.of(Trouble.Kind.HOLD).about("POST /api/"));
        waybill.drop("L-3.json", Orders.british("L-3"));
        waybill.drop("L-4.json", Orders.chinese("L-4"));
        Shipped.once(waybill, sandbox, List.of("L-3", "L-4"));
        int before = sandbox.calls("birdsystem") + sandbox.calls("kdniao");

        proxy.deliver();
        proxy.deliver();

        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> sandbox.calls("birdsystem") + sandbox.calls("kdniao") == before + 2);
        Shipped.once(waybill, sandbox, List.of("L-3", "L-4"));
        assertThat(Shipped.history(waybill, "L-3")).endsWith("awaiting");
        assertThat(Shipped.history(waybill, "L-4")).endsWith("completed");
    }

    @Test
    void lookUpThatIsLostIsSimplyAskedAgain() {
        proxy.next(
                Trouble.of(Trouble.Kind.RESET_AFTER_REQUEST).about(BOOK),
                Trouble.of(Trouble.Kind.RESET_AFTER_REQUEST).about(LOOK),
                Trouble.cutAnswer(100).about(LOOK));
        waybill.drop("L-5.json", Orders.british("L-5"));

        Shipped.once(waybill, sandbox, List.of("L-5"));

        assertThat(Shipped.history(waybill, "L-5")).containsOnlyOnce("book-sent");
    }

    @Test
    void connectionThatTheCarrierClosedWhileNobodySpokeIsNotUsedAgain() {
        List<String> ids = IntStream.range(0, 5).mapToObj(i -> "L-idle-" + i).toList();

        // later than a connection is taken for one that surely stands
        sleepy.closeIdleAfter(Duration.ofMillis(200));
        for (String id : ids) {
            waybill.drop(id + ".json", Orders.malaysian(id));
            waybill.await(id, "completed");
            Patience.await().until(() -> sleepy.open() == 0);
        }

        Shipped.once(waybill, sandbox, ids);
    }

    private static RunningWaybill waybill(String name, int settleSeconds) {
        String url = "http://127.0.0.1:" + proxy.port();
        RunningWaybill.Start start = RunningWaybill.on(temp.resolve(name))
                .carriers(sandbox)
                .with("waybill.carrier.birdsystem.url", url + "/client")
                .with("waybill.carrier.kdniao.url", url)
                .with("waybill.carrier.mabang.url", "http://127.0.0.1:" + sleepy.port())
                .with("waybill.in-doubt.settle-seconds", String.valueOf(settleSeconds));
        for (String carrier : List.of("birdsystem", "kdniao")) {
            start.changed("mappings/" + carrier + "/carrier.yaml", "timeout: PT30S", "timeout: PT2S");
        }
        return start.start();
    }
}
