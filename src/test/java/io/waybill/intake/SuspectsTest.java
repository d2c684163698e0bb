package io.waybill.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.Patience;
import io.waybill.testing.SetClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process dies by being forgotten: the next one has another mark, and nobody ends what it began. */
class SuspectsTest {

    private static final int LIVES = 3;

    @TempDir
    private Path work;

    private final SetClock clock = new SetClock(Instant.now());
    private Path inbox;
    private Path notes;
    private int born;

    @BeforeEach
    void open() throws IOException {
        inbox = Files.createDirectory(work.resolve("inbox"));
        notes = inbox.resolve(".suspects");
    }

    @Test
    void nothingIsWrittenOfAFileThatNoDeadNodeHad() throws IOException {
        Path file = file("a.json");
        TakenFiles node = life();
        node.done(node.take(file).orElseThrow());

        Path left = node.take(file).orElseThrow();
        node.gone(left);
        assertThat(node.giveBack(Set.of())).isEqualTo(1);
        node.suspects().turn(node.take(file).orElseThrow()).close();

        assertThat(notes).doesNotExist();
    }

    @Test
    void aFileThatEachProcessDiesOfIsReadSoOftenAndThenSetAside() throws IOException {
        Path file = file("acme/a.json");
        life().take(file).orElseThrow();
        for (int deaths = 0; deaths < LIVES; deaths++) {
            TakenFiles next = life();
            next.giveBack(Set.of());
            assertThat(said()).containsExactly(deaths + " -");
            assertThat(isTaken(file)).isTrue();
            next.suspects().turn(next.take(file).orElseThrow());
        }
        life().giveBack(Set.of());

        assertThat(said()).containsExactly("3 !");
        assertThat(isTaken(file)).isFalse();
        clock.forward(Duration.ofHours(1));
        SetAside aside = sweep().sweep().get(0);

        assertThat(aside.account()).isEqualTo("acme");
        assertThat(aside.reason()).isEqualTo("3 processes died one after the other while they read it");
        assertThat(aside.to()).hasContent("acme/a.json");
        assertThat(aside.isPoison()).isTrue();
        assertThat(said()).isEmpty();
    }

    @Test
    void oneThatWasSetAsideIsToldOfAsSuchByTheNextProcessAndIsReadWhenItIsMovedBack() throws IOException {
        Path file = poison("a.json");
        clock.forward(Duration.ofHours(1));
        Path aside = sweep().sweep().get(0).to();
        clock.forward(Duration.ofHours(1));

        assertThat(sweep().untold()).singleElement().matches(SetAside::isPoison);
        Files.move(aside, file);
        assertThat(isTaken(file)).isTrue();
    }

    @Test
    void oneThatCannotBeSetAsideIsNotReadForAllThat() throws IOException {
        Path file = poison("a.json");
        Files.writeString(work.resolve("dead"), "in the way");
        for (int day = 0; day < 20; day++) {
            clock.forward(Duration.ofDays(1));
            sweep().sweep();
        }

        assertThat(file).exists();
        assertThat(isTaken(file)).isFalse();
    }

    @Test
    void withTheFirstNewOrderItIsSuspectedNoMore() throws IOException {
        Path file = file("a.json");
        life().take(file).orElseThrow();
        for (int life = 0; life < 3 * LIVES; life++) {
            TakenFiles next = life();
            next.giveBack(Set.of());
            assertThat(said()).containsExactly("0 -");
            next.suspects().turn(next.take(file).orElseThrow()).progress();
            assertThat(said()).isEmpty();
        }
    }

    @Test
    void aDeathBeforeItsTurnAndOneThatSomebodyCountedAlreadyAreNotCounted() throws IOException {
        Path file = file("a.json");
        life().take(file).orElseThrow();
        TakenFiles waiting = life();
        waiting.giveBack(Set.of());
        waiting.take(file).orElseThrow();
        TakenFiles reading = life();
        reading.giveBack(Set.of());
        assertThat(said()).containsExactly("0 -");
        Path taken = reading.take(file).orElseThrow();
        reading.suspects().turn(taken);

        // one that died before it gave the file back, and one that does
        life().suspects().died("n=233", taken);
        assertThat(said()).containsExactly("1 -");
        life().giveBack(Set.of());

        assertThat(said()).containsExactly("1 -");
    }

    @Test
    void whatIsWrittenAnewUnderTheSameNameIsAnotherFile() throws IOException {
        Path file = poison("a.json");

        Files.writeString(file, "mended");

        assertThat(isTaken(file)).isTrue();
        TakenFiles node = life();
        node.take(file).orElseThrow();
        TakenFiles next = life();
        next.giveBack(Set.of());
        assertThat(said()).containsExactlyInAnyOrder("3 !", "0 -");
    }

    @Test
    void theCountFollowsAFileThatGetsALongerName() throws IOException {
        Path file = file("a.json");
        life().take(file).orElseThrow();
        TakenFiles next = life();
        next.giveBack(Set.of());
        next.suspects().turn(next.take(file).orElseThrow());
        Files.writeString(file, "newer");

        life().giveBack(Set.of());

        assertThat(said()).containsExactly("1 -");
        try (Stream<Path> files = Files.list(inbox)) {
            assertThat(files.filter(each -> each.toString().endsWith(".json")))
                    .hasSize(2)
                    .filteredOn(each -> new FileDeaths(inbox).note(each).isPresent())
                    .singleElement()
                    .isNotEqualTo(file);
        }
    }

