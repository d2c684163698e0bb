package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Audit;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.sink.LabelAudit;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.PostgresServer;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an ended order says of people goes after its time, and everything else about it stays. */
class RetentionTest {

    private static final String MARK = "PIIMARK";
    private static final List<String> TABLES = List.of(
            "orders",
            "step",
            "label",
            "tracking_event",
            "charge",
            "dead_letter",
            "history",
            "alert",
            "alert_notice",
            "push");

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"H2", "PostgreSQL"})
    void personalDataOfOldOrdersGoesAndTheRestStays(String database) throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort());
                RunningWaybill waybill = waybill(sandbox, database)) {
            sandbox.script(
                    Fault.at("mabang")
                            .reference("R-dead")
                            .instead(Reply.status(
                                    412, "{\"code\": 412, \"message\": \"receiver PIIMARK-echo is not allowed\"}")),
                    Fault.at("mabang").reference("R-doubt").afterCommit(Reply.drop()));
            ship(waybill);
            String reference = waybill.await("R-done", "completed")
                    .get("carrier_reference")
                    .toString();
            Object fingerprint = waybill.await("R-done", "completed").get("fingerprint");
            assertThat(marked(waybill)).contains("orders");
            assertThat(markedFiles()).isNotEmpty();

            push(waybill, "old", "stored", "40");
            push(waybill, "older", "aside", "40");
            push(waybill, "young", "done", "1");
            unnamed(waybill, "R-gone-0123456789ab", "40");
            unnamed(waybill, "R-young-0123456789ab", "1");
            unnamed(waybill, "R-young-mine", "40");
            age(waybill, "R-done", "R-dead");
            Awaitility.await()
                    .atMost(RunningWaybill.PATIENCE)
                    .until(() -> waybill.query("select 1 from orders where forgotten_at is not null")
                                    .size()
                            == 2);
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.query(
                            "select 1 from dead_letter where file <> ''")
                    .isEmpty());
            // pushes go after the dead letters, and archived files last
            Patience.await().untilAsserted(() -> assertThat(waybill.query("select id from push order by id"))
                    .extracting(each -> each.get("id"))
                    .containsExactly("old", "young"));
            Patience.await().untilAsserted(() -> assertThat(markedFiles())
                    .allMatch(file -> file.toString().contains("R-young")
                            || file.toString().contains("R-doubt")
                            || file.toString().contains("/data/")
                            || file.toString().contains("/labels/")));

            assertThat(markedFiles())
                    .filteredOn(file -> file.startsWith(waybill.deadLetters()))
                    .hasSize(4);
            assertThat(waybill.archived())
                    .extracting(file -> file.getFileName().toString().replaceFirst("-[^-]*-[^-]*\\.json$", ""))
                    .contains("R-young");

            Map<String, Object> row = waybill.order(key("R-done"));
            assertThat(row)
                    .containsEntry("carrier_reference", reference)
                    .containsEntry("fingerprint", fingerprint)
                    .containsEntry("payload", "")
                    .containsEntry("state", "completed");
            JsonNode remains = Orders.json(row.get("shipment").toString());
            assertThat(remains.path("tracking_number").asText()).startsWith("YT");
            assertThat(remains.path("charges")).hasSize(1);
            assertThat(waybill.of("charge", key("R-done"))).hasSize(1);
            assertIntact(waybill, "R-done");
            assertIntact(waybill, "R-dead");
            assertThat(waybill.query("select order_id from orders where payload like '%PIIMARK%'"))
                    .extracting(each -> each.get("order_id"))
                    .containsExactlyInAnyOrder("R-doubt", "R-young");
            assertThat(marked(waybill, "R-done", "R-dead")).isEmpty();
            assertThat(waybill.of("label", key("R-done"))).singleElement().satisfies(label -> assertThat(label)
                    .containsEntry("path", ""));
            assertKnownAgain(sandbox, waybill);
        }
    }

    /** What is left of a dead letter whose row was never written, or what somebody keeps there. */
    private static void unnamed(RunningWaybill waybill, String name, String days) throws IOException {
        Path account = Files.createDirectories(waybill.deadLetters().resolve("default"));
        for (String file : List.of(name + ".json", name + ".reason.json")) {
            Files.writeString(
                    account.resolve(file),
                    "{`stage`: `book`, `cause`: `failed`, `message`: `PIIMARK`}".replace('`', '"'));
            Files.setLastModifiedTime(
                    account.resolve(file), FileTime.from(Instant.now().minus(Duration.ofDays(Long.parseLong(days)))));
        }
    }

    private static void push(RunningWaybill waybill, String id, String state, String days) {
        waybill.update(
                "insert into push (id, carrier, account, body, state, detail, attempts, times, received_at, updated_at)"
                        + " values ('" + id + "', 'kdniao', 'default', cast('x' as bytea), '" + state + "', '{}', 0, 1,"
                        + " current_timestamp, current_timestamp - interval '" + days + "' day)");
    }

    /** Neither a duplicate nor a changed order is sent; a dead one that comes again is a new try. */
    private static void assertKnownAgain(Sandbox sandbox, RunningWaybill waybill) {
        waybill.drop("again.json", marked(Orders.chinese("R-done")));
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.duplicates() == 1);
        waybill.drop("changed.json", marked(Orders.chinese("R-done")).put("urgent", true));
        waybill.awaitDead("R-done", "conflict");
        assertThat(waybill.engine().ledger().outOfTurn().replay(key("R-dead"), "{}"))
                .isFalse();
        assertThat(waybill.order(key("R-dead"))).containsEntry("state", "dead-letter");
        sandbox.clearScripts();
        waybill.drop("dead-again.json", marked(Orders.malaysian("R-dead")));
        waybill.await("R-dead", "completed");
        assertThat(sandbox.booked().stream().map(Booked::reference))
                .containsOnlyOnce("R-done")
                .containsOnlyOnce("R-dead");
        assertThat(waybill.shipment("default", "R-done")
                        .path("warnings")
                        .path(0)
                        .asText())
                .contains("were removed");
    }

    private static void assertIntact(RunningWaybill waybill, String id) {
        assertThat(new Audit(waybill.engine().ledger().queries()).broken(key(id)))
                .isEmpty();
        assertThat(LabelAudit.broken(
                        key(id), waybill.engine().ledger().queries().trail().labels(key(id))))
                .isEmpty();
        assertThat(waybill.of("history", key(id))).last().satisfies(last -> assertThat(last)
                .containsEntry("what", "forgotten"));
    }

    private RunningWaybill waybill(Sandbox sandbox, String database) {
        RunningWaybill.Start start = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.retention.days", "30")
                .with("waybill.retention.poll-ms", "200")
                .with("waybill.account.default.kdniao.tariff.yto", "4.50 CNY for 1000 g, then 1.20 for each 1000 g");
        if (database.equals("PostgreSQL")) {
            start.with("waybill.db.url", PostgresServer.freshDatabase()).with("waybill.db.user", PostgresServer.user());
        }
        return start.start();
    }

    private static void ship(RunningWaybill waybill) throws IOException {
        waybill.drop("R-done.json", marked(Orders.chinese("R-done")));
        writtenLongAgo(waybill, "R-young.json", marked(Orders.chinese("R-young")));
        waybill.drop("R-dead.json", marked(Orders.malaysian("R-dead")));
        waybill.drop("R-doubt.json", marked(Orders.malaysian("R-doubt")));
        waybill.await("R-done", "completed");
        waybill.await("R-young", "completed");
        waybill.await("R-dead", "dead-letter");
        waybill.await("R-doubt", "in-doubt");
        waybill.awaitArchived(4);
    }

    /** What counts is when a file came. */
    private static void writtenLongAgo(RunningWaybill waybill, String name, ObjectNode order) throws IOException {
        Path hidden = Files.writeString(waybill.inbox().resolve("." + name), order.toString());
        Files.setLastModifiedTime(hidden, FileTime.from(Instant.now().minus(Duration.ofDays(40))));
        Files.move(hidden, waybill.inbox().resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private void age(RunningWaybill waybill, String... ids) throws IOException {
        for (String id : ids) {
            waybill.update(
                    "update orders set updated_at = updated_at - interval '31' day where order_id = '" + id + "'");
            waybill.update("update dead_letter set at = at - interval '31' day where order_id = '" + id + "'");
            for (Path file : waybill.archived()) {
                if (file.getFileName().toString().startsWith(id)) {
                    Path day = file.getParent()
                            .resolveSibling(LocalDate.now().minusDays(33).toString());
                    Files.move(
                            file,
                            Files.createDirectories(day).resolve(file.getFileName()),
                            StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
    }

    private List<Path> markedFiles() {
        return RunningWaybill.files(temp.resolve("work")).stream()
                .filter(file -> !file.toString().contains("/data/"))
                .filter(file -> RunningWaybill.text(file).contains(MARK))
                .toList();
    }

    /** The tables in which a mark stands, of all orders or of these. */
    private static List<String> marked(RunningWaybill waybill, String... ids) {
        List<String> of = List.of(ids);
        return TABLES.stream()
                .filter(table -> waybill.query("select * from " + table).stream()
                        .filter(row -> of.isEmpty() || of.contains(String.valueOf(row.get("order_id"))))
                        .anyMatch(row -> row.values().stream()
                                .anyMatch(value -> String.valueOf(value).contains(MARK))))
                .toList();
    }

    private static OrderKey key(String id) {
        return new OrderKey("default", id, 0);
    }

    private static ObjectNode marked(ObjectNode order) {
        ObjectNode person = order.withObject("/recipient");
        person.put("name", MARK + "-name").put("city", MARK + "-city");
        person.putArray("address_lines").add(MARK + "-street 1");
        return order;
    }
}
