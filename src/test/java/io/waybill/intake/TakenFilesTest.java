package io.waybill.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.testing.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakenFilesTest {

    @TempDir
    private Path work;

    private Path inbox;

    private TakenFiles one;
    private TakenFiles two;

    @BeforeEach
    void nodes() throws IOException {
        inbox = Files.createDirectory(work.resolve("inbox"));
        one = new TakenFiles(inbox, "one#1", 3);
        two = new TakenFiles(inbox, "two#1", 3);
    }

    @Test
    void ofTwoNodesOneTakesAFile() throws IOException {
        Path file = file("a.json");

        Path taken = one.take(file).orElseThrow();

        assertThat(two.take(file)).isEmpty();
        assertThat(taken).hasContent("a.json");
        assertThat(one.origin(taken)).isEqualTo(file);
        // while it is read, its own node does not give it back either
        assertThat(one.giveBack(Set.of("one#1", "two#1"))).isZero();
        assertThat(file).doesNotExist();
    }

    @Test
    void ofManyThatTryOneTakesEachFile() {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Path> files =
                IntStream.range(0, 200).mapToObj(i -> file(i + ".json")).toList();

        List<Path> taken = Stream.of(one, two, one, two, one, two, one, two)
                .map(node -> CompletableFuture.supplyAsync(
                        () -> files.stream()
                                .flatMap(file -> take(node, file).stream())
                                .toList(),
                        threads))
                .toList()
                .stream()
                .flatMap(each -> each.join().stream())
                .toList();

        assertThat(taken).hasSize(200).doesNotHaveDuplicates().allMatch(Files::exists);
        threads.shutdown();
    }

    @Test
    void aFileThatWasNotTakenInGoesBack() throws IOException {
        Path file = file("shop/a.json");

        one.done(one.take(file).orElseThrow());

        assertThat(file).hasContent("shop/a.json");
        assertThat(two.take(file)).isPresent();
    }

    @Test
    void aFileThatGoesBackReplacesNoNewerOne() throws IOException {
        Path file = file("a.json");
        Path taken = one.take(file).orElseThrow();
        Files.writeString(file, "newer");

        one.done(taken);

        assertThat(file).hasContent("newer");
        try (Stream<Path> files = Files.list(inbox)) {
            assertThat(files.filter(Files::isRegularFile).filter(each -> !each.equals(file)))
                    .singleElement()
                    .satisfies(older -> {
                        assertThat(older.getFileName().toString()).matches("a-[0-9a-f]{8}\\.json");
                        assertThat(older).hasContent("a.json");
                    });
        }
    }

    @Test
    void aFileThatGoesBackReplacesNoneThatComesAtThisMoment() throws Exception {
        ExecutorService writer = Executors.newSingleThreadExecutor();
        for (int i = 0; i < 500; i++) {
            Path file = file("race.json");
            Path taken = one.take(file).orElseThrow();
            CyclicBarrier together = new CyclicBarrier(2);
            Future<Boolean> newer = writer.submit(() -> {
                together.await();
                return file.toFile().createNewFile();
            });
            together.await();

            one.done(taken);

            int files = newer.get() ? 2 : 1;
            try (Stream<Path> left = Files.list(inbox)) {
                List<Path> there = left.filter(Files::isRegularFile).toList();
                assertThat(there).as("round " + i).hasSize(files);
                for (Path each : there) {
                    Files.delete(each);
                }
            }
        }
        writer.shutdown();
    }

    @Test
    void aFileWhoseNodeDiedWhileItWentBackIsThereOnceAndNobodySetsItAside() throws IOException {
        Path file = file("shop/a.json");
        Path taken = one.take(file).orElseThrow();
        Files.createLink(file, taken);
        SetClock later = new SetClock(Instant.now().plus(Duration.ofDays(1)));

        assertThat(new InboxSweep(inbox, inbox.resolveSibling("dead"), Duration.ZERO, later).sweep())
                .isEmpty();
        assertThat(two.giveBack(Set.of("two#1"))).isEqualTo(1);

        assertThat(taken).doesNotExist();
        assertThat(file).hasContent("shop/a.json");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFileOfTheNameOfOneThatIsBeingReadWaits() throws IOException {
        Path file = file("a.json");
        Path first = one.take(file).orElseThrow();
        Files.writeString(file, "newer");

        assertThat(one.take(file)).isEmpty();

        Files.delete(first);
        one.done(first);
        assertThat(one.take(file).orElseThrow()).hasContent("newer");
    }

    @Test
    void aFileThatWasMovedAwayIsNotInTheWayOfTheNextOfItsName() throws IOException {
        Path taken = one.take(file("a.json")).orElseThrow();
        Files.move(taken, work.resolve("archived.json"));

        one.gone(taken);

        assertThat(one.take(file("a.json"))).contains(taken);
    }

    @Test
    void whatADeadNodeWasReadingIsGivenBackAndWhatALivingOneReadsIsNot() throws IOException {
        Path dead = file("shop/dead.json");
        Path living = file("living.json");
        one.take(dead);
        TakenFiles three = new TakenFiles(inbox, "three#1", 3);
        three.take(living);

        int given = two.giveBack(Set.of("two#1", "three#1"));

        assertThat(given).isEqualTo(1);
        assertThat(dead).hasContent("shop/dead.json");
        assertThat(living).doesNotExist();
        assertThat(inbox.resolve(".taken/one=231")).doesNotExist();
    }

    @Test
    void aNodeGivesBackWhatItsFormerLifeWasReading() throws IOException {
        Path file = file("a.json");
        one.take(file);
        TakenFiles reborn = new TakenFiles(inbox, "one#2", 3);

        assertThat(reborn.giveBack(Set.of("one#2"))).isEqualTo(1);

        assertThat(file).exists();
    }

    @Test
    void aNodeThatWasTakenOverFindsItsFileGone() throws IOException {
        Path file = file("a.json");
        Path taken = one.take(file).orElseThrow();
        two.giveBack(Set.of("two#1"));
        two.take(file).orElseThrow();

        one.done(taken);

        assertThat(file).doesNotExist();
    }

    @Test
    void aFileThatTheArchiveDoesNotTakeIsKeptUnreadOverARestartAndArchivedLater() throws IOException {
        Path archive = inbox.resolveSibling("archive");
        Path place = archive.resolve("2026-11-22/a-7.json");
        Files.writeString(archive, "in the way");
        Path taken = one.take(file("shop/a.json")).orElseThrow();
        ReadFiles read = new ReadFiles(inbox, archive);

        assertThatThrownBy(() -> read.archive(taken, place)).isInstanceOf(IOException.class);
        read.keep(taken, place);
        one.done(taken);
        ReadFiles reborn = new ReadFiles(inbox, archive);
        assertThatThrownBy(reborn::archiveKept).isInstanceOf(IOException.class);
        assertThat(two.giveBack(Set.of("two#1"))).isZero();
        assertThat(inbox.resolve("shop/a.json")).doesNotExist();
        Files.delete(archive);

        assertThat(reborn.archiveKept()).isEqualTo(1);
        assertThat(reborn.archiveKept()).isZero();
        assertThat(place).hasContent("shop/a.json");
        assertThat(inbox.resolve(".read")).isEmptyDirectory();
    }

    @Test
    void aKeptFileThatTheArchiveNeverTakesHoldsUpNoOther() throws IOException {
        Path archive = Files.createDirectory(inbox.resolveSibling("archive"));
        Files.writeString(archive.resolve("plain"), "no folder");
        for (String name : List.of(":", "plain:a.json", "2026-11-22:a-7.json", "plain:b.json", "2026-11-22:b-7.json")) {
            file(".read/" + name);
        }
        ReadFiles read = new ReadFiles(inbox, archive);

        assertThatThrownBy(read::archiveKept).isInstanceOf(IOException.class);

        assertThat(archive.resolve("2026-11-22/a-7.json")).exists();
        assertThat(archive.resolve("2026-11-22/b-7.json")).exists();
        assertThat(archive.resolve("plain")).hasContent("no folder");
        assertThat(inbox.resolve(".read/plain:a.json")).exists();
    }

    @Test
    void whatOthersPutAmongTheTakenFilesStaysAndHoldsUpNobody() throws IOException {
        Path dead = file("shop/dead.json");
        one.take(dead);
        List<Path> strange = List.of(file(".taken/=/a.json"), file(".taken/=-!/b.json"), file(".taken/c.json"));

        two.giveBack(Set.of("two#1"));

        assertThat(dead).hasContent("shop/dead.json");
        assertThat(strange.get(2)).hasContent(".taken/c.json");
        assertThat(inbox.resolve("a.json")).exists();
        assertThat(inbox.resolve("b.json")).exists();
    }

    @Test
    void nothingThatIsDroppedAmongTheKeptFilesLeavesTheArchive() throws IOException {
        Path archive = inbox.resolveSibling("archive");
        Path secret = Files.writeString(inbox.resolveSibling("secret"), "x");
        file(".read/..:..:out.json");
        file(".read/:" + inbox.resolveSibling("abs.json").toString().replace('/', ':'));
        Files.createSymbolicLink(inbox.resolve(".read/link.json"), secret);

        new ReadFiles(inbox, archive).archiveKept();

        try (Stream<Path> beside = Files.list(inbox.getParent())) {
            assertThat(beside).containsExactlyInAnyOrder(inbox, archive, secret);
        }
        assertThat(archive.resolve("link.json")).doesNotExist();
    }

    private static Optional<Path> take(TakenFiles node, Path file) {
        try {
            return node.take(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path file(String name) {
        try {
            Path file = inbox.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, name);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
