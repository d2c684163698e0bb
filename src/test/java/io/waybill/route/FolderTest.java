package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.order.Fingerprint;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Account;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders through the inbox: what each carrier brings back, and every form in which files may come. */
class FolderTest {

    /** Of this class only, since a file is written slowly here. */
    private static final long SETTLE_MS = 600;

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort().withAccount(new Account("mabang", "4711", "token-of-acme")));
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.account.acme.mabang.token", "token-of-acme")
                .with("waybill.account.acme.mabang.centre-code", Account.MABANG_CENTRE_CODE)
                .with("waybill.account.acme.mabang.client-code", "4711")
                .with("waybill.account.acme.mabang.client-type", "2")
                .with("waybill.account.default.birdsystem.currency", "GBP")
                .with("waybill.intake.settle-ms", Long.toString(SETTLE_MS))
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void birdsystemOrderComesBackAsItsShipment() {
        waybill.drop("B-1.json", Orders.british("B-1"));

        waybill.await("B-1", "awaiting");

        assertThat(waybill.shipment("default", "B-1"))
                .isEqualTo(Orders.json(
                        """
                {"account": "default", "order_id": "B-1", "reissue": 0, "carrier": "birdsystem", "service": "standard",
                 "carrier_reference": "B-1", "carrier_order_id": "%s", "status": "submitted", "raw_status": "PENDING",
                 "raw_status_text": "ONLY_ORI_STOCK_ENOUGH", "label_state": "printed_by_warehouse", "created_at": "%s", "updated_at": "%s",
                 "warnings": ["not sent to birdsystem: sales_price.currency (the price has no currency there)"],
                 "charges": []}
                """
                                .formatted(
                                        booked("B-1").carrierOrderId(),
                                        waybill.shipment("default", "B-1")
                                                .get("created_at")
                                                .asText(),
                                        waybill.shipment("default", "B-1")
                                                .get("updated_at")
                                                .asText())));
        assertWholeChain("B-1", "birdsystem", "britain-and-eu");
    }

    @Test
    void kdniaoOrderComesBackWithItsLabelStored() throws IOException {
        waybill.drop("K-1.json", Orders.chinese("K-1"));

        waybill.await("K-1", "completed");

        JsonNode shipment = waybill.shipment("default", "K-1");
        assertThat(shipment.get("tracking_number").asText())
                .isEqualTo(booked("K-1").trackingNumber());
        assertThat(shipment.get("carrier_order_id").asText())
                .isEqualTo(booked("K-1").carrierOrderId());
        assertThat(shipment.get("label_state").asText()).isEqualTo("stored");
        JsonNode label = shipment.get("label");
        Path file = Path.of(label.get("path").asText());
        byte[] content = Files.readAllBytes(file);
        String sha256 = Fingerprint.of(content);
        assertThat(file)
                .isEqualTo(waybill.labels().resolve(sha256.substring(0, 2)).resolve(sha256 + ".html"));
        assertThat(label.get("sha256").asText()).isEqualTo(sha256);
        assertThat(label.get("bytes").asInt()).isEqualTo(content.length);
        assertThat(new String(content, StandardCharsets.UTF_8))
                .contains(booked("K-1").trackingNumber());
        assertThat(waybill.of("label", key("K-1"))).singleElement().satisfies(row -> assertThat(row)
                .containsEntry("path", file.toString())
                .containsEntry("format", "html")
                .containsEntry("sha256", sha256)
                .containsEntry("bytes", (long) content.length)
                .containsEntry("source", "carrier"));
        assertWholeChain("K-1", "kdniao", "china");
    }

    @Test
    void mabangOrderComesBackAsItsShipment() {
        waybill.drop("M-1.json", Orders.malaysian("M-1"));

        waybill.await("M-1", "completed");

        JsonNode shipment = waybill.shipment("default", "M-1");
        assertThat(shipment)
                .isEqualTo(Orders.json(
                        """
                {"account": "default", "order_id": "M-1", "reissue": 0, "carrier": "mabang", "service": "standard",
                 "carrier_reference": "M-1", "carrier_order_id": "M-1", "tracking_number": "%s", "status": "processing",
                 "raw_status": "pending", "sorting": {"code": "S-MY", "mark": "01"},
                 "label_state": "none", "charges": [], "warnings": [], "created_at": "%s"}
                """
                                .formatted(
                                        sandbox.booked().stream()
                                                .filter(booked ->
                                                        booked.reference().equals("M-1"))
                                                .findFirst()
                                                .orElseThrow()
                                                .trackingNumber(),
                                        shipment.get("created_at").asText())));
        assertWholeChain("M-1", "mabang", "south-east-asia");
    }

    @Test
    void chargesThatComeWithTheBookingBecomeRows() {
        sandbox.script(
                Fault.at("birdsystem")
                        .reference("B-fees")
                        .afterCommit(
                                Reply.status(
                                        200,
                                        """
                        {"success": true, "data": {"id": 77, "status": "PENDING", "total_delivery_fee": "3.90",
                          "total_handling_fee": "0.7000", "total_fee_weight": "500.0000"}}
                        """)),
                // the real order has another id
                Fault.at("birdsystem")
                        .path("/Consignment-Product")
                        .instead(Reply.status(200, "{\"success\": true, \"data\": {\"id\": 7701}}")),
                Fault.at("birdsystem").path("/Batch-Update-Status").instead(Reply.status(200, "{\"success\": true}")));

        waybill.drop(
                "B-fees.json",
                Orders.british("B-fees")
                        .set(
                                "billing",
                                Orders.json("""
                {"cost_center": "CC-9", "reference": "PO 17"}""")));
        waybill.await("B-fees", "awaiting");

        assertThat(waybill.of("charge", key("B-fees")))
                .extracting(row -> row.get("kind"), row -> row.get("amount"), row -> row.get("currency"))
                .containsExactlyInAnyOrder(
                        tuple("freight", new BigDecimal("3.9000"), "GBP"),
                        tuple("handling", new BigDecimal("0.7000"), "GBP"));
        assertThat(waybill.of("charge", key("B-fees"))).allSatisfy(row -> assertThat(row)
                .containsEntry("carrier", "birdsystem")
                .containsEntry("cost_center", "CC-9")
                .containsEntry("reference", "PO 17")
                .containsEntry("final", false));
        assertThat(waybill.shipment("default", "B-fees").get("charges"))
                .isEqualTo(
                        Orders.json(
                                """
                [{"kind": "freight", "amount": "3.90", "currency": "GBP", "source": "birdsystem total_delivery_fee", "final": false},
                 {"kind": "handling", "amount": "0.7000", "currency": "GBP", "source": "birdsystem total_handling_fee", "final": false}]
                """));
    }

    @Test
    void trackingThatComesWithTheBookingBecomesRows() {
        sandbox.script(
                Fault.at("mabang")
                        .reference("M-track")
                        .afterCommit(
                                Reply.status(
                                        201,
                                        """
                        {"code": 201, "data": {"order_number": "M-track", "tracking_number": "MY123", "status": "pending",
                          "allocate_at": "2026-03-01 10:00:00", "pack_at": "2026-03-01 11:30:00"}}
                        """)));

        waybill.drop("M-track.json", Orders.malaysian("M-track"));
        waybill.await("M-track", "completed");

        assertThat(waybill.query(
                        "select tracking_number, status, raw_status, source, cast(at at time zone 'UTC' as varchar) as utc"
                                + " from tracking_event where order_id = 'M-track' order by at"))
                .containsExactly(
                        Map.of(
                                "tracking_number", "MY123",
                                "status", "processing",
                                "raw_status", "allocate_at",
                                "source", "mabang book",
                                "utc", "2026-03-01 02:00:00+00"),
                        Map.of(
                                "tracking_number", "MY123",
                                "status", "labelled",
                                "raw_status", "pack_at",
                                "source", "mabang book",
                                "utc", "2026-03-01 03:30:00+00"));
    }

    @Test
    void folderInTheInboxIsTheAccount() {
        waybill.drop("acme/A-1.json", Orders.malaysian("A-1"));
        waybill.drop("A-1.json", Orders.malaysian("A-1"));

        waybill.await(new OrderKey("acme", "A-1", 0), "completed");
        waybill.await("A-1", "completed");

        assertThat(waybill.shipment("acme", "A-1").get("account").asText()).isEqualTo("acme");
        assertThat(waybill.shipment("default", "A-1").get("account").asText()).isEqualTo("default");
        assertThat(sandbox.booked())
                .filteredOn(booked -> booked.reference().equals("A-1"))
                .extracting(Booked::account)
                .containsExactlyInAnyOrder("4711", Account.MABANG_CLIENT_CODE);
    }

    /** Of most such files nothing else says whose they are, and a restore puts them back into the inbox. */
    @Test
    void aFileOfAnAccountsFolderKeepsItInTheArchive() {
        waybill.drop("acme/kept.json", Orders.malaysian("KEPT-1"));
        waybill.drop("kept-too.json", Orders.malaysian("KEPT-2"));

        waybill.awaitArchived("kept.json");
        waybill.awaitArchived("kept-too.json");

        assertThat(waybill.archived())
                .filteredOn(file -> file.getFileName().toString().startsWith("kept"))
                .extracting(file -> file.getFileName().toString().startsWith("kept-too")
                        + " "
                        + file.getParent().getFileName().toString().equals("acme"))
                .containsExactlyInAnyOrder("true false", "false true");
    }

    @Test
    void whatIsSetAsideOfAnAccountsFolderGoesBackThere() {
        waybill.drop("acme/sheet.csv", "a,b");

        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(waybill.dead())
                .filteredOn(dead -> dead.message().startsWith("inbox entry 'acme/sheet.csv' was not opened"))
                .extracting(RunningWaybill.Dead::next)
                .containsExactly(
                        "if it holds orders, drop them as regular files named .json or .ndjson into the inbox, into"
                                + " its folder 'acme'; nothing was sent to a carrier"));
    }

    /** Else whoever may write to one account's folder would ship on the bill of another. */
    @Test
    void anOrderOfAnAccountsFolderIsThatAccounts() {
        waybill.drop("acme/F-1.json", Orders.malaysian("F-1").put("account", "default"));
        waybill.drop("acme/F-2.json", Orders.malaysian("F-2").put("account", "acme"));
        waybill.drop("F-3.json", Orders.malaysian("F-3").put("account", "acme"));

        waybill.await(new OrderKey("acme", "F-2", 0), "completed");
        waybill.await(new OrderKey("acme", "F-3", 0), "completed");
        RunningWaybill.Dead dead = waybill.awaitDead("F-1", "invalid");

        assertThat(dead.file().getParent()).isEqualTo(waybill.deadLetters().resolve("acme"));
        assertThat(dead.next())
                .isEqualTo(
                        "correct the faults, then move this file back to the inbox, into its folder 'acme'; nothing was"
                                + " sent to a carrier");
        assertThat(dead.reason().get("faults"))
                .isEqualTo(
                        Orders.json(
                                """
                [{"pointer": "/account", "message": "account is 'default', but the file lies in the folder of 'acme';\
                 one of them must change"}]"""));
        assertThat(waybill.query("select * from orders where order_id = 'F-1'")).isEmpty();
        assertThat(sandbox.booked())
                .filteredOn(booked -> booked.reference().startsWith("F-"))
                .extracting(Booked::account)
                .containsExactly("4711", "4711");
    }

    @Test
    void accountWithoutSettingsIsADeadLetterThatNamesThem() {
        waybill.drop("stranger/S-1.json", Orders.chinese("S-1"));

        waybill.await(new OrderKey("stranger", "S-1", 0), "dead-letter");

        RunningWaybill.Dead dead = waybill.dead().stream()
                .filter(each -> each.file().getParent().endsWith("stranger"))
                .findFirst()
                .orElseThrow();
        assertThat(dead.cause()).isEqualTo("unmappable");
        assertThat(dead.reason().get("faults").toString())
                .contains("the setting waybill.account.stranger.kdniao.api-key is missing")
                .contains("the setting waybill.account.stranger.kdniao.ebusiness-id is missing");
        assertThat(dead.next())
                .isEqualTo(
                        "correct the faults in the order or the settings, then move this file back to the inbox, into its"
                                + " folder 'stranger'; nothing was booked");
    }

    @Test
    void reissueIsAShipmentOfItsOwn() {
        waybill.drop("R-1.json", Orders.malaysian("R-1"));
        waybill.drop("R-1-again.json", Orders.malaysian("R-1").put("reissue", 1));

        waybill.await("R-1", "completed");
        waybill.await(new OrderKey("default", "R-1", 1), "completed");

        assertThat(waybill.shipment("default", "R-1").get("carrier_reference").asText())
                .isEqualTo("R-1");
        assertThat(waybill.shipment("default", "R-1=R1")
                        .get("carrier_reference")
                        .asText())
                .isEqualTo("R-1-R1");
    }

    @Test
    void everyOrderOfAnArrayIsShippedAndABadOneIsKeptByteByByte() {
        String bad = "{\"order_id\":  \"ARR-2\", \"items\": [] }";
        waybill.drop(
                "batch.json",
                "[ " + Orders.malaysian("ARR-1") + " ,\n " + bad + ",\n" + Orders.malaysian("ARR-3") + "]\n");

        waybill.await("ARR-1", "completed");
        waybill.await("ARR-3", "completed");

        RunningWaybill.Dead dead = waybill.awaitDead("ARR-2", "invalid");
        assertThat(dead.text()).isEqualTo(bad);
        assertThat(dead.message()).isEqualTo("order in document 2 of batch.json is not a legal order: 2 faults");
        assertThat(dead.reason().get("faults").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/recipient", "/items");
    }

    @Test
    void everyLineOfNdjsonIsShipped() {
        waybill.drop(
                "lines.ndjson", Orders.malaysian("ND-1") + "\n\n" + Orders.malaysian("ND-2") + "\r\nno json at all\n");

        waybill.await("ND-1", "completed");
        waybill.await("ND-2", "completed");

        Patience.await().untilAsserted(() -> assertThat(
                        waybill.query("select message from dead_letter where source = 'lines.ndjson'"))
                .containsExactly(Map.of("message", "document 3 of lines.ndjson cannot be read: 1 fault")));
    }

    @Test
    void byteOrderMarkIsNoPartOfTheOrder() {
        waybill.drop("bom.json", "\ufeff" + Orders.malaysian("BOM-1"));

        waybill.await("BOM-1", "completed");

        assertThat(waybill.shipment("default", "BOM-1").get("order_id").asText())
                .isEqualTo("BOM-1");
    }

    @Test
    void fileMovesToTheArchiveAsItCame() throws IOException {
        String content = Orders.malaysian("ARC-1").toPrettyString();

        waybill.drop("ARC-1.json", content);
        waybill.await("ARC-1", "completed");

        Patience.await().untilAsserted(() -> assertThat(waybill.archived())
                .filteredOn(file -> file.getFileName().toString().startsWith("ARC-1-"))
                .singleElement()
                .satisfies(file -> assertThat(file).hasContent(content)));
        assertThat(waybill.inbox().resolve("ARC-1.json")).doesNotExist();
    }

    @Test
    void fileThatIsStillBeingWrittenIsNotRead() throws IOException {
        String id = "SLOW-1";
        // a writer whom the machine held up for so long has finished, for all that anybody can see; another one tries
        for (int writer = 2; longestPause(id) >= SETTLE_MS; writer++) {
            id = "SLOW-" + writer;
        }

        waybill.await(id, "completed");

        assertThat(waybill.query("select * from dead_letter where source = ?", id + ".json"))
                .isEmpty();
    }

    /** Writes an order bit by bit, and tells the longest time in milliseconds for which the file may have stayed the same. */
    private static long longestPause(String id) throws IOException {
        String order = Orders.malaysian(id).toString();
        Path file = waybill.inbox().resolve(id + ".json");
        long longest = 0;
        long before = System.nanoTime();
        for (int i = 0; i < order.length(); i += 40) {
            String part = order.substring(i, Math.min(i + 40, order.length()));
            long now = System.nanoTime();
            Files.writeString(file, part, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            longest = Math.max(longest, System.nanoTime() - before);
            before = now;
            LockSupport.parkNanos(Duration.ofMillis(40).toNanos());
        }
        return Duration.ofNanos(longest).toMillis();
    }

    private static void assertWholeChain(String id, String carrier, String rule) {
        List<String> calls = carrier.equals("birdsystem") ? List.of("product-1", "submit") : List.of();
        if (!carrier.equals("birdsystem")) {
            assertThat(waybill.order(key(id))).containsEntry("owner", null).containsEntry("due_at", null);
            assertThat(waybill.of("follow_up", key(id))).isEmpty();
        }
        assertThat(waybill.order(key(id)))
                .containsEntry("carrier", carrier)
                .containsEntry("rule", rule)
                .containsEntry("source", id + ".json")
                .containsEntry("carrier_reference", id);
        assertThat(waybill.of("step", key(id)))
                .extracting(row -> row.get("step") + " " + row.get("state"))
                .contains("answer done", "billing done", "book done", "label done", "tracking done")
                .hasSize(5 + calls.size())
                .containsAll(calls.stream().map(call -> call + " done").toList());
        List<String> whats = new ArrayList<>(List.of("accepted", "book-sent", "booked"));
        calls.forEach(call -> whats.addAll(List.of(call + "-sent", call + "-done")));
        whats.add(carrier.equals("birdsystem") ? "awaiting" : "completed");
        assertThat(waybill.of("history", key(id)))
                .extracting(row -> row.get("what"))
                .containsExactlyElementsOf(whats);
        assertThat(waybill.of("dead_letter", key(id))).isEmpty();
        booked(id);
    }

    /** The one booking that the carrier has for an order. */
    private static Booked booked(String reference) {
        List<Booked> bookings = sandbox.booked().stream()
                .filter(booked -> reference.equals(booked.reference()))
                .toList();
        assertThat(bookings).hasSize(1);
        return bookings.get(0);
    }

    private static OrderKey key(String id) {
        return new OrderKey("default", id, 0);
    }
}
