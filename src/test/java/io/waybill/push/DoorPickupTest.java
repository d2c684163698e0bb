package io.waybill.push;

import static io.waybill.testing.RunningWaybill.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.HeldPort;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * KDNiao beside the plain e-waybill: the area is asked, a pickup ordered, its price estimated, its trace asked for, cancelled; and
 * what KDNiao and Mabang publish nowhere, at the paths that their settings say.
 */
class DoorPickupTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String PDF =
            Base64.getEncoder().encodeToString("%PDF-1.4\n%%EOF\n".getBytes(StandardCharsets.UTF_8));

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;
    private static HeldPort pushes;

    @BeforeAll
    static void start() {
        pushes = HeldPort.any();
        sandbox = Sandbox.start(SandboxOptions.onAnyPort()
                .withPath("kdniao.info", "/api/x/info")
                .withPath("kdniao.state", "/api/x/state")
                .withPath("mabang.query", "/apicenter/x/query")
                .withPath("mabang.cancel", "/apicenter/x/cancel")
                .withPath("mabang.label", "/apicenter/x/label"));
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.carrier.kdniao.track-url", sandbox.uri().toString())
                .with("waybill.carrier.kdniao.info-path", "/api/x/info")
                .with("waybill.carrier.kdniao.state-path", "/api/x/state")
                .with("waybill.http.port", String.valueOf(pushes.number()))
                .with("waybill.push.poll-ms", "100")
                .with("waybill.in-doubt.settle-seconds", "1")
                .with("waybill.pause.after-calls", "0")
                .with("waybill.carrier.mabang.query-path", "/apicenter/x/query")
                .with("waybill.carrier.mabang.query-absent", "^404 Not found order$")
                .with("waybill.carrier.mabang.cancel-path", "/apicenter/x/cancel")
                .with("waybill.carrier.mabang.label-path", "/apicenter/x/label")
                .changed("mappings/mabang/carrier.yaml", "first: PT30M", "first: PT1S")
                .changed("mappings/mabang/carrier.yaml", "longest: PT12H", "longest: PT1S")
                .changed("mappings/kdniao/carrier.yaml", "longest: PT12H", "longest: PT1S")
                .changed("mappings/kdniao/carrier.yaml", "first: PT30M", "first: PT1S")
                .changed("mappings/kdniao/carrier.yaml", "first: PT2H", "first: PT1S")
                .changed("mappings/kdniao/carrier.yaml", "first: PT1M", "first: PT1S")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
        pushes.close();
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
                .filteredOn(row -> row.get("awaits") != null)
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("operation", "status")
                        .containsEntry("awaits", "tracking_number"));
    }

    @Test
    void theNumberOfADoorPickupIsQueriedAndAFeeThatAPushAndTheQueryTellIsOneCharge() throws Exception {
        drop("D-3", door("D-3"));
        waybill.await("D-3", "awaiting");

        // the pushes to nobody are not heard; the carrier knows of them all the same
        tell("/nobody", "{'OrderCode': 'D-3', 'State': '120', 'LogisticCode': 'YT-3'}");
        waybill.await("D-3", "completed");
        String heard = "http://127.0.0.1:" + pushes.number() + "/push/kdniao";
        tell(heard, "{'OrderCode': 'D-3', 'State': '301', 'Cost': '8.50'}");
        Awaitility.await().atMost(PATIENCE).until(() -> waybill.query("select state from push")
                .equals(List.of(Map.of("state", "done"))));
        tell("/nobody", "{'OrderCode': 'D-3', 'State': '2'}");

        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        waybill.shipment("default", "D-3").path("status").asText())
                .isEqualTo("in_transit"));
        assertThat(waybill.shipment("default", "D-3").path("tracking_number").asText())
                .isEqualTo("YT-3");
        assertThat(freight("D-3")).singleElement().satisfies(row -> assertThat((BigDecimal) row.get("amount"))
                .isEqualByComparingTo("8.50"));
        assertThat(waybill.of("history", key("D-3")))
                .extracting(row -> row.get("what"))
                .contains("status");
    }

    @Test
    void aVoidOfADoorPickupWhoseAnswerIsLostIsFoundCancelled() {
        Fault ofOrder = Fault.at("kdniao").reference("C-3");
        sandbox.script(
                ofOrder.path("/api/OOrderService").calls(1, 1).afterCommit(Reply.drop()),
                // else the query for its number would find it cancelled before its look-up does
                ofOrder.path("/api/x/info").calls(0, 1000).instead(Reply.status(200, "{\"Success\": false}")));
        drop("C-3", door("C-3"));
        waybill.await("C-3", "awaiting");

        cancel("C-3");

        waybill.await("C-3", "cancelled");
        assertThat(voids("C-3")).containsExactly("confirmed");
        assertThat(state("C-3")).isEqualTo("203");
        assertThat(waybill.of("history", key("C-3")))
                .extracting(row -> row.get("what"))
                .containsOnlyOnce("cancel-sent");
        assertThat(waybill.shipment("default", "C-3").path("raw_status_text").asText())
                .isEqualTo("1816: 203");
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
    void aCancelOfAnEWaybillAndOfADoorPickupGoEachItsOwnWay() {
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

    @Test
    void anOrderAtMabangIsLookedUpFollowedAndItsLabelUploadedOnce() {
        sandbox.script(
                Fault.at("mabang").reference("M-1").calls(0, 1).afterCommit(Reply.drop()),
                Fault.at("mabang").reference("M-2").calls(0, 1).instead(Reply.drop()));
        ObjectNode labelled = Orders.numberedLater("M-1");
        labelled.putObject("label").put("format", "pdf").put("base64", PDF);
        drop("M-1", labelled);
        drop("M-2", Orders.numberedLater("M-2"));
        ObjectNode own =
                Orders.numberedLater("M-3").put("service", "own-waybill").put("carrier", "mabang");
        drop("M-3", own.put("tracking_number", "OWN-3"));

        waybill.await("M-1", "awaiting");
        waybill.await("M-2", "awaiting");
        waybill.await("M-3", "completed");
        sandbox.work(work("M-1")
                .put("tracking_number", "NV-1")
                .put("allocate_at", "2026-01-02 08:00:00")
                .put("pack_at", "2026-01-02 09:00:00")
                .put("handover_at", "2026-01-02 10:00:00"));
        waybill.await("M-1", "completed");

        JsonNode shipment = waybill.shipment("default", "M-1");
        assertThat(shipment.path("status").asText()).isEqualTo("handed_over");
        assertThat(shipment.path("tracking_number").asText()).isEqualTo("NV-1");
        assertThat(shipment.path("label_state").asText()).isEqualTo("supplied");
        assertThat(shipment.path("warnings").toString()).doesNotContain("label");
        assertThat(waybill.of("label", key("M-1"))).singleElement().satisfies(row -> assertThat(row)
                .containsEntry("source", "merchant"));
        assertThat(waybill.of("tracking_event", key("M-1")))
                .extracting(row -> row.get("status"))
                .containsExactlyInAnyOrder("processing", "labelled", "handed_over");
        assertThat(sandbox.labels(booked("M-1"))).singleElement().satisfies(label -> assertThat(
                        label.path("label_base64").asText())
                .isEqualTo(PDF));
        assertThat(waybill.shipment("default", "M-3").path("tracking_number").asText())
                .isEqualTo("OWN-3");
        assertThat(booked("M-3").trackingNumber()).isEqualTo("OWN-3");
        for (String id : List.of("M-1", "M-2", "M-3")) {
            assertThat(sandbox.booked())
                    .filteredOn(each -> id.equals(each.reference()))
                    .hasSize(1);
        }
    }

    @Test
    void aVoidAtMabangIsConfirmedRefusedOrFoundOut() {
        sandbox.script(Fault.at("mabang")
                .reference("M-6")
                .path("/apicenter/x/cancel")
                .calls(0, 1)
                .afterCommit(Reply.drop()));
        for (String id : List.of("M-4", "M-5", "M-6")) {
            drop(id, Orders.numberedLater(id));
            waybill.await(id, "awaiting");
        }
        sandbox.work(work("M-5").put("handover_at", "2026-01-02 10:00:00"));

        // else the query for its state would find it cancelled before its look-up does
        String idle = "(select order_id from orders where owner is null or owner not like '%#%')";
        Patience.await()
                .until(() -> waybill.update(
                                "update follow_up set due_at = null where operation = 'status' and order_id = 'M-6'"
                                        + " and order_id in " + idle)
                        == 1);

        cancel("M-4");
        cancel("M-5");
        cancel("M-6");

        waybill.await("M-4", "cancelled");
        waybill.await("M-6", "cancelled");
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(voids("M-5"))
                .containsExactly("refused"));
        assertThat(voids("M-4")).containsExactly("confirmed");
        assertThat(voids("M-6")).containsExactly("confirmed");
        assertThat(waybill.of("history", key("M-6")))
                .extracting(row -> row.get("what"))
                .containsOnlyOnce("cancel-sent");
        assertThat(state("M-5")).isEqualTo("pending");
        assertThat(waybill.shipment("default", "M-4").path("status").asText()).isEqualTo("cancelled");
    }

    private static List<Map<String, Object>> freight(String id) {
        return waybill.of("charge", key(id)).stream()
                .filter(row -> row.get("kind").equals("freight"))
                .toList();
    }

    /** Has KDNiao push one entry about a door pickup. */
    private static void tell(String to, String entry) throws Exception {
        String url = to.startsWith("/") ? sandbox.uri() + to : to;
        control("{\"to\": \"" + url + "\", \"type\": \"103\", \"entries\": [" + entry.replace('\'', '"') + "]}");
    }

    private static List<Object> voids(String id) {
        return waybill.of("follow_up", key(id)).stream()
                .filter(row -> row.get("operation").equals("cancel"))
                .map(row -> row.get("state"))
                .toList();
    }

    private static ObjectNode work(String id) {
        return JSON.createObjectNode().put("carrier", "mabang").put("reference", id);
    }

    private static Booked booked(String reference) {
        return sandbox.booked().stream()
                .filter(each -> reference.equals(each.reference()))
                .findFirst()
                .orElseThrow();
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
        return booked(reference).state();
    }

    /** As an operator does; an order that is worked on at this very moment is tried again. */
    private static void cancel(String id) {
        Patience.await()
                .ignoreExceptionsMatching(e -> e instanceof RuntimeMBeanException busy
                        && busy.getCause().getMessage().endsWith("try again"))
                .until(() -> {
                    ManagementFactory.getPlatformMBeanServer()
                            .invoke(
                                    new ObjectName("io.waybill:type=Operations"),
                                    "cancel",
                                    new Object[] {"default", id, 0, "the buyer changed his mind"},
                                    new String[] {
                                        String.class.getName(), String.class.getName(), "int", String.class.getName()
                                    });
                    return true;
                });
    }

    private static JsonNode control(String push) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(sandbox.uri().resolve("/sandbox/pushes"))
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofString(push))
                .build();
        return JSON.readTree(HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body());
    }
}
