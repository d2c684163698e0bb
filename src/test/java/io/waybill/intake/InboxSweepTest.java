package io.waybill.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InboxSweepTest {

    private static final Duration SETTLE = Duration.ofSeconds(1);
    /** Far more than is asked for: the change times of files are the real ones, and writing them takes what it takes. */
    private static final Duration QUIET = Duration.ofMinutes(30);

    @TempDir
    Path work;

    private final SetClock clock = new SetClock(Instant.now());
    private Path inbox;
    private Path deadLetters;
    private InboxSweep sweep;

    @BeforeEach
    void open() throws IOException {
        inbox = Files.createDirectories(work.resolve("inbox/shop")).getParent();
        deadLetters = work.resolve("dead-letters");
        sweep = new InboxSweep(inbox, deadLetters, SETTLE, clock);
    }

    @Test
    void orderFilesAndAccountFoldersStay() throws IOException {
        write("a.json");
        write("shop/b.NDJSON");
        clock.forward(Duration.ofDays(30));

        assertThat(sweep.sweep()).isEmpty();
        assertThat(deadLetters).doesNotExist();
    }

    @Test
    void whatWasMovedWhenTheProcessDiedIsToldOfByTheNextOne() throws IOException {
        write("shop/orders.csv");
        clock.forward(QUIET);
        SetAside aside = only();
        clock.forward(QUIET);
        InboxSweep next = new InboxSweep(inbox, deadLetters, SETTLE, clock);

        assertThat(next.sweep()).isEmpty();
        SetAside untold = next.untold().get(0);
        next.told(untold);

        assertThat(untold.to()).isEqualTo(aside.to()).hasContent("{}");
        assertThat(untold.account()).isEqualTo("shop");
        assertThat(untold.reason()).isEqualTo("its name does not end in .json or .ndjson");
        assertThat(next.untold()).isEmpty();
    }

    @Test
    void whatIsBeingToldIsNotToldTwiceAndWhatWasNotMovedIsNotToldAtAll() throws IOException {
        write("orders.csv");
        clock.forward(QUIET);
        SetAside told = only();
        sweep.told(told);
        Files.writeString(deadLetters.resolve(".untold/default/gone-01234567"), "why");

        assertThat(new InboxSweep(inbox, deadLetters, SETTLE, new SetClock(Instant.now())).untold())
                .isEmpty();
        clock.forward(QUIET);
        assertThat(sweep.untold()).isEmpty();
        assertThat(deadLetters.resolve(".untold/default")).isEmptyDirectory();
    }

    @Test
    void b16ALinkIsMovedAsALink() throws IOException {
        Path secret = Files.writeString(work.resolve("secret"), "root:x");
        Files.createSymbolicLink(inbox.resolve("x.json"), secret);

        SetAside aside = only();

        assertThat(aside.reason()).isEqualTo("it is a symbolic link");
        assertThat(aside.to()).isSymbolicLink();
        assertThat(secret).hasContent("root:x");
    }

    @Test
    void b16ALinkToAFolderIsMovedAndNotEntered() throws IOException {
        Path outside = Files.createDirectory(work.resolve("outside"));
        Files.createFile(outside.resolve("x.csv"));
        Files.createSymbolicLink(inbox.resolve("acme"), outside);
        clock.forward(QUIET);

        assertThat(only().reason()).isEqualTo("it is a symbolic link");
        assertThat(outside.resolve("x.csv")).exists();
    }

    @Test
    void b16PipesAndSocketsAreMovedWithoutBlocking() throws Exception {
        Specials.pipe(inbox.resolve("p.json"));
        Specials.socket(inbox.resolve("shop/s.json"));

        List<SetAside> found = sweep.sweep();

        assertThat(found).extracting(SetAside::reason).containsOnly("it is a pipe, a socket or a device");
        assertThat(found).extracting(SetAside::account).containsExactlyInAnyOrder("default", "shop");
        assertThat(found).allMatch(aside -> Files.exists(aside.to(), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void b16AHardLinkIsMovedWhenItIsNoWritersStep() throws IOException {
        Path secret = Files.writeString(work.resolve("secret"), "root:x");
        Files.createLink(inbox.resolve("x.json"), secret);

        assertThat(sweep.sweep()).isEmpty();
        clock.forward(QUIET);

        assertThat(only().reason()).isEqualTo("it has a second name (a hard link)");
        assertThat(secret).hasContent("root:x");
    }

    @Test
    void b16AFolderWithTheNameOfAFileIsMovedWithWhatIsInIt() throws IOException {
        Files.createDirectory(inbox.resolve("x.json"));
        write("x.json/inner.json");
        clock.forward(QUIET);

        SetAside aside = only();

        assertThat(aside.reason())
                .isEqualTo(
                        "it is a folder, and its name is no account (1 to 40 of a-z, 0-9 and -) or it is not directly in the inbox");
        assertThat(aside.to().getFileName().toString()).matches("x=2Ejson-[0-9a-f]{8}");
        assertThat(aside.to().resolve("inner.json")).hasContent("{}");
    }

    @Test
    void aFolderInAnAccountFolderIsMoved() throws IOException {
        Files.createDirectory(inbox.resolve("shop/deeper"));
        clock.forward(QUIET);

        assertThat(only().account()).isEqualTo("shop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb.json", "a\u001b[2J.json", "-rf.json", "a.csv", "..a.json.x", "a:b.json", "CON..json"})
    void b16AnIllegalNameIsMovedUnderASafeOne(String name) throws IOException {
        write(name);

        assertThat(sweep.sweep()).isEmpty();
        clock.forward(Duration.ofHours(2));

        SetAside aside = only();
        assertThat(aside.to().getParent()).isEqualTo(deadLetters.resolve("default"));
        assertThat(aside.to().getFileName().toString()).matches("[A-Za-z0-9_=-]+");
        assertThat(aside.to()).hasContent("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n", "%"})
    void b16ANameOf255BytesIsMovedUnderAShorterOne(String character) throws IOException {
        write(character.repeat(250) + ".json");
        clock.forward(QUIET);

        SetAside aside = only();

        assertThat(aside.reason()).isEqualTo("its name is longer than 200 bytes");
        assertThat(aside.to().getFileName().toString() + ".reason.json").hasSizeLessThanOrEqualTo(255);
        assertThat(aside.to()).hasContent("{}");
    }

    @Test
    void theLongestNameInTheLongestAccountIsMovedAndToldOf() throws IOException {
        String account = "a".repeat(40);
        Files.createDirectory(inbox.resolve(account));
        write(account + "/" + "é".repeat(64) + ".csv");
        clock.forward(QUIET);

        assertThat(only().to()).hasParent(deadLetters.resolve(account)).hasContent("{}");
        clock.forward(QUIET);
        assertThat(sweep.untold()).extracting(SetAside::account).containsExactly(account);
    }

    @ParameterizedTest
    @ValueSource(strings = {".a.json", "a.json.tmp", "a.PART", "a.json.filepart"})
    void aWriterHasAnHour(String name) throws IOException {
        write(name);
        clock.forward(Duration.ofMinutes(59));
        assertThat(sweep.sweep()).isEmpty();

        clock.forward(Duration.ofMinutes(2));

        assertThat(only().reason())
                .isEqualTo("it has the name of an unfinished file and nobody has written to it for an hour");
    }

    @Test
    void hiddenFoldersStay() throws IOException {
        Files.createDirectory(inbox.resolve(".stfolder"));
        clock.forward(Duration.ofDays(30));

        assertThat(sweep.sweep()).isEmpty();
    }

    @Test
    void whatLiesAmongTheFilesThatNodesAreReadingIsMovedAndWhatTheyReadIsNot() throws IOException {
        Path reading = Files.createDirectories(inbox.resolve(".taken/one"));
        Files.writeString(reading.resolve("a.json"), "{}");
        write(".taken/astray.json");
        assertThat(sweep.sweep()).isEmpty();
        clock.forward(QUIET);

        SetAside aside = only();

        assertThat(aside.from()).isEqualTo(inbox.resolve(".taken/astray.json"));
        assertThat(aside.to()).hasParent(deadLetters.resolve("default")).hasContent("{}");
        assertThat(aside.reason())
                .isEqualTo("it lay among the files that nodes are reading, where nobody looks for orders");
        assertThat(reading.resolve("a.json")).hasContent("{}");
    }

    @Test
    void twoOfTheSameNameBothStay() throws IOException {
        for (int i = 0; i < 2; i++) {
            write("a.csv");
            clock.forward(QUIET);
            assertThat(sweep.sweep()).hasSize(1);
        }

        assertThat(deadLetters.resolve("default").toFile().list()).hasSize(2);
    }

    @Test
    void whatCannotBeMovedStaysAndIsReportedOnce() throws IOException {
        write("a.csv");
        Files.createFile(deadLetters);
        clock.forward(QUIET);

        SetAside aside = only();

        assertThat(aside.reason())
                .isEqualTo("its name does not end in .json or .ndjson; it could not be moved and stays");
        assertThat(aside.to()).isEqualTo(aside.from()).exists();
        assertThat(sweep.sweep()).isEmpty();
    }

    @Test
    void oneSweepTakesABoundedNumber() throws IOException {
        for (int i = 0; i < InboxSweep.MOST + 1; i++) {
            Files.createFile(inbox.resolve(i + ".csv"));
        }
        clock.forward(QUIET);

        assertThat(sweep.sweep()).hasSize(InboxSweep.MOST);
        assertThat(sweep.sweep()).hasSize(1);
    }

    private SetAside only() {
        List<SetAside> found = sweep.sweep();
        assertThat(found).hasSize(1);
        assertThat(found.get(0).from()).satisfies(from -> assertThat(
                        found.get(0).to().equals(from) || !Files.exists(from, LinkOption.NOFOLLOW_LINKS))
                .isTrue());
        return found.get(0);
    }

    private void write(String name) throws IOException {
        Files.writeString(inbox.resolve(name), "{}");
    }
}
