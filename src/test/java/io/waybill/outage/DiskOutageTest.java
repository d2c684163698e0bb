package io.waybill.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.intake.ReadFiles;
import io.waybill.order.Fingerprint;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full or read-only and folders that are gone, for every folder that Waybill writes to. */
class DiskOutageTest {

    @TempDir
    Path temp;

    private Sandbox sandbox;
    private RunningWaybill waybill;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
    }

    @AfterEach
    void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void labelDiskIsFull() throws IOException {
        try (SmallDisk disk = SmallDisk.at(temp.resolve("disk"), "64k")) {
            startWaybill("waybill.labels", disk.folder());
            disk.fill();
            waybill.drop("D-1.json", Orders.chinese("D-1"));
            assertBooked("D-1");
            // while it is tried again, there is a beginning of it
            Patience.await().untilAsserted(() -> assertThat(RunningWaybill.files(disk.folder()))
                    .noneMatch(file -> file.getFileName().toString().matches(".*(tmp|html).*")));

            disk.free();

            Shipped.once(waybill, sandbox, List.of("D-1"));
            assertLabel("D-1");
        }
    }

    @Test
    void labelDiskIsReadOnly() throws IOException {
        try (SmallDisk disk = SmallDisk.at(temp.resolve("disk"), "64k")) {
            startWaybill("waybill.labels", disk.folder());
            disk.readOnly(true);
            waybill.drop("D-1.json", Orders.chinese("D-1"));
            assertBooked("D-1");

            disk.readOnly(false);

            Shipped.once(waybill, sandbox, List.of("D-1"));
            assertLabel("D-1");
        }
    }

    @Test
    void labelFolderIsRemoved() throws IOException {
        startWaybill();
        Files.delete(waybill.labels());

        waybill.drop("D-1.json", Orders.chinese("D-1"));

        Shipped.once(waybill, sandbox, List.of("D-1"));
        assertLabel("D-1");
    }

    @Test
    void outboxIsFullAndAnOldAnswerStaysWhole() throws IOException {
        try (SmallDisk disk = SmallDisk.at(temp.resolve("disk"), "64k")) {
            startWaybill("waybill.outbox", disk.folder());
            waybill.drop("D-1.json", Orders.malaysian("D-1"));
            waybill.await("D-1", "completed");
            Path answer = disk.folder().resolve("default/D-1.json");
            String before = RunningWaybill.text(answer);
            disk.fill();
            waybill.drop("D-1-again.json", Orders.malaysian("D-1"));
            waybill.drop("D-2.json", Orders.malaysian("D-2"));
            assertBooked("D-2");
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.duplicates() > 1);
            assertThat(answer).hasContent(before);
            assertThat(disk.folder().resolve("default/D-2.json")).doesNotExist();

            disk.free();

            waybill.await("D-2", "completed");
            waybill.awaitArchived("D-1-again.json");
            assertThat(sandbox.calls("mabang")).isEqualTo(2);
            assertThat(answer).hasContent(before);
            assertThat(RunningWaybill.files(disk.folder())).hasSize(2);
        }
    }

    @Test
    void archiveIsNoFolder() throws IOException {
        startWaybill();
        Obstacle obstacle = Obstacle.inPlaceOf(temp.resolve("work/archive"));
        waybill.drop("D-1.json", Orders.malaysian("D-1"));
        waybill.await("D-1", "completed");
        Path kept = waybill.inbox().resolve(".read");
        Patience.await().until(() -> RunningWaybill.files(kept).size() == 1);
        waybill.drop("D-2.json", Orders.malaysian("D-2"));
        waybill.await("D-2", "completed");
        Patience.await().until(() -> RunningWaybill.files(kept).size() == 2);

        obstacle.remove();

        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> waybill.archived().size() == 2);
        Shipped.once(waybill, sandbox, List.of("D-1", "D-2"));
        assertThat(RunningWaybill.files(waybill.inbox())).isEmpty();
        assertThat(sandbox.calls("mabang")).isEqualTo(2);
        assertThat(waybill.duplicates()).as("orders that were read again").isZero();
    }

    @Test
    void archiveLiesOnAnotherDisk() throws IOException {
        try (SmallDisk disk = SmallDisk.at(temp.resolve("disk"), "64k")) {
            startWaybill("waybill.archive", disk.folder());
            waybill.drop("D-1.json", Orders.malaysian("D-1"));

            Shipped.once(waybill, sandbox, List.of("D-1"));

            // it is copied, and deleted afterwards
            Patience.await().ignoreExceptions().untilAsserted(() -> {
                assertThat(RunningWaybill.files(disk.folder()))
                        .singleElement()
                        .satisfies(file -> assertThat(RunningWaybill.json(file)).isEqualTo(Orders.malaysian("D-1")));
                assertThat(RunningWaybill.files(waybill.inbox())).isEmpty();
            });
        }
    }

    /** As the virtual machine saw it: the content before it has its name, that name, and the name of its day. */
    @Test
    void aFileThatIsCopiedToAnotherDiskIsForcedToItBeforeTheOriginalGoes() throws IOException {
        startWaybill();
        try (SmallDisk disk = SmallDisk.at(temp.resolve("disk"), "64k");
                Recording recording = new Recording()) {
            Path file = Files.writeString(temp.resolve("read.json"), "{}");
            Path day = disk.folder().resolve("2026-11-22");
            Path seen = temp.resolve("seen.jfr");

            recording.enable("jdk.FileForce").withoutThreshold();
            recording.start();
            new ReadFiles(temp, disk.folder()).archive(file, day.resolve("a.json"));
            recording.stop();
            recording.dump(seen);

            assertThat(RecordingFile.readAllEvents(seen).stream()
                            .filter(event -> event.getEventType().getName().equals("jdk.FileForce"))
                            .map(event -> Path.of(event.getString("path")))
                            .filter(forced -> forced.startsWith(disk.folder()))
                            .map(forced -> forced.toString().replaceFirst("\\.tmp-.*", ".tmp"))
                            .map(Path::of))
                    .containsExactlyInAnyOrder(day.resolve(".tmp"), day, disk.folder());
            assertThat(day.resolve("a.json")).hasContent("{}");
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void deadLettersAreOnAFullDisk() throws IOException {
        try (SmallDisk disk = SmallDisk.at(temp.resolve("disk"), "64k")) {
            startWaybill("waybill.dead-letters", disk.folder());
            disk.fill();
            waybill.drop("D-bad.json", "{\"order_id\": \"D-bad\"}");
            waybill.drop("D-dhl.json", Orders.malaysian("D-dhl").put("carrier", "dhl"));
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Shipped.history(waybill, "D-dhl")
                    .contains("waiting"));
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.holds("D-bad.json"));
            assertThat(waybill.query("select * from dead_letter")).isEmpty();

            disk.free();

            waybill.await("D-dhl", "dead-letter");
            Awaitility.await()
                    .atMost(RunningWaybill.PATIENCE)
                    .until(() -> RunningWaybill.files(disk.folder()).size() == 4);
            waybill.awaitArchived("D-bad.json");
        }
    }

    @Test
    void orderThatEveryProcessDiesWithIsNotBegunAgainWhileItsDeadLetterCannotBeWritten() throws IOException {
        startWaybill();
        Obstacle obstacle = Obstacle.inPlaceOf(waybill.deadLetters());
        waybill.drop("D-poison.json", Orders.malaysian("D-poison").put("carrier", "dhl"));
        waybill.await("D-poison", "waiting");

        waybill.update("update orders set lives = 5, due_at = accepted_at where order_id = 'D-poison'");
        Patience.await()
                .until(() -> Shipped.history(waybill, "D-poison").stream()
                                .filter("waiting"::equals)
                                .count()
                        > 2);
        assertThat(waybill.await("D-poison", "waiting")).containsEntry("lives", 5);
        obstacle.remove();

        waybill.awaitDead("D-poison", "poison");
    }

    @Test
    void inboxIsGoneForAWhile() throws IOException {
        startWaybill();
        Obstacle obstacle = Obstacle.inPlaceOf(waybill.inbox());
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Shipped.failures(waybill, "sweep") > 1);

        obstacle.remove();
        waybill.drop("D-1.json", Orders.malaysian("D-1"));
        Shipped.once(waybill, sandbox, List.of("D-1"));

        // the file of D-1 may still be on its way out of it
        waybill.awaitArchived(1);
        Patience.await().ignoreExceptions().until(() -> {
            delete(waybill.inbox());
            return true;
        });
        waybill.drop("D-2.json", Orders.malaysian("D-2"));
        Shipped.once(waybill, sandbox, List.of("D-1", "D-2"));
    }

    @Test
    void databaseDiskIsFull() throws IOException {
        try (SmallDisk disk = SmallDisk.at(temp.resolve("disk"), "4m")) {
            startWaybill("waybill.db.url", Path.of("jdbc:h2:file:" + disk.folder() + "/ledger"));
            waybill.drop("D-0.json", Orders.malaysian("D-0"));
            waybill.await("D-0", "completed");
            disk.fill();
            List<String> ids = IntStream.range(1, 20).mapToObj(i -> "D-" + i).toList();
            ids.forEach(id -> waybill.drop(id + ".json", Orders.malaysian(id)));
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Shipped.failures(waybill, "inbox") > 3);

            disk.free();

            Shipped.once(waybill, sandbox, ids);
            assertThat(sandbox.calls("mabang")).isEqualTo(20);
        }
    }

    private void startWaybill() {
        waybill = RunningWaybill.on(temp.resolve("work")).carriers(sandbox).start();
    }

    private void startWaybill(String setting, Path value) {
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with(setting, value.toString())
                .start();
    }

    /** Paid for, but not finished: it waits for the disk, and the carrier is not asked again. */
    private void assertBooked(String id) {
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Shipped.history(waybill, id)
                .contains("waiting"));
        assertThat(waybill.await(id, "booked").get("due_at")).isNotNull();
        assertThat(Shipped.bookings(sandbox, id)).hasSize(1);
    }

    private void assertLabel(String id) throws IOException {
        assertThat(sandbox.calls("kdniao")).isEqualTo(1);
        Map<String, Object> row = waybill.of("label", Shipped.key(id)).get(0);
        assertThat(Fingerprint.of(Files.readAllBytes(Path.of((String) row.get("path")))))
                .isEqualTo(row.get("sha256"));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
