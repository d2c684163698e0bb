package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.FileName;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Account;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.RunningWaybill.Dead;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What careless and hostile people drop: each thing is set aside with its reason, and good orders go through beside it. */
class HostileInputTest {

    private static final String ORDER = Orders.malaysian("BAD").toString();

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp.resolve("work")).carriers(sandbox).start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void everyBrokenFileIsADeadLetterThatNamesThePlaceAndGoodOrdersGoOn() {
        Map<String, byte[]> broken = broken();

        broken.forEach((name, content) -> waybill.drop(name + ".json", content));
        waybill.drop("H-good.json", Orders.malaysian("H-good"));

        waybill.await("H-good", "completed");
        Map<String, Dead> dead = new TreeMap<>();
        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> {
            for (Dead each : waybill.dead()) {
                broken.keySet().stream()
                        .filter(name -> each.message().contains(" of " + name + ".json "))
                        .forEach(name -> dead.put(name, each));
            }
            assertThat(dead.keySet()).containsExactlyInAnyOrderElementsOf(broken.keySet());
        });
        dead.forEach((name, each) -> {
            assertThat(each.raw()).as(name).isEqualTo(broken.get(name));
            assertThat(each.reason().get("faults")).as(name).isNotEmpty().allSatisfy(fault -> assertThat(
                            fault.get("pointer").asText() + fault.get("message").asText())
                    .containsPattern("line \\d+, column \\d+|/[a-z_]+"));
        });
        assertThat(waybill.query("select order_id from orders where order_id = 'BAD'"))
                .isEmpty();
        assertThat(sandbox.booked()).noneMatch(booked -> "BAD".equals(booked.reference()));
    }

    @Test
    void strangeOrderIdsAreShippedAndNeverBecomeAPath() {
        List<String> ids = List.of(
                "../../x",
                "/etc/x",
                "..",
                "a/b",
                "C:\\x",
                "${x}",
                "{{x}}",
                "$simple{body}",
                "#bean",
                "%2e%2e",
                "order 1",
                "😀📦",
                "x".repeat(64),
                "é".repeat(64));

        for (int i = 0; i < ids.size(); i++) {
            waybill.drop("id-" + i + ".json", Orders.malaysian(ids.get(i)));
        }

        for (String id : ids) {
            OrderKey key = new OrderKey("default", id, 0);
            Map<String, Object> row = waybill.await(key, "completed");
            assertThat(row.get("carrier_reference").toString()).matches("[A-Za-z0-9-]{1,50}");
            assertThat(waybill.shipment("default", FileName.encode(id))
                            .get("order_id")
                            .asText())
                    .isEqualTo(id);
            assertThat(sandbox.booked())
                    .filteredOn(booked -> row.get("carrier_reference").equals(booked.reference()))
                    .hasSize(1);
        }
        assertThat(RunningWaybill.files(temp)).allMatch(file -> file.startsWith(temp.resolve("work")));
        assertThat(RunningWaybill.files(waybill.outbox()))
                .allMatch(file -> file.getParent().equals(waybill.outbox().resolve("default")));
    }

    @Test
    void textsOfPeopleTravelAsTextsAndAreNeverEvaluated() throws Exception {
        ObjectNode order = Orders.british("H-text");
        order.withObject("/recipient")
                .put("name", "=HYPERLINK(\"http://x\")")
                .put("company", "<script>alert('1')</script> & \"Söhne\"")
                .put("city", "${header.x} {{y}}");
        order.putObject("metadata").put("note", "${bean:ledger} #{1+1}").put("n", 1);

        waybill.drop("H-text.json", order);
        waybill.await("H-text", "awaiting");

        JsonNode booked = consignment("H-text");
        assertThat(booked.get("contact").asText()).isEqualTo("=HYPERLINK(\"http://x\")");
        assertThat(booked.get("business_name").asText()).isEqualTo("<script>alert('1')</script> & \"Söhne\"");
        assertThat(booked.get("city").asText()).isEqualTo("${header.x} {{y}}");
        assertThat(waybill.shipment("default", "H-text").get("metadata")).isEqualTo(order.get("metadata"));
    }

    @Test
    void whatIsNoRegularFileIsSetAsideWithItsReason() throws Exception {
        Path secret = Files.writeString(
                temp.resolve("work").resolve("secret"),
                Orders.malaysian("H-secret").toString());
        Files.createSymbolicLink(waybill.inbox().resolve("link.json"), secret);
        new ProcessBuilder("mkfifo", waybill.inbox().resolve("fifo.json").toString())
                .start()
                .waitFor();
        Files.createDirectory(waybill.inbox().resolve("Folder.json"));
        Files.createLink(waybill.inbox().resolve("hard.json"), secret);
        Files.writeString(waybill.inbox().resolve("orders.xlsx"), "PK");

        waybill.drop("H-beside.json", Orders.malaysian("H-beside"));
        waybill.await("H-beside", "completed");

        Map<String, String> expected = Map.of(
                "link.json", "it is a symbolic link",
                "fifo.json", "it is a pipe, a socket or a device",
                "Folder.json",
                        "it is a folder, and its name is no account (1 to 40 of a-z, 0-9 and -) or it is not directly in the inbox",
                "hard.json", "it has a second name (a hard link)",
                "orders.xlsx", "its name does not end in .json or .ndjson");
        expected.forEach((name, why) -> {
            String message = "inbox entry '" + name + "' was not opened: " + why;
            Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(waybill.dead())
                    .anySatisfy(dead -> {
                        assertThat(dead.message()).isEqualTo(message);
                        assertThat(dead.cause()).isEqualTo("set-aside");
                        assertThat(dead.reason().get("stage").asText()).isEqualTo("intake");
                        assertThat(Files.exists(dead.file(), LinkOption.NOFOLLOW_LINKS))
                                .isTrue();
                        assertThat(waybill.query("select file from dead_letter where message = ?", message))
                                .containsExactly(Map.of("file", dead.file().toString()));
                    }));
            assertThat(Files.exists(waybill.inbox().resolve(name), LinkOption.NOFOLLOW_LINKS))
                    .isFalse();
        });
        assertThat(waybill.query("select * from orders where order_id = 'H-secret'"))
                .isEmpty();
    }

    @Test
    void identityCountsCharactersNotTheirSpelling() {
        waybill.drop("nfc.json", Orders.malaysian("H-caf\u00e9"));
        waybill.drop("nfd.json", Orders.malaysian("H-cafe\u0301"));
        waybill.drop("case.json", Orders.malaysian("h-CAF\u00c9"));

        waybill.await("H-caf\u00e9", "completed");
        waybill.await("h-CAF\u00c9", "completed");

        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> RunningWaybill.files(waybill.inbox())
                .isEmpty());
        assertThat(waybill.query("select count(*) as n from orders where lower(order_id) like 'h-caf%'"))
                .containsExactly(Map.of("n", 2L));
    }

    private static Map<String, byte[]> broken() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("two-documents", ORDER + ORDER);
        texts.put("duplicate-key", ORDER.replace("{\"order_id\"", "{\"order_id\":\"A\",\"order_id\""));
        texts.put("deep", "{\"a\":".repeat(100_000));
        texts.put("deep-metadata", with("metadata", "{\"a\":".repeat(70) + "1" + "}".repeat(70)));
        texts.put("long-text", with("remarks", "[\"" + "x".repeat(70_000) + "\"]"));
        texts.put("long-number", with("reissue", "1".repeat(2000)));
        texts.put("infinite", with("reissue", "1e999999999"));
        texts.put("float", with("reissue", "2.0"));
        texts.put("number-as-text", with("reissue", "\"2\""));
        texts.put("nan", with("reissue", "NaN"));
        texts.put("comment", "/* hello */ " + ORDER);
        texts.put("single-quotes", "{'order_id': 'BAD'}");
        texts.put("trailing-comma", ORDER.replaceFirst("}$", ",}"));
        texts.put("empty", "");
        texts.put("blank", " \n\t ");
        texts.put("null", "null");
        texts.put("empty-array", "[]");
        texts.put("text", "\"x\"");
        texts.put("half", ORDER.substring(0, ORDER.length() / 2));
        texts.put("lone-surrogate", with("remarks", "[\"\\ud800\"]"));
        texts.put("nul", with("remarks", "[\"a\\u0000b\"]"));
        texts.put("yesterday", with("created_at", "\"yesterday\""));
        texts.put("no-such-day", with("created_at", "\"2026-02-30T10:00:00Z\""));
        texts.put("no-zone", with("created_at", "\"2026-02-20T10:00:00\""));
        texts.put("negative-money", with("sales_price", "{\"amount\": \"-1\", \"currency\": \"GBP\"}"));
        texts.put("money-as-number", with("sales_price", "{\"amount\": 19.9, \"currency\": \"GBP\"}"));
        texts.put("weight-in-words", with("parcel", "{\"weight_g\": \"2,35 kg\"}"));
        texts.put("weight-of-nothing", with("parcel", "{\"weight_g\": 0}"));
        texts.put("weight-of-a-ship", with("parcel", "{\"weight_g\": 1000000000}"));
        texts.put("no-items", with("items", "[]"));
        texts.put(
                "items-501",
                with("items", "[" + "{\"sku\":\"s\",\"quantity\":1},".repeat(500) + "{\"sku\":\"s\",\"quantity\":1}]"));
        texts.put("unknown-field", with("order_Id", "1"));
        texts.put("uk", ORDER.replace("\"MY\"", "\"UK\""));
        texts.put("id-65", ORDER.replace("\"BAD\"", "\"" + "x".repeat(65) + "\""));
        texts.put("id-newline", ORDER.replace("\"BAD\"", "\"x\\n\""));
        texts.put("id-nul", ORDER.replace("\"BAD\"", "\"x\\u0000\""));
        texts.put("id-empty", ORDER.replace("\"BAD\"", "\"\""));
        texts.put("id-mark", ORDER.replace("\"BAD\"", "\"x\\u202e\""));
        texts.put("id-number", ORDER.replace("\"BAD\"", "7"));
        Map<String, byte[]> all = new LinkedHashMap<>();
        texts.forEach((name, text) -> all.put(name, text.getBytes(StandardCharsets.UTF_8)));
        all.put("utf-16", ORDER.getBytes(StandardCharsets.UTF_16));
        all.put("latin-1", ORDER.replace("Aisyah", "\u00c4isyah").getBytes(StandardCharsets.ISO_8859_1));
        all.put(
                "cut-character",
                (ORDER + "\u00e9").substring(0, 30).replace("BAD", "B\u00e9").getBytes(StandardCharsets.ISO_8859_1));
        return all;
    }

    /** The order with one more field, or another value in one that it has. */
    private static String with(String field, String value) {
        String rest = ((ObjectNode) Orders.json(ORDER)).without(field).toString();
        return rest.replaceFirst("\\{", "{\"" + field + "\": " + Matcher.quoteReplacement(value) + ",");
    }

    private static JsonNode consignment(String reference) throws IOException, InterruptedException {
        URI uri = sandbox.uri()
                .resolve("/client/Consignment?custom_identity_reference="
                        + URLEncoder.encode(reference, StandardCharsets.UTF_8));
        HttpRequest query = HttpRequest.newBuilder(uri)
                .header("api_key", Account.BIRDSYSTEM_API_KEY)
                .header("company_id", Account.BIRDSYSTEM_COMPANY_ID)
                .build();
        return Orders.json(HttpClient.newHttpClient()
                        .send(query, HttpResponse.BodyHandlers.ofString())
                        .body())
                .at("/data/0");
    }
}
