package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.order.OrderKey;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sink that is away: the booking stands, the others go on, and the order is completed when it is back. */
class SinkTest {

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
    void bookedOrderWaitsForTheLabelFolder() throws IOException {
        breakFolder(waybill.labels());

        waybill.drop("S-label.json", Orders.chinese("S-label"));
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> tries("S-label") >= 1);
        assertThat(waybill.await("S-label", "booked").get("due_at")).isNotNull();
        assertThat(waybill.of("step", key("S-label")))
                .extracting(row -> row.get("step") + " " + row.get("state"))
                .containsExactly("billing done", "book done", "tracking done");
        assertThat(waybill.outbox().resolve("default/S-label.json")).doesNotExist();
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> tries("S-label") >= 2);
        repairFolder(waybill.labels());

        waybill.await("S-label", "completed");
        Path label =
                Path.of(waybill.shipment("default", "S-label").at("/label/path").asText());
        assertThat(label).exists();
        assertThat(waybill.of("label", key("S-label"))).hasSize(1);
        assertThat(bookings("S-label")).isEqualTo(1);
        assertThat(history("S-label")).containsOnlyOnce("book-sent").doesNotContain("dead-letter");
    }

    @Test
    void bookedOrderWaitsForTheOutbox() throws IOException {
        breakFolder(waybill.outbox());

        waybill.drop("S-out.json", Orders.malaysian("S-out"));
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> tries("S-out") >= 1);
        assertThat(waybill.await("S-out", "booked").get("due_at")).isNotNull();
        assertThat(waybill.of("step", key("S-out")))
                .extracting(row -> row.get("step") + " " + row.get("state"))
                .containsExactly("billing done", "book done", "label done", "tracking done");
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> tries("S-out") >= 2);
        repairFolder(waybill.outbox());

        waybill.await("S-out", "completed");
        assertThat(waybill.shipment("default", "S-out").get("order_id").asText())
                .isEqualTo("S-out");
        assertThat(history("S-out")).containsOnlyOnce("book-sent");
    }

    @Test
    void duplicateStaysInTheInboxUntilItCanBeAnswered() throws IOException {
        waybill.drop("S-dup.json", Orders.malaysian("S-dup"));
        waybill.await("S-dup", "completed");
        int before = waybill.duplicates();
        breakFolder(waybill.outbox());

        waybill.drop("S-dup-again.json", Orders.malaysian("S-dup"));
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.duplicates() >= before + 2);
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.holds("S-dup-again.json"));
        repairFolder(waybill.outbox());

        waybill.shipment("default", "S-dup");
        waybill.awaitArchived("S-dup-again.json");
        assertThat(history("S-dup")).containsOnlyOnce("book-sent");
    }

    @Test
    void badOrderStaysInTheInboxUntilItsDeadLetterCanBeWritten() throws IOException {
        breakFolder(waybill.deadLetters());

        waybill.drop("S-bad.json", "{\"order_id\": \"S-bad\"}");
        waybill.drop("S-good.json", Orders.malaysian("S-good"));
        waybill.await("S-good", "completed");
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.holds("S-bad.json"));
        repairFolder(waybill.deadLetters());

        assertThat(waybill.awaitDead("S-bad", "invalid").text()).isEqualTo("{\"order_id\": \"S-bad\"}");
    }

    @Test
    void orderThatGoesNoFurtherWaitsUntilItsDeadLetterCanBeWritten() throws IOException {
        breakFolder(waybill.deadLetters());
        sandbox.script(
                Fault.at("mabang")
                        .reference("S-no")
                        .instead(Reply.status(412, "{\"code\": 412, \"message\": \"no\"}"))
                        .calls(0, -1),
                Fault.at("kdniao")
                        .reference("S-paper")
                        .afterCommit(Reply.status(
                                200,
                                "{\"Success\": true, \"ResultCode\": \"100\", \"Order\": {\"LogisticCode\": \"YT1\"},"
                                        + " \"PrintTemplate\": \"no label\"}")));

        waybill.drop(
                "S-dhl.json", Orders.malaysian("S-dhl").put("carrier", "dhl").put("service", "x"));
        waybill.drop("S-no.json", Orders.malaysian("S-no"));
        waybill.drop("S-paper.json", Orders.chinese("S-paper"));
        for (String id : List.of("S-dhl", "S-no", "S-paper")) {
            Awaitility.await(id).atMost(RunningWaybill.PATIENCE).until(() -> tries(id) >= 1);
        }
        repairFolder(waybill.deadLetters());

        waybill.awaitDead("S-dhl", "unknown-carrier");
        waybill.awaitDead("S-no", "rejected");
        waybill.awaitDead("S-paper", "label-refused");
        for (String id : List.of("S-dhl", "S-no", "S-paper")) {
            waybill.await(id, "dead-letter");
        }
        assertThat(bookings("S-dhl") + bookings("S-no")).isZero();
        assertThat(bookings("S-paper")).isEqualTo(1);
        assertThat(history("S-paper")).containsOnlyOnce("book-sent");
    }

    /** Root may write anywhere, but not into a file as if it were a folder. */
    private static void breakFolder(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
        }
        Files.writeString(folder, "in the way");
    }

    private static void repairFolder(Path folder) throws IOException {
        Files.delete(folder);
        // whoever tries again at this moment may have made it
        Files.createDirectories(folder);
    }

    private static long tries(String id) {
        return history(id).stream().filter("waiting"::equals).count();
    }

    private static List<String> history(String id) {
        return waybill.of("history", key(id)).stream()
                .map(row -> (String) row.get("what"))
                .toList();
    }

    private static long bookings(String id) {
        return sandbox.booked().stream()
                .filter(booked -> id.equals(booked.reference()))
                .count();
    }

    private static OrderKey key(String id) {
        return new OrderKey("default", id, 0);
    }
}
