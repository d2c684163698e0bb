package io.waybill.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.CapturedLog;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.QuickUsers;
import io.waybill.testing.RunningWaybill;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is done to the management port: a clear refusal, a line in the log, and everything else goes on. */
class BadHandsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OPERATIONS = "io.waybill:type=Operations";
    private static final int SLOW = 300;

    @TempDir
    static Path work;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;
    private static String operator;
    private static String viewer;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(work)
                .carriers(sandbox)
                .with("waybill.management.enabled", "true")
                .with("waybill.management.port", "0")
                .with("waybill.management.request-seconds", "4")
                .with("waybill.db.password", "SECRETMARK-db")
                .with("waybill.alerts.channels", "log, mail, webhook")
                .with("waybill.alerts.mail.url", "smtp://127.0.0.1:1")
                .with("waybill.alerts.mail.user", "waybill")
                .with("waybill.alerts.mail.password", "SECRETMARK-mail")
                .with("waybill.alerts.mail.from", "waybill@example.com")
                .with("waybill.alerts.mail.to", "operators@example.com")
                .with("waybill.alerts.webhook.url", "http://127.0.0.1:1/hook")
                .with("waybill.alerts.webhook.secret", "SECRETMARK-webhook")
                .start();
        QuickUsers.add(work.resolve("conf/users.properties"), "vera", "viewer", "only looking");
        operator = basic("admin", waybill.engine().password().orElseThrow());
        viewer = basic("vera", "only looking");
        waybill.drop("B-1.json", Orders.malaysian("B-1"));
        waybill.await("B-1", "completed");
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @AfterEach
    void everythingElseGoesOn() throws Exception {
        // whoever asks gives the database and the broker two seconds
        Patience.await().until(() -> get("/observe/health", operator).statusCode() == 200);
        assertThat(exec(operator, "trace", "default", "B-1", 0).path("status").asInt())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replay | default,B-1,0,because",
                "replayCause | rejected,because",
                "resolve | default,B-1,0,abandon,,because",
                "pause | kdniao,because",
                "resume | kdniao,because",
                "stopRoute | sweep,because",
                "dismiss | default,B-1,0,because",
                "switchTrace | true,because",
                "replayCauseAfter | rejected,'','',-1,because",
                "auditAll | ''"
            })
    void aViewerChangesNothing(String operation, String arguments) throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            JsonNode answer = exec(viewer, operation, (Object[]) arguments.split(","));

            assertThat(answer.path("status").asInt()).isEqualTo(403);
            Patience.await().untilAsserted(() -> assertThat(log.lines())
                    .anyMatch(line -> line.contains("refused to viewer 'vera': exec " + OPERATIONS + " " + operation)));
        }
        assertThat(waybill.query("select * from carrier_history")).isEmpty();
    }

    @Test
    void aWrongPasswordIsOfTheAddressThatItCameFromWhateverItSays() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            HttpResponse<String> answer = fresh().send(
                            http("/observe/health")
                                    .header("Authorization", basic("mallory", "a guess"))
                                    .header("X-Forwarded-For", "203.0.113.7")
                                    .build(),
                            BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("login of 'mallory' from 127.0.0.1 failed, 1 of 5"))
                    .noneMatch(line -> line.contains("203.0.113.7") || line.contains("a guess"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trace | default,B-1,0",
                "trace(java.lang.String,java.lang.String,int) | default,B-1,0",
                "audit | default,B-1,0",
                "listDeadLetters | rejected",
                "listWaiting | ''",
                "listInDoubt | ''"
            })
    void aViewerSeesEverything(String operation, String arguments) throws Exception {
        Object[] given = arguments.isEmpty() ? new Object[0] : arguments.split(",");

        assertThat(exec(viewer, operation, given).path("status").asInt()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replay | default,B-1,0,' ' | order default:B-1: a reason is needed; it stays in the history",
                "replay | default,B-1,0,why | order default:B-1: it is no dead letter but completed",
                "replay | default,B-404,0,why | order default:B-404: nobody knows it",
                "trace | default,B-404,0 | order default:B-404: nobody knows it",
                "replayCause | rejected,' ' | cause 'rejected': a reason is needed; it stays in the history",
                "resolve | default,B-1,0,abandon,' ',why | order default:B-1: it is not in doubt but completed",
                "resolve | default,B-404,0,abandon,' ',why | order default:B-404: nobody knows it",
                "pause | kdniao,' ' | carrier kdniao: a reason is needed; it stays in the history"
            })
    void whatMakesNoSenseIsSaidAndChangesNothing(String operation, String arguments, String sentence) throws Exception {
        long rows = waybill.query("select * from history").size();

        JsonNode answer =
                exec(operator, operation, (Object[]) arguments.replace("'", "").split(","));

        assertThat(answer.path("status").asInt()).isNotEqualTo(200);
        assertThat(answer.path("error").asText()).endsWith(sentence);
        assertThat(waybill.query("select * from history")).hasSize((int) rows);
    }

    @Test
    void nothingThatMayBeReadHoldsASecretOrWhatIsInAnOrder() throws Exception {
        StringBuilder read = new StringBuilder(get("/observe/metrics", operator).body());
        for (String beans : List.of("org.apache.camel:*", "io.waybill:*", "java.lang:*", "com.zaxxer.hikari:*")) {
            ObjectNode ask = JSON.createObjectNode().put("type", "read").put("mbean", beans);
            ask.putObject("config").put("ignoreErrors", true);
            read.append(post(operator, BodyPublishers.ofString(ask.toString())).body());
        }
        for (String dump :
                List.of("dumpRoutesAsXml()", "dumpRoutesAsYaml()", "dumpRoutesStatsAsXml(boolean,boolean)")) {
            ObjectNode call = JSON.createObjectNode()
                    .put("type", "exec")
                    .put("mbean", "org.apache.camel:context=waybill,type=context,name=\"waybill\"")
                    .put("operation", dump);
            call.set("arguments", JSON.valueToTree(dump.contains("()") ? new Object[0] : new Object[] {true, true}));
            read.append(post(operator, BodyPublishers.ofString(call.toString())).body());
        }

        // what was read is too long for a message
        String all = read.toString();
        for (String part : List.of("EndpointUri", "OldestWaitingSeconds", "HeapMemoryUsage", "alerts-mail")) {
            assertThat(all.contains(part)).as(part).isTrue();
        }
        assertThat(all)
                .doesNotContain("SECRETMARK", "sandbox-token", "sandbox-api-key", "demo-api-key")
                .doesNotContain("Aisyah", "60120000000", "Jalan Satu");
    }

    @Test
    void tracesOfTenThousandOrdersAtOnceAreRefused() throws Exception {
        ArrayNode many = JSON.createArrayNode();
        for (int i = 0; i < 10_000; i++) {
            many.add(JSON.createObjectNode().put("type", "version"));
        }
        HttpResponse<String> small = post(operator, BodyPublishers.ofString(many.toString()));
        for (int i = 0; i < 10_000; i++) {
            many.set(i, request("trace", "default", "B-" + i, 0));
        }
        HttpResponse<String> large = post(operator, BodyPublishers.ofString(many.toString()));

        assertThat(small.statusCode()).isEqualTo(413);
        assertThat(small.body()).isEqualTo("expected at most 200 requests at once, were 10000\n");
        assertThat(large.statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "{",
                "1",
                "[1]",
                "[[]]",
                "{} {}",
                "{\"type\":\"version\",\"type\":\"exec\"}",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]"
            })
    void whatIsNoRequestIsRefused(String body) throws Exception {
        assertThat(post(operator, BodyPublishers.ofString(body)).statusCode()).isEqualTo(400);
    }

    @Test
    void aSerialisedObjectIsNeitherReadHereNorAnywhere() throws Exception {
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(object)) {
            out.writeObject(new ArrayList<>(List.of("gadget")));
        }

        assertThat(post(operator, BodyPublishers.ofByteArray(object.toByteArray()))
                        .statusCode())
                .isEqualTo(400);
        assertThat(System.getProperty("jdk.serialFilter")).isEqualTo("!*");
        assertThat(System.getProperty("com.sun.management.jmxremote.port")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../../../etc/passwd",
                "/hawtio/../../etc/passwd",
                "/hawtio/%2e%2e/%2e%2e/etc/passwd",
                "/hawtio/..%2f..%2fetc%2fpasswd",
                "/hawtio/..%5c..%5cconf",
                "/hawtio/static/../../jolokia-access.xml",
                "/hawtio/static/%2e%2e/%2E%2E/application.properties",
                "/hawtio/jolokia/../../etc/passwd",
                "/hawtio/source-view/../loader.js",
                "/hawtio/auth/../../conf/users.properties",
                "/observe/health/../../etc/passwd",
                "/observe/metrics/..;/x",
                "/hawtio/%00"
            })
    void aPathThatClimbsIsRefused(String path) throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            String answer = raw("GET " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: " + operator
                    + "\r\nConnection: close\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 400 ").endsWith("the path is none of this port\n");
            // which is said once the answer is out
            Patience.await().untilAsserted(() -> assertThat(log.lines())
                    .anyMatch(line -> line.contains("refused with 400: GET " + path + " of 'admin'")));
        }
    }

    @Test
    void aHeadOfTenMegabytesIsRefusedAfterTheFirstKilobytes() throws Exception {
        String head = "GET /hawtio/ HTTP/1.1\r\nHost: a\r\n";
        try (CapturedLog log = new CapturedLog()) {
            assertThat(flooded(head + "X-Large: ")).startsWith("HTTP/1.1 431 ");
            assertThat(flooded("GET /hawtio/?")).startsWith("HTTP/1.0 414 ");
            assertThat(flooded("POST /hawtio/jolokia/ HTTP/1.1\r\nHost: a\r\nAuthorization: " + operator
                            + "\r\nContent-Length: 10485760\r\n\r\n"))
                    .startsWith("HTTP/1.1 413 ");
            Patience.await().untilAsserted(() -> assertThat(log.lines())
                    .filteredOn(line -> line.contains("refused "))
                    .hasSizeGreaterThanOrEqualTo(3));
        }
    }

    @Test
    void slowClientsAreClosedWhileOrdersAndHealthGoOn() throws Exception {
        List<Socket> slow = new ArrayList<>();
        Thread trickle = new Thread(() -> trickle(slow));
        try (CapturedLog log = new CapturedLog()) {
            for (int i = 0; i < SLOW; i++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), waybill.engine().managementPort());
                socket.setSoTimeout((int) RunningWaybill.PATIENCE.toMillis());
                socket.getOutputStream().write("GET /hawtio/ HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
                slow.add(socket);
            }
            trickle.start();

            everythingElseGoesOn();
            waybill.drop("B-2.json", Orders.malaysian("B-2"));
            waybill.await("B-2", "completed");

            for (Socket socket : slow) {
                assertThat(closed(socket)).isTrue();
            }
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("closed a connection from 127.0.0.1: more than 200 connections"));
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> log.lines().stream()
                    .anyMatch(line -> line.contains("closed a connection from 127.0.0.1: no whole request in time")));
        } finally {
            trickle.interrupt();
            trickle.join();
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    /** One byte to each now and then, so that none of them is ever idle. */
    private static void trickle(List<Socket> slow) {
        while (!Thread.currentThread().isInterrupted()) {
            for (Socket socket : slow) {
                try {
                    socket.getOutputStream().write('x');
                } catch (IOException closed) {
                    // that is what the server should do
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private static boolean closed(Socket socket) {
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Begins a request and goes on with ten megabytes, or until the server has had enough; what it answered. */
    private static String flooded(String beginning) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), waybill.engine().managementPort())) {
            socket.setSoTimeout((int) RunningWaybill.PATIENCE.toMillis());
            socket.getOutputStream().write(beginning.getBytes(StandardCharsets.ISO_8859_1));
            Thread flood = new Thread(() -> {
                byte[] some = "a".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
                try {
                    for (int i = 0; i < 160; i++) {
                        socket.getOutputStream().write(some);
                    }
                } catch (IOException enough) {
                    // that is what the server should say
                }
            });
            flood.start();
            byte[] status = socket.getInputStream().readNBytes(13);
            return new String(status, StandardCharsets.ISO_8859_1);
        }
    }

    private static String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), waybill.engine().managementPort())) {
            socket.setSoTimeout((int) RunningWaybill.PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private JsonNode exec(String who, String operation, Object... arguments) throws Exception {
        return JSON.readTree(
                post(who, BodyPublishers.ofString(request(operation, arguments).toString()))
                        .body());
    }

    private static ObjectNode request(String operation, Object... arguments) {
        ObjectNode request = JSON.createObjectNode();
        request.put("type", "exec").put("mbean", OPERATIONS).put("operation", operation);
        request.set("arguments", JSON.valueToTree(arguments));
        return request;
    }

    private HttpResponse<String> post(String who, BodyPublisher body) throws Exception {
        return fresh().send(
                        http("/hawtio/jolokia/")
                                .header("Authorization", who)
                                .POST(body)
                                .build(),
                        BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, String who) throws Exception {
        return fresh().send(http(path).header("Authorization", who).build(), BodyHandlers.ofString());
    }

    /** Without a connection of before, which the server may be about to close. */
    private static HttpClient fresh() {
        return HttpClient.newHttpClient();
    }

    private static HttpRequest.Builder http(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + waybill.engine().managementPort() + path))
                .timeout(RunningWaybill.PATIENCE);
    }

    private static String basic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
}
