package io.waybill.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.TcpProxy;
import io.waybill.testing.TlsKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statuses that say that a carrier is not well: asked once, whatever the HTTP client would like to do by itself. */
class CarrierStatusTest {

    private static final String HOUR = "3600";

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static TcpProxy secure;
    private static RunningWaybill waybill;

    /** Mabang is reached by http, BirdSystem by https: Camel has a component for each. */
    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        TlsKey key = TlsKey.in(temp);
        key.believe();
        secure = TcpProxy.to(sandbox.port(), 0, key.context());
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.carrier.birdsystem.url", "https://127.0.0.1:" + secure.port() + "/client")
                .with("waybill.in-doubt.settle-seconds", "1")
                // calls are counted here
                .with("waybill.carrier.birdsystem.services-minutes", "0")
                .with("waybill.carrier.birdsystem.in-doubt", "operator")
                // each test is about one order, and none about a carrier that is down
                .with("waybill.pause.after-calls", "0")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        TlsKey.believeNoMore();
        secure.close();
        sandbox.close();
    }

    @Test
    void serverErrorsWithAndWithoutABookingAreFoundOut() {
        List<Integer> statuses = List.of(500, 502, 503, 504, 408);
        for (int status : statuses) {
            sandbox.script(
                    Fault.at("kdniao").reference("S-with-" + status).afterCommit(Reply.status(status, "")),
                    Fault.at("kdniao").reference("S-without-" + status).instead(Reply.status(status, "")));
            waybill.drop("S-with-" + status + ".json", Orders.chinese("S-with-" + status));
            waybill.drop("S-without-" + status + ".json", Orders.chinese("S-without-" + status));
        }
        List<String> ids = statuses.stream()
                .flatMap(status -> List.of("S-with-" + status, "S-without-" + status).stream())
                .toList();

        Shipped.once(waybill, sandbox, ids);

        assertThat(ids)
                .allSatisfy(id -> assertThat(Shipped.history(waybill, id)).containsSubsequence("in-doubt", "booked"));
    }

    /** BirdSystem is asked for the product before the order is created. */
    private static int once(String carrier) {
        return carrier.equals("birdsystem") ? 2 : 1;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mabang", "birdsystem"})
    void throttledCallIsNotRepeatedByTheClient(String carrier) {
        String id = "S-429-" + carrier;
        int before = sandbox.calls(carrier);
        sandbox.script(Fault.at(carrier)
                .reference(id)
                .calls(0, -1)
                .instead(Reply.status(429, Map.of("Retry-After", HOUR), "")));

        waybill.drop(id + ".json", carrier.equals("mabang") ? Orders.malaysian(id) : Orders.british(id));
        waybill.await(id, "waiting");

        assertThat(sandbox.calls(carrier)).isEqualTo(before + once(carrier));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mabang", "birdsystem"})
    void unavailableCarrierIsNotCalledAgainByTheClient(String carrier) {
        String id = "S-503-" + carrier;
        int before = sandbox.calls(carrier);
        sandbox.script(Fault.at(carrier)
                .path(carrier.equals("mabang") ? "/order" : "/Consignment")
                .reference(id)
                .instead(Reply.status(503, Map.of("Retry-After", "0"), "")));

        waybill.drop(id + ".json", carrier.equals("mabang") ? Orders.malaysian(id) : Orders.british(id));
        waybill.await(id, "in-doubt");

        assertThat(sandbox.calls(carrier)).isEqualTo(before + once(carrier));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mabang", "birdsystem"})
    void redirectIsNotFollowed(String carrier) {
        String id = "S-307-" + carrier;
        String here = carrier.equals("mabang") ? "/apicenter/api/order" : "/client/Consignment";
        int before = sandbox.calls(carrier);
        sandbox.script(Fault.at(carrier)
                .reference(id)
                .instead(Reply.status(307, Map.of("Location", sandbox.uri() + here), "")));

        waybill.drop(id + ".json", carrier.equals("mabang") ? Orders.malaysian(id) : Orders.british(id));
        waybill.await(id, "in-doubt");

        assertThat(sandbox.calls(carrier)).isEqualTo(before + once(carrier));
    }

    /** What the tests above would see, were it not switched off. */
    @Test
    void clientAsItComesRepeatsAPost() throws Exception {
        int before = sandbox.calls("mabang");
        sandbox.script(Fault.at("mabang").path("/twice").calls(0, 1).instead(Reply.status(503, "")));

        try (CloseableHttpClient stock = HttpClients.createDefault()) {
            stock.execute(new HttpPost(sandbox.uri() + "/apicenter/twice"), response -> response.getCode());
        }

        assertThat(sandbox.calls("mabang")).isEqualTo(before + 2);
    }

    @Test
    void carrierMayNameADay() {
        Instant day = Instant.now().plus(Duration.ofHours(3));
        throttle("S-day", DateTimeFormatter.RFC_1123_DATE_TIME.format(day.atOffset(ZoneOffset.UTC)));

        OffsetDateTime due = (OffsetDateTime) waybill.await("S-day", "waiting").get("due_at");

        assertThat(due.toInstant()).isBetween(day.minusSeconds(60), day.plusSeconds(60));
    }

    @Test
    void waitThatIsNoneIsAnOrdinaryOne() {
        List<String> waits =
                List.of("-1", "0", "soon", "", "Fri, 31 Dec 1999 23:59:59 GMT", "1e9", "-99999999999999999");
        List<String> ids =
                IntStream.range(0, waits.size()).mapToObj(i -> "S-wait-" + i).toList();
        for (int i = 0; i < waits.size(); i++) {
            throttle(ids.get(i), waits.get(i));
        }

        Shipped.once(waybill, sandbox, ids);

        assertThat(ids)
                .allSatisfy(id -> assertThat(Shipped.history(waybill, id)).containsSubsequence("waiting", "booked"));
    }

    @Test
    void waitThatNeverEndsIsADay() {
        throttle("S-ever", "99999999999999999999");

        OffsetDateTime due = (OffsetDateTime) waybill.await("S-ever", "waiting").get("due_at");

        assertThat(due.toInstant()).isBefore(Instant.now().plus(Duration.ofHours(25)));
    }

    private static void throttle(String id, String retryAfter) {
        sandbox.script(
                Fault.at("mabang").reference(id).instead(Reply.status(429, Map.of("Retry-After", retryAfter), "")));
        waybill.drop(id + ".json", Orders.malaysian(id));
    }
}
