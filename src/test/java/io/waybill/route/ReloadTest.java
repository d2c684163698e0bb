package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.ledger.CarrierChange;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mappings that are edited while the engine runs: taken up whole or not at all, and never between a request and its answer. */
class ReloadTest {

    private static final String TEXT = "\"raw_status_text\": .Reason";
    private static final String REMARK = "\"Remark\": .remarks[0]";

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.in-doubt.settle-seconds", "3600")
                .changed("mappings/kdniao/carrier.yaml", "zone: Asia/Shanghai", "zone: Asia/Shanghai")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @AfterEach
    void asItWas() throws Exception {
        RunningWaybill.copy(Path.of("mappings/kdniao"), temp.resolve("work-home/mappings/kdniao"));
        reload("as it was");
    }

    @Test
    void anOrderOnItsWayKeepsTheVersionThatItBeganWithAndTheNextOneHasTheNewOne() throws Exception {
        sandbox.script(Fault.at("kdniao").reference("V-flight").delay(Duration.ofSeconds(4)));
        waybill.drop("V-flight.json", Orders.chinese("V-flight"));
        waybill.awaitHistory("V-flight", "book-sent");

        edit(
                "book.response.jslt",
                TEXT,
                "\"raw_status_text\": if (starts-with($order.order_id, \"V-\")) \"one\" else .Reason");
        List<Map<String, Object>> told = reload("a better text");
        waybill.drop("V-next.json", Orders.chinese("V-next"));
        waybill.await("V-next", "completed");
        waybill.await("V-flight", "completed");

        assertThat(rawText("V-next")).isEqualTo("one");
        assertThat(rawText("V-flight")).isNotEqualTo("one");
        assertThat(version("V-flight")).hasSize(12).isNotEqualTo(version("V-next"));
        assertThat(told)
                .containsExactly(Map.of(
                        "carrier",
                        "kdniao",
                        "state",
                        "taken-up",
                        "says",
                        "carrier kdniao: mapping=" + version("V-next") + " is taken up"));
        assertThat(waybill.query("select detail from history where order_id = 'V-next' and what = 'book-sent'"))
                .singleElement()
                .satisfies(row ->
                        assertThat(row.get("detail").toString()).contains("\"mapping\":\"" + version("V-next") + "\""));
        assertThat(waybill.query("select carrier, node, actor, reason from mapping_history"))
                .contains(Map.of("carrier", "kdniao", "node", "waybill", "actor", "jmx", "reason", "a better text"));
        assertThat(waybill.engine().ledger().queries().carrierHistory("kdniao"))
                .extracting(CarrierChange::state)
                .contains("mapping=" + version("V-next"));
        assertThat(reload("once more")).isEmpty();
    }

    @Test
    void whatDoesNotCompileOrBreaksACaseIsRefusedAndTheOldOneStays() throws Exception {
        waybill.drop("W-1.json", Orders.chinese("W-1"));
        waybill.await("W-1", "completed");

        edit("book.request.jslt", REMARK, REMARK + " +");
        List<Map<String, Object>> broken = reload("oops");
        edit("book.request.jslt", REMARK + " +", "\"Remark\": .remarks[1]");
        List<Map<String, Object>> wrong = reload("oops again");
        waybill.drop("W-2.json", Orders.chinese("W-2"));
        waybill.await("W-2", "completed");

        assertThat(broken).singleElement().satisfies(folder -> assertThat(folder)
                .containsEntry("state", "refused"));
        assertThat(broken.get(0).get("says").toString())
                .containsPattern("is refused, the old one stays: .*book.request.jslt:[0-9]+: JSLT does not compile");
        assertThat(wrong).singleElement().satisfies(folder -> assertThat(folder).containsEntry("state", "refused"));
        assertThat(wrong.get(0).get("says").toString())
                .contains("the case does not hold: request.json /Remark: expected");
        assertThat(version("W-2")).isEqualTo(version("W-1"));
    }

    @Test
    void aRepetitionWithOtherBytesThanTheFirstIsLeftToAPerson() throws Exception {
        sandbox.script(Fault.at("kdniao").reference("X-other").afterCommit(Reply.drop()));
        waybill.drop("X-other.json", Orders.chinese("X-other"));
        waybill.await("X-other", "in-doubt");

        edit("book.request.jslt", REMARK, "\"Remark\": if (.order_id == \"X-other\") \"new\" else .remarks[0]");
        assertThat(reload("a remark")).singleElement().satisfies(folder -> assertThat(folder)
                .containsEntry("state", "taken-up"));
        waybill.update("update orders set due_at = accepted_at where order_id = 'X-other'");

        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(
                        waybill.query("select reason from step where order_id = 'X-other' and step = 'book'"))
                .first()
                .asString()
                .contains("make another request than the one that was sent"));
        assertThat(sandbox.booked())
                .filteredOn(booked -> booked.reference().equals("X-other"))
                .hasSize(1);
        assertThat(waybill.order(new OrderKey("default", "X-other", 0))).containsEntry("state", "in-doubt");
    }

    private static void edit(String file, String from, String to) throws IOException {
        Path edited = temp.resolve("work-home/mappings/kdniao").resolve(file);
        String text = Files.readString(edited);
        assertThat(text).contains(from);
        Files.writeString(edited, text.replace(from, to));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> reload(String reason) throws Exception {
        return (List<Map<String, Object>>) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("io.waybill:type=Operations"),
                        "reloadMappings",
                        new Object[] {reason},
                        new String[] {"java.lang.String"});
    }

    private static String rawText(String id) {
        return waybill.shipment("default", id).path("raw_status_text").asText();
    }

    private static String version(String id) {
        return (String) waybill.query("select mapping_version from step where step = 'book' and order_id = ?", id)
                .get(0)
                .get("mapping_version");
    }
}
