package io.waybill.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.testing.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.component.file.FileConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InboxFilterTest {

    private static final Duration SETTLE = Duration.ofSeconds(1);

    @TempDir
    Path work;

    private final SetClock clock = new SetClock(Instant.now());
    private Path inbox;
    private InboxFilter filter;

    @BeforeEach
    void open() throws IOException {
        inbox = Files.createDirectory(work.resolve("inbox"));
        filter = new InboxFilter(inbox, SETTLE, clock);
    }

    @Test
    void aFileIsAcceptedWhenItStayedTheSameForTheSettleTime() throws IOException {
        Path file = write("a.json");

        assertThat(accepts(file)).isFalse();
        clock.forward(SETTLE.minusMillis(1));
        assertThat(accepts(file)).isFalse();
        clock.forward(Duration.ofMillis(1));
        assertThat(accepts(file)).isTrue();
        assertThat(accepts(file)).isTrue();
    }

    @Test
    void aGrowingFileIsNeverAccepted() throws IOException {
        Path file = write("a.json");
        for (int i = 0; i < 20; i++) {
            assertThat(accepts(file)).isFalse();
            Files.writeString(file, "x".repeat(i + 1));
            clock.forward(SETTLE);
        }

        assertThat(accepts(file)).isFalse();
    }

    @Test
    void aFileThatIsReplacedByOneOfTheSameSizeAndTimeIsLookedAtAgain() throws IOException {
        Path file = write("a.json");
        FileTime time = Files.getLastModifiedTime(file);
        accepts(file);

        Path other = write("b.json");
        Files.setLastModifiedTime(other, time);
        Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        clock.forward(SETTLE);

        assertThat(accepts(file)).isFalse();
    }

    @Test
    void afterARestartAnOldFileIsAcceptedAtFirstSight() throws IOException {
        Path file = write("a.json");
        clock.forward(Duration.ofMinutes(30));

        assertThat(accepts(file)).isTrue();
        assertThat(filter.remembered()).isZero();
    }

    @Test
    void aFreshFileWithAnOldTimeIsNotTakenForAnOldOne() throws IOException {
        Path file = write("a.json");
        Files.setLastModifiedTime(file, FileTime.from(clock.instant().minus(Duration.ofDays(1))));

        assertThat(accepts(file)).isFalse();
    }

    @Test
    void aFileFromTheFutureIsAcceptedByOurOwnClock() throws IOException {
        Path file = write("a.json");
        Files.setLastModifiedTime(file, FileTime.from(clock.instant().plus(Duration.ofDays(1))));

        assertThat(accepts(file)).isFalse();
        clock.forward(SETTLE);
        assertThat(accepts(file)).isTrue();
    }

    @Test
    void aClockThatIsSetBackDelaysAFileByOneSettleTime() throws IOException {
        Path file = write("a.json");
        accepts(file);
        clock.forward(Duration.ofHours(-1));

        assertThat(accepts(file)).isFalse();
        clock.forward(SETTLE);
        assertThat(accepts(file)).isTrue();
    }

    @Test
    void vanishedFilesAreForgotten() throws IOException {
        for (int i = 0; i < 100; i++) {
            Path file = write(i + ".json");
            accepts(file);
            Files.delete(file);
            assertThat(accepts(file)).isFalse();
        }
        assertThat(filter.remembered()).isEqualTo(100);

        clock.forward(Duration.ofMinutes(5));
        accepts(write("last.json"));

        assertThat(filter.remembered()).isLessThanOrEqualTo(1);
    }

    @Test
    void moreYoungFilesThanCanBeRememberedWaitUntilTheyAreOld() {
        Settling settling = new Settling(SETTLE, clock);
        FileFacts facts = new FileFacts(FileFacts.Kind.FILE, 1, 1, clock.instant(), "1");
        for (int i = 0; i < Settling.MOST + 10; i++) {
            settling.settled("f" + i, facts);
        }

        clock.forward(SETTLE);

        assertThat(settling.remembered()).isEqualTo(Settling.MOST);
        assertThat(settling.settled("f0", facts)).isTrue();
        assertThat(settling.settled("f" + Settling.MOST, facts)).isFalse();
        clock.forward(SETTLE.multipliedBy(10));
        assertThat(settling.settled("f" + Settling.MOST, facts)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.json", "a.JSON", "a.ndjson", "A b.NdJson", "(1) it's & so.json", "#{x} ${y}.json"})
    void aLegalNameIsAccepted(String name) throws IOException {
        Path file = write(name);
        clock.forward(Duration.ofHours(2));

        assertThat(accepts(file)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-rf.json",
                ".a.json",
                "a.csv",
                "a",
                "a.json.part",
                "a.json.tmp",
                "a.tmp.JSON.TMP",
                "a\nb.json",
                "a\u0007.json",
                "a..json",
                "C:a.json",
                "a\\b.json",
                "a.json ",
                "a.json.camelLock"
            })
    void b16AnIllegalNameIsNotAccepted(String name) throws IOException {
        Path file = write(name);
        clock.forward(Duration.ofHours(2));

        assertThat(accepts(file)).isFalse();
    }

    @Test
    void b16ANameMayHave200Bytes() throws IOException {
        Path just = write("n".repeat(195) + ".json");
        Path longer = write("n".repeat(196) + ".json");
        Path longest = write("n".repeat(250) + ".json");
        clock.forward(Duration.ofHours(2));

        assertThat(accepts(just)).isTrue();
        assertThat(accepts(longer)).isFalse();
        assertThat(accepts(longest)).isFalse();
    }

    @Test
    void b16WhatIsNoPlainFileIsNeitherAcceptedNorOpened() throws Exception {
        Path secret = Files.writeString(work.resolve("secret"), "{}");
        List<Path> files = List.of(
                Files.createSymbolicLink(inbox.resolve("link.json"), secret),
                Files.createSymbolicLink(inbox.resolve("dangling.json"), work.resolve("nothing")),
                Files.createLink(inbox.resolve("second.json"), secret),
                Files.createDirectory(inbox.resolve("folder.json")),
                Specials.pipe(inbox.resolve("pipe.json")));
        clock.forward(Duration.ofHours(2));

        assertThat(files).noneMatch(this::accepts);
        for (Path file : files) {
            assertThatThrownBy(() -> new OrderReader().read(file, document -> {}))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void onlyAccountFoldersRightInTheInboxAreEntered() throws IOException {
        Path account = Files.createDirectory(inbox.resolve("shop-1"));
        List<Path> others = List.of(
                Files.createDirectory(account.resolve("deeper")),
                Files.createDirectory(inbox.resolve("Shop")),
                Files.createDirectory(inbox.resolve("x.json")),
                Files.createDirectory(inbox.resolve("n".repeat(41))),
                Files.createSymbolicLink(inbox.resolve("link"), account),
                inbox,
                work);

        assertThat(accepts(account)).isTrue();
        assertThat(others).noneMatch(this::accepts);
    }

    @Test
    void aFileIsAcceptedInAnAccountFolderAndNowhereElse() throws IOException {
        Files.createDirectories(inbox.resolve("shop/deeper"));
        Files.createDirectory(inbox.resolve("Shop2"));
        Path file = write("shop/a.json");
        List<Path> others = List.of(write("shop/deeper/a.json"), write("Shop2/a.json"), write("../a.json"));
        clock.forward(Duration.ofHours(2));

        assertThat(accepts(file)).isTrue();
        assertThat(others).noneMatch(this::accepts);
        assertThat(InboxSweep.accountOf(inbox, file)).isEqualTo("shop");
        assertThat(InboxSweep.accountOf(inbox, inbox.resolve("a.json"))).isEqualTo("default");
        assertThatThrownBy(() -> InboxSweep.accountOf(inbox, inbox.resolve("Shop2/a.json")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> InboxSweep.accountOf(inbox, inbox.resolve("../a.json")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theReaderReadsAnAcceptedFileInTheFormOfItsName() throws IOException {
        Path file = Files.writeString(inbox.resolve("a.ndjson"), "{}\n{}");
        List<Document> documents = new ArrayList<>();

        new OrderReader().read(file, documents::add);

        assertThat(documents).hasSize(2);
    }

    // as Camel's consumer asks
    private boolean accepts(Path path) {
        return filter.accept(FileConsumer.asGenericFile(inbox.toString(), path.toFile(), null, false));
    }

    private Path write(String name) throws IOException {
        return Files.writeString(inbox.resolve(name), "{}");
    }
}
