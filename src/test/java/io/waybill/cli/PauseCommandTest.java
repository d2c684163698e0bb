package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person pauses and resumes a carrier, by command and by console, and sees it everywhere. */
class PauseCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp).carriers(sandbox).managed().start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void aPauseByCommandHoldsUntilItIsResumed() throws Exception {
        assertThat(command("pause", "mabang", "--reason", "stock-taking"))
                .startsWith("carrier mabang is paused since ")
                .endsWith(" by " + System.getProperty("user.name") + ", until somebody resumes it\n");
        waybill.drop("P-1.json", Orders.malaysian("P-1"));
        waybill.await("P-1", "waiting");
        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(
                        attribute("mabang", "Waiting").asLong())
                .isEqualTo(1));

        assertThat(attribute("mabang", "State").asText()).isEqualTo("paused-by-hand");
        assertThat(attribute("mabang", "Reason").asText()).isEqualTo("stock-taking");
        assertThat(attribute("mabang", "By").asText()).isEqualTo(System.getProperty("user.name"));
        assertThat(attribute("mabang", "NextProbe").asText()).isEmpty();
        assertThat(attribute("mabang", "InFlight").asInt()).isZero();
        assertThat(metrics())
                .contains(
                        "waybill_carrier_state{carrier=\"mabang\",state=\"paused-by-hand\"} 1.0",
                        "waybill_carrier_state{carrier=\"mabang\",state=\"working\"} 0.0",
                        "waybill_carrier_state{carrier=\"kdniao\",state=\"working\"} 1.0");
        assertDegradedAndReady();
        assertThat(sandbox.calls("mabang")).isZero();

        assertThat(command("resume", "mabang", "--reason", "done")).isEqualTo("carrier mabang works\n");
        waybill.await("P-1", "completed");
        assertThat(exec("mabang", "listHistory").path("value"))
                .extracting(change -> String.join(
                        "\t",
                        change.path("state").asText(),
                        change.path("by").asText(),
                        change.path("reason").asText()))
                .containsExactly(
                        "paused-by-hand\t" + System.getProperty("user.name") + "\tstock-taking",
                        "working\t" + System.getProperty("user.name") + "\tdone");
    }

    @Test
    void theConsolePausesAndResumesToo() throws Exception {
        assertThat(exec("birdsystem", "pause", "a call from them")
                        .path("status")
                        .asInt())
                .isEqualTo(200);
        assertThat(attribute("birdsystem", "State").asText()).isEqualTo("paused-by-hand");
        assertThat(attribute("birdsystem", "Since").asText()).isNotEmpty();

        assertThat(exec("birdsystem", "pause", "again").path("error").asText()).endsWith("; nothing was changed");
        assertThat(exec("birdsystem", "resume", " ").path("error").asText())
                .endsWith("carrier birdsystem: a reason is needed; it stays in the history");
        exec("birdsystem", "resume", "another call");

        assertThat(attribute("birdsystem", "State").asText()).isEqualTo("working");
        assertThat(waybill.query("select actor from carrier_history where carrier = 'birdsystem'"))
                .extracting(row -> row.get("actor"))
                .containsExactly("admin", "admin");
    }

    @Test
    void whatCannotBeDoneIsSaid() {
        assertThat(command("pause", "kdniao", "--reason", " "))
                .isEqualTo("waybill: carrier kdniao: a reason is needed; it stays in the history\n");
        assertThat(command("pause", "pigeon", "--reason", "x"))
                .isEqualTo("waybill: no such carrier; expected one of birdsystem, kdniao, mabang\n");
        assertThat(command("resume", "kdniao", "--reason", "x"))
                .isEqualTo("waybill: carrier kdniao works; nothing was changed\n");
        assertThat(command("pause", "kdniao")).startsWith("Missing required option: '--reason=<reason>'");
        assertThat(waybill.query("select * from carrier_state where carrier = 'kdniao'"))
                .isEmpty();
    }

    private static void assertDegradedAndReady() throws Exception {
        for (String path : List.of("/observe/health", "/observe/health/ready", "/observe/health/live")) {
            // whoever asks gives the database two seconds
            Patience.await().until(() -> get(path).statusCode() == 200);
        }
        JsonNode health = JSON.readTree(get("/observe/health").body());
        assertThat(health.path("status").asText()).isEqualTo("UP");
        assertThat(StreamSupport.stream(health.path("checks").spliterator(), false)
                        .filter(check -> check.path("name").asText().equals("carriers")))
                .singleElement()
                .satisfies(check -> assertThat(check.path("message").asText())
                        .startsWith("degraded: carrier mabang is paused since ")
                        .endsWith(", until somebody resumes it: stock-taking"));
    }

    private static List<String> metrics() throws Exception {
        return get("/observe/metrics").body().lines().toList();
    }

    private static JsonNode attribute(String carrier, String name) throws Exception {
        JsonNode answer = jolokia("{\"type\":\"read\",\"mbean\":\"io.waybill:type=Carrier,name=" + carrier
                + "\",\"attribute\":\"" + name + "\"}");
        assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(200);
        return answer.path("value");
    }

    private static JsonNode exec(String carrier, String operation, String... arguments) throws Exception {
        return jolokia("{\"type\":\"exec\",\"mbean\":\"io.waybill:type=Carrier,name=" + carrier + "\",\"operation\":\""
                + operation + "\",\"arguments\":" + JSON.valueToTree(arguments) + "}");
    }

    private static JsonNode jolokia(String body) throws Exception {
        return JSON.readTree(send(request("/hawtio/jolokia/").POST(BodyPublishers.ofString(body)))
                .body());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    private static HttpRequest.Builder request(String path) {
        String login = "admin:" + RunningWaybill.ADMINS_PASSWORD;
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + waybill.engine().managementPort() + path))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    /** What a command says, on either stream. */
    private static String command(String name, String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                name,
                "-Dwaybill.work=" + temp,
                "-Dwaybill.management.port=" + waybill.engine().managementPort()));
        all.addAll(Arrays.asList(arguments));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            Waybill.execute(new PrintWriter(said, true, StandardCharsets.UTF_8), all.toArray(String[]::new));
        } finally {
            System.setOut(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