    @Test
    void aNodeThatWasTakenOverLeavesTheNoteToWhoReadsNow() throws IOException {
        Path file = file("a.json");
        life().take(file).orElseThrow();
        TakenFiles frozen = life();
        frozen.giveBack(Set.of());
        Suspects.Turn turn = frozen.suspects().turn(frozen.take(file).orElseThrow());
        TakenFiles other = life();
        other.giveBack(Set.of());
        other.suspects().turn(other.take(file).orElseThrow());

        turn.close();

        assertThat(said()).containsExactly("1 n=233");
    }

    @Test
    void suspectsAreReadOneAtATimeAndAllOthersBesideThem() throws Exception {
        List<Path> files = List.of(file("a.json"), file("b.json"));
        TakenFiles dead = life();
        dead.take(files.get(0));
        dead.take(files.get(1));
        TakenFiles node = life();
        node.giveBack(Set.of());
        Suspects.Turn first = node.suspects().turn(node.take(files.get(0)).orElseThrow());
        Path second = node.take(files.get(1)).orElseThrow();
        Thread waiting = new Thread(() -> readWhole(node, second));
        waiting.start();
        Patience.await("its turn").until(() -> waiting.getState() == Thread.State.WAITING);

        readWhole(node, node.take(file("c.json")).orElseThrow());
        assertThat(said()).containsExactlyInAnyOrder("0 n=232", "0 -");
        first.progress();
        waiting.join();

        assertThat(said()).isEmpty();
    }

    @Test
    void whatOthersPutInThePlaceOfANoteIsNoneAndNothingIsWrittenThroughIt() throws IOException {
        Path file = file("a.json");
        life().take(file).orElseThrow();
        TakenFiles next = life();
        next.giveBack(Set.of());
        Path note = new FileDeaths(inbox).note(file).orElseThrow();
        Path theirs = Files.writeString(work.resolve("theirs"), "9 !");
        Files.delete(note);
        Files.createSymbolicLink(note, theirs);
        assertThat(isTaken(file)).isTrue();
        next.take(file).orElseThrow();

        life().giveBack(Set.of());

        assertThat(said()).containsExactly("0 -");
        assertThat(theirs).hasContent("9 !");
        Files.writeString(note, "x".repeat(1000) + " !");
        assertThat(isTaken(file)).isTrue();
    }

    @Test
    void aFolderOfOthersInThePlaceOfTheNotesStaysAsItIs() throws IOException {
        Path theirs = Files.createDirectory(work.resolve("theirs"));
        Files.createSymbolicLink(notes, theirs);
        Path file = file("a.json");
        life().take(file).orElseThrow();

        assertThat(life().giveBack(Set.of())).isEqualTo(1);
        clock.forward(Duration.ofDays(30));
        sweep().sweep();

        assertThat(theirs).isEmptyDirectory();
        assertThat(isTaken(file)).isTrue();
    }

    @Test
    void aNoteWhoseFileIsGoneGoesAfterAWeekAndTheSweepSetsNoNoteAside() throws IOException {
        Path file = file("a.json");
        life().take(file).orElseThrow();
        life().giveBack(Set.of());
        Files.delete(file);

        clock.forward(Duration.ofDays(6));
        assertThat(sweep().sweep()).isEmpty();
        assertThat(said()).hasSize(1);
        clock.forward(Duration.ofDays(2));
        assertThat(sweep().sweep()).isEmpty();
        assertThat(sweep().sweep()).isEmpty();

        assertThat(notes).doesNotExist();
    }

    private Path poison(String name) throws IOException {
        Path file = file(name);
        life().take(file).orElseThrow();
        for (int deaths = 0; deaths < LIVES; deaths++) {
            TakenFiles next = life();
            next.giveBack(Set.of());
            next.suspects().turn(next.take(file).orElseThrow());
        }
        life().giveBack(Set.of());
        return file;
    }

    private TakenFiles life() {
        return new TakenFiles(inbox, "n#" + ++born, LIVES);
    }

    private InboxSweep sweep() {
        return new InboxSweep(inbox, work.resolve("dead"), Duration.ofSeconds(1), clock);
    }

    private boolean isTaken(Path file) throws IOException {
        InboxFilter filter = new InboxFilter(inbox, Duration.ZERO, clock);
        filter.acceptFile(file);
        return filter.acceptFile(file) && !filter.acceptFolder(notes);
    }

    private List<String> said() throws IOException {
        if (!Files.isDirectory(notes, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(notes)) {
            return files.map(SuspectsTest::text).toList();
        }
    }

    private static void readWhole(TakenFiles node, Path taken) {
        try (Suspects.Turn turn = node.suspects().turn(taken)) {
            turn.progress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String name) throws IOException {
        Path file = inbox.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, name);
    }
}
