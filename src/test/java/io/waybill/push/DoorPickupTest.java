package io.waybill.push;

import static io.waybill.testing.RunningWaybill.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** KDNiao beside the plain e-waybill: the area is asked, a pickup ordered, its price estimated, its trace asked for, cancelled. */
@Timeout(120)
class DoorPickupTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.carrier.kdniao.track-url", sandbox.uri().toString())
                .changed("mappings/kdniao/carrier.yaml", "first: PT2H", "first: PT1S")
                .changed("mappings/kdniao/carrier.yaml", "first: PT1M", "first: PT1S")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void aDoorPickupIsBookedOnceAndEstimatedAfterwards() {
        drop("D-1", door("D-1"));

        waybill.await("D-1", "awaiting");
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(waybill.of("charge", key("D-1")))
                .anySatisfy(row -> assertThat(row).containsEntry("kind", "estimate")));
        assertThat(sandbox.booked().stream().filter(each -> "D-1".equals(each.reference())))
                .singleElement()
                .satisfies(each -> assertThat(each.state()).isEqualTo("1801"));
        assertThat(waybill.of("label", key("D-1"))).isEmpty();
        assertThat(waybill.of("follow_up", key("D-1")))
                .filteredOn(row -> row.get("operation").equals("pickup-push"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("state", "expected")
                        .containsEntry("awaits", "tracking_number")
                        .containsEntry("due_at", null));
    }

    @Test
    void whereNoCourierComesNothingIsBooked() {
        ObjectNode far = door("D-2");
        ((ObjectNode) far.get("recipient")).put("province", "西藏自治区");
        drop("D-2", far);

        assertThat(waybill.awaitDead("D-2", "rejected").message()).contains("no courier comes there");
        assertThat(sandbox.booked()).noneMatch(each -> "D-2".equals(each.reference()));
    }

    @Test
    void aCancelOfAnEWaybillAndOfADoorPickupGoEachItsOwnWay() throws Exception {
        drop("C-1", Orders.chinese("C-1"));
        waybill.await("C-1", "completed");
        drop("C-2", door("C-2"));
        waybill.await("C-2", "awaiting");

        cancel("C-1");
        cancel("C-2");

        waybill.await("C-1", "cancelled");
        waybill.await("C-2", "cancelled");
        assertThat(state("C-1")).isEqualTo("cancelled");
        assertThat(state("C-2")).isEqualTo("203");
    }

    @Test
    void aTraceIsAskedForWhereAnAddressIsSet() throws Exception {
        drop("Q-1", Orders.chinese("Q-1"));
        waybill.await("Q-1", "completed");
        // the push itself reaches nobody; the carrier knows the trace all the same
        control(
                """
                {"to": "%s/nobody", "type": "102", "entries": [{"OrderCode": "Q-1", "State": "2", "StateEx": "202",
                  "Traces": [{"AcceptTime": "2999-01-02 10:00:00", "AcceptStation": "out", "Action": "202"}]}]}
                """
                        .formatted(sandbox.uri()));

        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(waybill.of("tracking_event", key("Q-1")))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("status", "out_for_delivery")));
    }

    private static ObjectNode door(String id) {
        ObjectNode order = Orders.chinese(id).put("service", "yto").put("carrier", "kdniao");
        order.putObject("parcel").put("weight_g", 1200);
        order.putObject("pickup").put("from", "2026-01-02T10:00:00+08:00").put("to", "2026-01-02T12:00:00+08:00");
        return order;
    }

    private static void drop(String id, JsonNode order) {
        waybill.drop(id + ".json", order);
    }

    private static OrderKey key(String id) {
        return new OrderKey("default", id, 0);
    }

    private static String state(String reference) {
        return sandbox.booked().stream()
                .filter(each -> reference.equals(each.reference()))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private static void cancel(String id) throws Exception {
        ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("io.waybill:type=Operations"),
                        "cancel",
                        new Object[] {"default", id, 0, "the buyer changed his mind"},
                        new String[] {String.class.getName(), String.class.getName(), "int", String.class.getName()});
    }

    private static JsonNode control(String push) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(sandbox.uri().resolve("/sandbox/pushes"))
                .timeout(Duration.ofSeconds(30))
                .POST(BodyPublishers.ofString(push))
                .build();
        return JSON.readTree(HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body());
    }
}
