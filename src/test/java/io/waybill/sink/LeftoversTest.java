package io.waybill.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.ledger.Acceptance;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Sql;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import io.waybill.sink.Leftovers.Folders;
import io.waybill.testing.SealedFolder;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeftoversTest extends SinkTest {

    private static final int PAGE = 500;

    @Test
    void anOrderWhoseAnswerCannotBeDeletedHoldsUpNoOtherAndIsForgottenWhenItCan() throws Exception {
        ended("A-1", 5);
        ended("A-2", 3);
        Path outbox = folder.resolve("outbox");
        Path inTheWay = Files.createDirectories(outbox.resolve("acme/A-1.json/in-the-way"));
        Leftovers leftovers = new Leftovers(ledger, new Folders(outbox, folder, folder, Set.of("outbox")));
        assertThatThrownBy(() -> leftovers.takeAway(Instant.now())).isInstanceOf(IOException.class);
        assertThat(texts("select order_id from orders where payload <> ''")).containsExactly("A-1");
        Files.delete(inTheWay);

        assertThat(leftovers.takeAway(Instant.now())).isEqualTo(1);

        assertThat(texts("select order_id from orders where payload <> ''")).isEmpty();
    }

    @Test
    void aDeadLetterThatCannotBeDeletedHoldsUpNoOther() throws Throwable {
        Path stuck = Files.createDirectories(buried("D-1", 2).resolve("in-the-way"));
        buried("D-2", 1);
        Leftovers leftovers = new Leftovers(ledger, new Folders(folder, folder, folder, Set.of("dead-letters")));
        assertThatThrownBy(() -> leftovers.takeAway(clock.instant())).isInstanceOf(IOException.class);
        assertThat(texts("select order_id from dead_letter where file <> ''")).containsExactly("D-1");
        Files.delete(stuck);

        leftovers.takeAway(clock.instant());

        assertThat(texts("select order_id from dead_letter where file <> ''")).isEmpty();
    }

    /** In whatever order the folders are listed, some come after one that is stuck. */
    @Test
    void anArchivedFileThatCannotBeDeletedHoldsUpNoOther() throws Throwable {
        for (int day = 10; day < 30; day++) {
            Files.createFile(Files.createDirectories(folder.resolve("archive/2026-01-" + day))
                    .resolve("a.json"));
        }
        Path stuck = folder.resolve("archive/2026-01-20");
        Path alsoStuck = folder.resolve("archive/2026-01-25");
        Leftovers leftovers =
                new Leftovers(ledger, new Folders(folder, folder, folder.resolve("archive"), Set.of("archive")));

        SealedFolder.during(stuck, () -> SealedFolder.during(alsoStuck, () -> failsAt(leftovers, "a.json")));

        assertThat(files("archive")).containsExactlyInAnyOrder(stuck.resolve("a.json"), alsoStuck.resolve("a.json"));
        leftovers.takeAway(clock.instant());
        assertThat(files("archive")).isEmpty();
    }

    @Test
    void aDeadLetterWithoutARowThatCannotBeDeletedHoldsUpNoOther() throws Throwable {
        for (int i = 10; i < 30; i++) {
            Path reason = Files.createDirectories(folder.resolve("a-" + i)).resolve("U-1-0123456789ab.reason.json");
            Files.setLastModifiedTime(Files.createFile(reason), FileTime.from(Instant.EPOCH));
        }
        Path stuck = folder.resolve("a-20");
        Path alsoStuck = folder.resolve("a-25");
        Leftovers leftovers = new Leftovers(ledger, new Folders(folder, folder, folder, Set.of("dead-letters")));

        SealedFolder.during(stuck, () -> SealedFolder.during(alsoStuck, () -> failsAt(leftovers, ".reason.json")));

        assertThat(files("."))
                .extracting(file -> file.getParent().getFileName().toString())
                .containsExactlyInAnyOrder("a-20", "a-25");
    }

    private void failsAt(Leftovers leftovers, String file) {
        assertThatThrownBy(() -> leftovers.takeAway(clock.instant()))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(file);
    }

    /** As where the folder of an account is somebody else's. */
    @Test
    void aWholePageOfOrdersThatCannotBeDeletedHoldsUpNoOther() throws Throwable {
        Path outbox = Files.createDirectories(folder.resolve("acme"));
        for (int i = 0; i < PAGE; i++) {
            ended("A-" + i, 1000 - i);
            Files.createFile(outbox.resolve("A-" + i + ".json"));
        }
        ended("B-1", 1);
        Leftovers leftovers = new Leftovers(ledger, new Folders(folder, folder, folder, Set.of("outbox")));

        SealedFolder.during(outbox, () -> {
            assertThatThrownBy(() -> leftovers.takeAway(Instant.now())).isInstanceOf(FileSystemException.class);
        });

        assertThat(texts("select order_id from orders where payload = ''")).containsExactly("B-1");
    }

    @Test
    void aWholePageOfDeadLettersThatCannotBeDeletedHoldsUpNoOther() throws Throwable {
        for (int i = 0; i < PAGE; i++) {
            buried("D-" + i, 1000 - i);
        }
        buried("E-1", 1);
        Path last =
                Files.createFile(Files.createDirectory(folder.resolve("bolt")).resolve("E-1.json"));
        ledger.append(Sql.of("update dead_letter set file = ? where order_id = 'E-1'", last.toString()));
        Leftovers leftovers = new Leftovers(ledger, new Folders(folder, folder, folder, Set.of("dead-letters")));

        SealedFolder.during(folder.resolve("acme"), () -> {
            assertThatThrownBy(() -> leftovers.takeAway(clock.instant())).isInstanceOf(FileSystemException.class);
        });

        assertThat(texts("select order_id from dead_letter where file = ''")).containsExactly("E-1");
    }

    @Test
    void whatIsToBeForgottenIsListedWithoutItsContent() throws Exception {
        ended("A-1", 5);

        assertThat(ledger.queries().remembered().orders(Instant.EPOCH, Instant.now(), 10))
                .singleElement()
                .satisfies(order -> {
                    assertThat(order.payload()).isEmpty();
                    assertThat(order.shipment()).isNull();
                });
    }

    private List<Path> files(String below) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(below))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Its reason is a folder, which is deleted once it is empty. */
    private Path buried(String id, int hours) throws IOException {
        Clock then = Clock.offset(clock, Duration.ofHours(-hours));
        ledger.append(new DeadLetterStore(folder, then)
                .write(new DeadLetter(
                        "acme", id, 0, new byte[0], "accept", "invalid", "no", List.of(), null, "mend", "a.json")));
        try (Stream<Path> files = Files.list(folder.resolve("acme"))) {
            Path reason = files.filter(file -> file.getFileName().toString().matches(id + "-.*\\.reason\\.json"))
                    .findFirst()
                    .orElseThrow();
            Files.delete(reason);
            return reason;
        }
    }

    private void ended(String id, int hours) throws SQLException {
        Order order = new Order(new OrderKey("acme", id, 0), json("{}"), "{}", "a.json");
        Claim claim = ((Acceptance.Accepted) ledger.accept(order).join()).claim();
        claim.endings().dead("choose", "no-rule", List.of());
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("update orders set updated_at = updated_at - interval '" + hours
                    + "' hour where order_id = '" + id + "'");
        }
    }
}
