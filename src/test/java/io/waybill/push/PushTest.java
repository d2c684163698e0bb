package io.waybill.push;

import static io.waybill.push.Carrier.data;
import static io.waybill.push.Carrier.entry;
import static io.waybill.push.Carrier.form;
import static io.waybill.push.Carrier.list;
import static io.waybill.push.Carrier.sign;
import static io.waybill.push.Carrier.trace;
import static io.waybill.testing.RunningWaybill.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Push;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.CapturedLog;
import io.waybill.testing.HeldPort;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.RunningWaybill.Dead;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A push is answered once it is genuine and durable, and applied once, whatever comes twice, late, broken or forged. */
class PushTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;
    private static Carrier carrier;
    private static HeldPort held;
    private static int port;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        held = HeldPort.any();
        port = held.number();
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.http.port", String.valueOf(port))
                .with("waybill.http.request-seconds", "3")
                .with("waybill.push.poll-ms", "100")
                .with("waybill.account.default.mabang.push-secret", "mabang-secret")
                .with("waybill.account.default.birdsystem.push-secret", "bird-secret")
                .with("waybill.carrier.kdniao.subscribe-url", sandbox.uri().toString())
                .changed("mappings/kdniao/carrier.yaml", "first: PT1M", "first: PT1S")
                .start();
        carrier = new Carrier(port);
    }

    @AfterAll
    static void stop() {
        waybill.close();
        held.close();
        sandbox.close();
    }

    @Test
    void aPushIsAnsweredInTheCarriersFormAndReachesShipmentRowsAndOutbox() throws IOException {
        ship("H-1");
        var fees = entry("H-1", 301, "2026-01-02 10:00:00")
                .put("Weight", 1.3)
                .put("Cost", "8.50")
                .put("OverFee", 2);

        HttpResponse<String> answer = carrier.push("103", data("2026-01-02 10:00:01", list(fees)));

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode said = JSON.readTree(answer.body());
        assertThat(said.path("EBusinessID").asText()).isEqualTo("1000001");
        assertThat(said.path("Success").asBoolean()).isTrue();
        assertThat(said.path("Reason").asText("-")).isEmpty();
        assertThat(said.path("UpdateTime").asText()).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
        settled("H-1", "handed_over");
        assertThat(sums("H-1")).containsEntry("freight", dec("8.50")).containsEntry("surcharge", dec("2"));
        assertThat(waybill.shipment("default", "H-1")
                        .path("chargeable_weight_g")
                        .asInt())
                .isEqualTo(1300);
        assertThat(waybill.of("tracking_event", key("H-1"))).hasSize(1);
    }

    @Test
    void theWholeTraceEachTimeInBothWaysOfWritingTimeIsTheSameEvents() {
        ship("T-1");

        carrier.push("101", data("1", list(trace("T-1", "1", "2026-01-02 10:00:00", "collected"))));
        carrier.push(
                "102",
                data("2", list(trace("T-1", "202", "2026/01/02 10:00:00", "collected", "2026/01/03 09:00:00", "out"))));

        settled("T-1", "out_for_delivery");
        assertThat(waybill.of("tracking_event", key("T-1"))).hasSize(2);
    }

    @Test
    void whatProvesNothingIsRefusedWithoutADetailAndLeavesNothing() {
        int before = pushes().size();
        String data = data("forged", list(entry("X-1", 301, "2026-01-02 10:00:00")));
        String right = form("103", data, sign(data, Carrier.KEY));
        String stranger = data.replace("1000001", "1000002");

        List<HttpResponse<String>> answers = List.of(
                carrier.post("/push/kdniao", form("103", data, sign(data, "wrong"))),
                carrier.post("/push/kdniao", form("103", data, null)),
                carrier.post("/push/kdniao", form("103", data, "")),
                carrier.post("/push/kdniao", right + "&DataSign=abc"),
                carrier.post("/push/kdniao", right.replace("X-1", "X-2")),
                carrier.post("/push/kdniao", form("103", stranger, sign(stranger, Carrier.KEY))),
                carrier.post("/push/kdniao/nobody", right),
                carrier.post("/push/kdniao", ""),
                carrier.post("/push/mabang", "{\"order_number\":\"X-1\"}"),
                carrier.post("/push/mabang/default/wrong", "{\"order_number\":\"X-1\"}"));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).isEmpty();
        });
        assertThat(pushes()).hasSize(before);
    }

    @Test
    void thereIsNothingElseOnThePort() throws Exception {
        assertThat(carrier.post("/push/nobody", "a=b").statusCode()).isEqualTo(404);
        assertThat(carrier.post("/push/kdniao/a/b/c", "a=b").statusCode()).isEqualTo(404);
        assertThat(carrier.post("/push/../q", "a=b").statusCode()).isEqualTo(404);
        assertThat(carrier.post("/", "a=b").statusCode()).isEqualTo(404);
        HttpRequest get = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/push/kdniao"))
                .build();
        assertThat(HttpClient.newHttpClient().send(get, BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    @Test
    void whatIsTooLongIsCutOffWhateverItsHeaderSays() throws IOException {
        byte[] tooLong = new byte[(1 << 20) + 1];

        HttpResponse<String> told = carrier.post("/push/kdniao", BodyPublishers.ofByteArray(tooLong), "X-A", "1");

        assertThat(told.statusCode()).isEqualTo(413);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(head("Transfer-Encoding: chunked"));
            byte[] chunk = ("10000\r\n" + "a".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            String answer = pumpUntilAnswered(socket, out, chunk);
            assertThat(answer).startsWith("HTTP/1.1 413");
        }
        assertThat(carrier.post("/push/nobody", "still there").statusCode()).isEqualTo(404);
    }

    @Test
    void whoeverIsSlowIsCutOffAndKeepsNobodyWaiting() throws IOException {
        ship("S-1");
        List<Socket> slow = new ArrayList<>();
        try (CapturedLog log = new CapturedLog()) {
            for (int i = 0; i < 25; i++) {
                Socket socket = new Socket("127.0.0.1", port);
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.getOutputStream().write(head("Content-Length: 100"));
                socket.getOutputStream().write("RequestData=".getBytes(StandardCharsets.US_ASCII));
                slow.add(socket);
            }
            Socket silent = new Socket("127.0.0.1", port);
            silent.setSoTimeout(Patience.MILLIS);
            slow.add(silent);
            Socket neverDone = new Socket("127.0.0.1", port);
            neverDone.setSoTimeout(Patience.MILLIS);
            neverDone.getOutputStream().write("POST /push/kdniao HTTP/1.1\r\nX-A".getBytes(StandardCharsets.US_ASCII));
            slow.add(neverDone);

            HttpResponse<String> quick =
                    carrier.push("103", data("quick", list(entry("S-1", 104, "2026-01-02 10:00:00"))));

            assertThat(quick.statusCode()).isEqualTo(200);
            assertThat(read(slow.get(0).getInputStream())).startsWith("HTTP/1.1 408");
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(neverDone.getInputStream().read()).isEqualTo(-1);
            assertThat(read(headOf(10_000_000).getInputStream())).startsWith("HTTP/1.1 431");
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("a push from 127.0.0.1 is refused with 408"))
                    .anyMatch(line -> line.contains("closed a connection from 127.0.0.1: no whole request in time"))
                    .anyMatch(line -> line.contains("refused from 127.0.0.1: "));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    /** Sends a head so long, or as much of it as is taken. */
    private static Socket headOf(int bytes) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(Patience.MILLIS);
        byte[] some = "a".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        try {
            socket.getOutputStream().write("POST /push/kdniao HTTP/1.1\r\nX-A: ".getBytes(StandardCharsets.US_ASCII));
            for (int sent = 0; sent < bytes && socket.getInputStream().available() == 0; sent += some.length) {
                socket.getOutputStream().write(some);
            }
        } catch (IOException enough) {
            // that is what the port should say
        }
        return socket;
    }

    @Test
    void twentyOfTheSameAtOnceAreAppliedOnce() {
        ship("R-1");
        String data =
                data("repeated", list(entry("R-1", 301, "2026-01-02 10:00:00").put("Cost", "7.00")));

        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 20)
                .mapToObj(i -> carrier.pushLater("103", data))
                .toList();

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
        settled("R-1", "handed_over");
        assertThat(sums("R-1")).containsEntry("freight", dec("7"));
        assertThat(waybill.of("charge", key("R-1"))).hasSize(1);
        assertThat(waybill.query("select times from push where id = ?", id("103", data)))
                .containsExactly(Map.of("times", 20));
    }

    @Test
    void pushesThatOvertakeEachOtherEndWithTheLatestWord() {
        ship("D-1");
        done(carrier.push(
                "103", data("d3", list(entry("D-1", 208, "2026-01-05 09:00:00").put("Cost", "10.00")))));
        done(carrier.push("103", data("d2", list(entry("D-1", 3, "2026-01-04 09:00:00")))));
        done(carrier.push(
                "103", data("d1", list(entry("D-1", 301, "2026-01-03 09:00:00").put("Cost", "8.50")))));

        assertThat(sums("D-1")).containsEntry("freight", dec("10"));
        assertThat(waybill.shipment("default", "D-1").path("status").asText()).isEqualTo("delivered");
        assertThat(waybill.of("tracking_event", key("D-1"))).hasSize(2);
    }

    @Test
    void aStopGivesBackWhatWasChargedAndWhateverIsChargedLate() {
        ship("C-1");
        done(carrier.push(
                "103", data("c1", list(entry("C-1", 301, "2026-01-03 09:00:00").put("Cost", "8.50")))));
        done(carrier.push("103", data("c2", list(entry("C-1", 203, "2026-01-03 10:00:00")))));
        done(carrier.push("103", data("c3", list(entry("C-1", 203, "2026-01-03 10:00:00")))));
        done(carrier.push(
                "103", data("c4", list(entry("C-1", 208, "2026-01-04 10:00:00").put("Cost", "9.00")))));

        settled("C-1", "cancelled");
        assertThat(sums("C-1")).containsEntry("freight", dec("9")).containsEntry("refund", dec("-9"));
    }

    @Test
    void oneBrokenEntryOfAHundredIsPutAsideAndTheOthersAreApplied() {
        ship("B-1");
        ArrayNode entries = JSON.createArrayNode();
        for (int i = 0; i < 99; i++) {
            entries.add(entry("B-1", 103, "2026-01-02 10:%02d:%02d".formatted(i / 60, i % 60)));
        }
        entries.insert(50, JSON.createObjectNode().put("OrderCode", "B-1").put("Success", false));
        String data = data("hundred", entries);
        // read as a trace, every one of them but the broken one says nothing bad
        String id = id("101", data);

        carrier.push("101", data);

        Awaitility.await().atMost(PATIENCE).until(() -> state(id).equals("aside"));
        Dead dead = aside(id, 51);
        assertThat(dead.text()).isEqualTo("{\"OrderCode\":\"B-1\",\"Success\":false}");
        assertThat(dead.cause()).isEqualTo("unreadable");
        assertThat(dead.next()).contains("waybill replay --push " + id.substring(0, 12));
        assertThat(waybill.query("select detail from push where id = ?", id))
                .containsExactly(Map.of("detail", "{\"aside\":[{\"entry\":50,\"cause\":\"unreadable\"}]}"));
        ship("B-2");
        ArrayNode ninetyNine = JSON.createArrayNode();
        entries.forEach(entry -> ninetyNine.add(
                entry.has("State")
                        ? ((com.fasterxml.jackson.databind.node.ObjectNode) entry.deepCopy()).put("OrderCode", "B-2")
                        : JSON.getNodeFactory().textNode("nonsense")));
        String pickups = data("hundred pickups", ninetyNine);
        carrier.push("103", pickups);
        Awaitility.await().atMost(PATIENCE).until(() -> state(id("103", pickups))
                .equals("aside"));
        assertThat(waybill.of("tracking_event", key("B-2"))).hasSize(99);
    }

    @Test
    void anEntryOfAnUnknownOrderIsPutAsideAndAppliedByAReplay() {
        String data = data("unknown", list(entry("U-1", 104, "2026-01-02 10:00:00")));
        String id = id("103", data);
        carrier.push("103", data);
        Awaitility.await().atMost(PATIENCE).until(() -> state(id).equals("aside"));
        assertThat(aside(id, 1).cause()).isEqualTo("unknown-order");
        ship("U-1");

        assertThat(waybill.engine().ledger().pushes().replay(id.substring(0, 12), "ann", "it is booked"))
                .isTrue();

        settled("U-1", "handed_over");
        Awaitility.await().atMost(PATIENCE).until(() -> state(id).equals("done"));
        assertThat(waybill.query("select detail from push where id = ?", id)
                        .get(0)
                        .get("detail"))
                .asString()
                .contains("\"by\":\"ann\",\"reason\":\"it is booked\"");
    }

    @Test
    void anEntryWaitsWhileSomebodyWorksOnItsOrder() {
        ship("W-9");
        Claim held = Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> waybill.engine().ledger().outOfTurn().takeSettled(key("W-9")), Optional::isPresent)
                .orElseThrow();
        String data = data("busy", list(entry("W-9", 104, "2026-01-02 10:00:00")));
        String id = id("103", data);
        carrier.push("103", data);
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        waybill.query("select state, detail from push where id = ?", id))
                .containsExactly(Map.of("state", "stored", "detail", "{\"waiting\":[0]}")));

        held.endings().rest();

        settled("W-9", "handed_over");
        Awaitility.await().atMost(PATIENCE).until(() -> state(id).equals("done"));
    }

    @Test
    void anEntryWhoseOrderDoesNotComeToRestIsPutAsideAtLastAndSoIsWhatWasBefore() {
        ship("W-10");
        Claim held = Patience.await()
                .until(() -> waybill.engine().ledger().outOfTurn().takeSettled(key("W-10")), Optional::isPresent)
                .orElseThrow();
        String data = data(
                "too busy",
                list(entry("W-10", 104, "2026-01-02 10:00:00"), entry("W-nobody", 104, "2026-01-02 10:00:00")));
        String id = id("103", data);
        carrier.push("103", data);
        Patience.await()
                .untilAsserted(() -> assertThat(waybill.query("select state, detail from push where id = ?", id))
                        .containsExactly(Map.of(
                                "state",
                                "stored",
                                "detail",
                                "{\"waiting\":[0],\"aside\":[{\"entry\":1,\"cause\":\"unknown-order\"}]}")));

        waybill.update("update push set received_at = received_at - interval '2' day where id = '" + id + "'");

        Patience.await()
                .untilAsserted(
                        () -> assertThat(waybill.query("select state, detail from push where id = ?", id))
                                .containsExactly(
                                        Map.of(
                                                "state",
                                                "aside",
                                                "detail",
                                                "{\"aside\":[{\"entry\":1,\"cause\":\"unknown-order\"},{\"entry\":0,\"cause\":\"order-busy\"}]}")));
        assertThat(aside(id, 1).cause()).isEqualTo("order-busy");
        held.endings().rest();
    }

    @Test
    void aPushWithWhichEveryProcessDiesIsPutAsideWhole() {
        String data = data("deadly", list(entry("D-nobody", 104, "2026-01-02 10:00:00")));
        String id = id("103", data);
        carrier.push("103", data);
        Patience.await().until(() -> state(id).equals("aside"));

        waybill.update("update push set attempts = 20, state = 'stored', detail = '{}', due_at = current_timestamp"
                + " where id = '" + id + "'");

        Patience.await().untilAsserted(() -> assertThat(waybill.query("select detail from push where id = ?", id))
                .containsExactly(Map.of("detail", "{\"aside\":[{\"entry\":-1,\"cause\":\"broke-down\"}]}")));
        assertThat(waybill.dead())
                .filteredOn(dead -> dead.cause().equals("broke-down"))
                .extracting(Dead::text)
                .containsExactly(form("103", data, sign(data, Carrier.KEY)));
    }

    @Test
    void aKindThatNothingDeclaresIsKeptWhole() {
        String data = data("cod", list(JSON.createObjectNode().put("OrderCode", "K-1")));

        assertThat(carrier.push("107", data).statusCode()).isEqualTo(200);

        String id = id("107", data);
        Awaitility.await().atMost(PATIENCE).until(() -> state(id).equals("aside"));
        Dead dead = waybill.dead().stream()
                .filter(each -> each.name().startsWith("push-" + id.substring(0, 12) + "-"))
                .findFirst()
                .orElseThrow();
        assertThat(dead.cause()).isEqualTo("not-handled");
        assertThat(dead.text()).isEqualTo(form("107", data, sign(data, Carrier.KEY)));
    }

    @Test
    void anOrderIsFoundByTheCarriersOwnNumberToo() {
        ship("N-1");
        String number =
                waybill.shipment("default", "N-1").path("tracking_number").asText();
        var trace = trace("", "301", "2026-01-03 10:00:00", "signed").put("LogisticCode", number);
        trace.remove("OrderCode");

        carrier.push("102", data("by number", list(trace)));

        settled("N-1", "delivered");
    }

    @Test
    void theOtherCarriersPushWithTheSecretOfTheAccount() {
        waybill.drop("M1.json", Orders.numberedLater("M1"));
        waybill.drop("W-1.json", Orders.british("W-1"));
        waybill.await("M1", "awaiting");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> waybill.order(key("W-1")).get("shipment") != null);

        HttpResponse<String> bearer = carrier.post(
                "/push/mabang",
                BodyPublishers.ofString(
                        "{\"order_number\":\"M1\",\"status\":\"packed\",\"pack_at\":\"2999-01-02 10:00:00\","
                                + "\"tracking_number\":\"NV-9\"}"),
                "Authorization",
                "Bearer mabang-secret");
        HttpResponse<String> path = carrier.post(
                "/push/birdsystem/default/bird-secret",
                "{\"resource_type\":\"CONSIGNMENT\",\"action\":\"GET_DELIVERY_REFERENCE\",\"time\":\"2999-01-02 10:00:00\","
                        + "\"data\":{\"id\":\"1\",\"custom_identity_reference\":\"W-1\",\"status\":\"FINISHED\","
                        + "\"delivery_reference\":\"TRK9\",\"update_time\":\"2999-01-02 10:00:00\"}}");

        assertThat(bearer.statusCode()).isEqualTo(200);
        assertThat(path.body()).isEqualTo("{\"success\":true}");
        settled("M1", "labelled");
        waybill.await("M1", "completed");
        settled("W-1", "handed_over");
        assertThat(waybill.shipment("default", "W-1").path("tracking_number").asText())
                .isEqualTo("TRK9");
    }

    @Test
    void aDoorPickupAwaitsItsNumberAndGetsNumberFeesAndStatesByPushes() throws Exception {
        var order = Orders.chinese("P-1").put("service", "sf-door").put("carrier", "kdniao");
        order.putObject("parcel").put("weight_g", 1200);
        order.putObject("pickup").put("from", "2026-01-02T10:00:00+08:00").put("to", "2026-01-02T12:00:00+08:00");
        waybill.drop("P-1.json", order);
        waybill.await("P-1", "awaiting");
        assertThat(waybill.shipment("default", "P-1").has("tracking_number")).isFalse();

        JsonNode answers = control(
                """
                [{"to": "%1$s", "type": "103", "times": 3, "entries": [{"OrderCode": "P-1", "State": "120",
                   "CreateTime": "2026-01-02 09:00:00"}]},
                 {"to": "%1$s", "type": "103", "entries": [{"OrderCode": "P-1", "State": "301", "Cost": 12.5, "Weight": 1.4,
                   "CreateTime": "2026-01-02 11:00:00"}]},
                 {"to": "%1$s", "type": "103", "sign": "wrong", "entries": [{"OrderCode": "P-1", "State": "203"}]}]
                """
                        .formatted("http://127.0.0.1:" + port + "/push/kdniao"));

        assertThat(answers.findValuesAsText("status")).containsExactly("200", "200", "200", "200", "401");
        waybill.await("P-1", "completed");
        settled("P-1", "handed_over");
        JsonNode shipment = waybill.shipment("default", "P-1");
        assertThat(shipment.path("tracking_number").asText()).startsWith("SF");
        assertThat(sums("P-1")).containsEntry("freight", dec("12.5"));
        // its trace is subscribed to as soon as it has a number, and only once
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(waybill.of("follow_up", key("P-1")))
                .extracting(row -> row.get("operation") + " " + row.get("state") + " " + row.get("awaits"))
                .contains("pickup-push ended null", "subscribe ended null"));
    }

    @Test
    void nothingOfAPushIsInTheLog() {
        ship("L-1");
        String data = data(
                "log",
                list(
                        entry("L-1", 104, "2026-01-02 10:00:00").put("Reason", "PIIMARK-reason"),
                        entry("PIIMARK-order", 104, "2026-01-02 10:00:00")));

        try (CapturedLog log = new CapturedLog()) {
            carrier.push("103", data);
            carrier.post("/push/kdniao", form("103", data, "PIIMARK-sign"));
            carrier.post("/push/birdsystem/default/PIIMARK-secret", "{\"PIIMARK\":1}");
            Awaitility.await().atMost(PATIENCE).until(() -> state(id("103", data))
                    .equals("aside"));

            assertThat(log.lines()).isNotEmpty().noneMatch(line -> line.contains("PIIMARK"));
        }
    }

    private static void ship(String id) {
        waybill.drop(id + ".json", Orders.chinese(id));
        waybill.await(id, "completed");
    }

    private static void done(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        Awaitility.await().atMost(PATIENCE).until(() -> waybill.query("select id from push where state = 'stored'")
                .isEmpty());
    }

    private static void settled(String id, String status) {
        Awaitility.await("shipment of " + id + " to be " + status)
                .atMost(PATIENCE)
                .untilAsserted(() -> {
                    assertThat(waybill.shipment("default", id).path("status").asText())
                            .isEqualTo(status);
                    assertThat(waybill.atRest(key(id))).isTrue();
                });
    }

    private static Map<String, BigDecimal> sums(String id) {
        Map<String, BigDecimal> sums = new java.util.TreeMap<>();
        waybill.of("charge", key(id))
                .forEach(row -> sums.merge(
                        (String) row.get("kind"),
                        ((BigDecimal) row.get("amount")).stripTrailingZeros(),
                        (one, other) -> one.add(other).stripTrailingZeros()));
        return sums;
    }

    private static BigDecimal dec(String amount) {
        return new BigDecimal(amount).stripTrailingZeros();
    }

    private static OrderKey key(String id) {
        return new OrderKey("default", id, 0);
    }

    private static List<Map<String, Object>> pushes() {
        return waybill.query("select id from push");
    }

    private static String id(String type, String data) {
        byte[] body = form(type, data, sign(data, Carrier.KEY)).getBytes(StandardCharsets.UTF_8);
        return Push.of("kdniao", "default", body, java.time.Instant.EPOCH).id();
    }

    private static String state(String id) {
        return waybill.query("select state from push where id = ?", id).stream()
                .map(row -> (String) row.get("state"))
                .findFirst()
                .orElse("none");
    }

    private static Dead aside(String id, int entry) {
        String name = "push-" + id.substring(0, 12) + "-" + entry + "-";
        return waybill.dead().stream()
                .filter(dead -> dead.name().startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode control(String pushes) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(sandbox.uri().resolve("/sandbox/pushes"))
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofString(pushes))
                .build();
        return JSON.readTree(HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body());
    }

    private static byte[] head(String header) {
        return ("POST /push/kdniao HTTP/1.1\r\nHost: waybill\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                        + header + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String pumpUntilAnswered(Socket socket, OutputStream out, byte[] chunk) throws IOException {
        InputStream in = socket.getInputStream();
        for (int sent = 0; sent < 2000 && in.available() == 0; sent++) {
            try {
                out.write(chunk);
            } catch (IOException cutOff) {
                break;
            }
        }
        return read(in);
    }

    private static String read(InputStream in) throws IOException {
        return new String(in.readNBytes("HTTP/1.1 413".length()), StandardCharsets.US_ASCII);
    }
}
