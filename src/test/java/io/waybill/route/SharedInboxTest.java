package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.waybill.intake.ReadFiles;
import io.waybill.intake.TakenFiles;
import io.waybill.testing.SetClock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.FileConsumer;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.component.file.FileOperations;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the file consumer does with files that are not there any more; an exception would be an error in the log. */
class SharedInboxTest {

    @TempDir
    Path inbox;

    private final SetClock clock = new SetClock();

    @Test
    void aFileThatWasListedAndIsGoneIsLeftOut() throws Exception {
        SharedInbox node = inbox(new TakenFiles(inbox, "one#1", 3));

        assertThat(node.begin(null, null, null, file(inbox.resolve("gone.json"))))
                .isFalse();
    }

    @Test
    void aFileThatWasTakenOverWhileItWasReadIsNotMoved() throws IOException {
        TakenFiles files = new TakenFiles(inbox, "one#1", 3);
        Path taken =
                files.take(Files.writeString(inbox.resolve("a.json"), "{}")).orElseThrow();
        Path place = inbox.resolve("archive/a.json");
        Files.delete(taken);

        assertThatCode(() -> inbox(files).renameFile(null, file(taken), file(place)))
                .doesNotThrowAnyException();
        assertThat(place).doesNotExist();
        assertThat(inbox.resolve(".read")).doesNotExist();
    }

    /** With each reading the orders of it that are in the ledger are answered again. */
    @Test
    void aFileThatCannotBeTakenInIsReadAgainAfterGrowingWaits() throws Exception {
        Path file = Files.writeString(inbox.resolve("a.json"), "{}");
        SharedInbox node = inbox(new TakenFiles(inbox, "one#1", 3));

        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            FileEndpoint endpoint = camel.getEndpoint("file:" + inbox, FileEndpoint.class);
            List<Long> seconds = new ArrayList<>();
            for (int times = 0; times < 7; times++) {
                Instant before = clock.instant();
                while (!goesBack(node, endpoint, file)) {
                    clock.forward(Duration.ofSeconds(1));
                }
                seconds.add(Duration.between(before, clock.instant()).toSeconds());
            }

            assertThat(seconds).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 30L);
            clock.forward(Duration.ofHours(-2));
            assertThat(goesBack(node, endpoint, file)).isTrue();
        }
    }

    /** Whether it is taken; then it goes back. */
    private boolean goesBack(SharedInbox node, FileEndpoint endpoint, Path file) throws Exception {
        Exchange exchange = endpoint.createExchange();
        if (!node.begin(null, endpoint, exchange, file(file))) {
            return false;
        }
        Path taken = Path.of((String) exchange.getMessage().getHeader("CamelFileAbsolutePath"));
        node.rollback(new FileOperations(endpoint), endpoint, exchange, file(taken));
        return Files.exists(file);
    }

    @Test
    void anArchiveThatIsAwayIsTriedLessAndLess() throws IOException {
        Path archive = Files.writeString(inbox.resolve("archive"), "in the way");
        Path kept = Files.createDirectories(inbox.resolve(".read")).resolve("a.json");
        Files.writeString(kept, "{}");
        Backoff backoff = new Backoff(Duration.ofMinutes(1), Duration.ofDays(1), Duration.ZERO);
        SharedInbox node = new SharedInbox(null, new ReadFiles(inbox, archive), null, backoff, clock);
        node.archiveKept(null);
        Files.delete(archive);

        node.archiveKept(null);
        assertThat(kept).exists();
        clock.forward(Duration.ofSeconds(1));
        node.archiveKept(null);

        assertThat(archive.resolve("a.json")).hasContent("{}");
    }

    private SharedInbox inbox(TakenFiles files) {
        return new SharedInbox(files, new ReadFiles(inbox, inbox.resolve("archive")), null, null, clock);
    }

    private GenericFile<File> file(Path path) {
        return FileConsumer.asGenericFile(inbox.toString(), path.toFile(), null, false);
    }
}
