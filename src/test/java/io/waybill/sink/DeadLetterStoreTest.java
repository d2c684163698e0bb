package io.waybill.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.order.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeadLetterStoreTest extends SinkTest {

    private static final byte[] RAW = "{\"order_id\": \"A-1\"} \n".getBytes(StandardCharsets.UTF_8);

    @Test
    void theOrderLiesAsItCameWithItsReasonBesideIt() throws IOException {
        store().write(letter("A-1", 0));

        assertThat(names()).hasSize(2);
        assertThat(names().get(0)).matches("acme/A-1-[0-9a-f]{12}\\.json");
        assertThat(names().get(1)).isEqualTo(names().get(0).replace(".json", ".reason.json"));
        assertThat(letters().resolve(names().get(0))).hasBinaryContent(RAW);
    }

    @Test
    void everyCauseIsExplained() throws IOException {
        String explained = Files.readString(Path.of("README.md"));

        assertThat(DeadLetter.CAUSES).allMatch(cause -> explained.contains("`" + cause + "`"));
    }

    @Test
    void theReasonTellsEverything() throws IOException {
        store().write(letter("A-1", 0));

        JsonNode reason =
                new ObjectMapper().readTree(letters().resolve(names().get(1)).toFile());

        assertThat(reason)
                .isEqualTo(json("{`stage`: `accept`, `cause`: `invalid`, `message`: `it is no order`,"
                        + " `faults`: [{`pointer`: `/items`, `message`: `items are missing`}], `carrier_answer`: null,"
                        + " `next`: `correct it`, `at`: `2026-03-01T10:00:00Z`}"));
    }

    @Test
    void theSameLetterTwiceIsOnePairOfFilesAndOneRow() throws Exception {
        ledger.append(store().write(letter("A-1", 0)));
        String before = Files.readString(letters().resolve(names().get(1)));

        ledger.append(later().write(letter("A-1", 0)));

        assertThat(names()).hasSize(2);
        assertThat(letters().resolve(names().get(1))).hasContent(before);
        assertThat(texts("select file from dead_letter"))
                .containsExactly(letters().resolve(names().get(0)).toString());
    }

    @Test
    void theSameLetterLaterIsALaterOneAndFoundAlsoWhereItsFilesWereTakenAway() throws Exception {
        ledger.append(store().write(letter("A-1", 0)));
        String id = texts("select id from dead_letter").get(0);
        ledger.forgetting().deadLetter(id);
        for (String name : names()) {
            Files.delete(letters().resolve(name));
        }

        ledger.append(later().write(letter("A-1", 0)));

        assertThat(ledger.queries().deadLetters().unreplayed("invalid", 10))
                .singleElement()
                .satisfies(again -> {
                    assertThat(again.id()).isEqualTo(id);
                    assertThat(again.message()).isEqualTo("it is no order");
                    assertThat(Path.of(again.file())).hasBinaryContent(RAW);
                    assertThat(again.at()).isEqualTo(clock.instant().plus(Duration.ofDays(1)));
                });
        assertThat(texts("select faults from dead_letter").get(0)).contains("items are missing");
    }

    @Test
    void aLetterThatWasDismissedIsOpenAgainWhenItComesAgain() throws Exception {
        ledger.append(store().write(letter("A-1", 0)));
        String id = texts("select id from dead_letter").get(0);
        ledger.strays().dismiss(id, "ann", "sent anew");
        assertThat(ledger.queries().deadLetters().unreplayed("invalid", 10)).isEmpty();

        ledger.append(later().write(letter("A-1", 0)));

        assertThat(ledger.queries().deadLetters().unreplayed("invalid", 10))
                .singleElement()
                .matches(again -> again.id().equals(id) && !again.dismissed());
        assertThat(ledger.strays().dismiss(id, "ann", "sent anew again").id()).isEqualTo(id);
    }

    @Test
    void aLetterWhoseFileWasMovedBackToTheInboxIsWrittenAgain() throws IOException {
        store().write(letter("A-1", 0));
        Files.delete(letters().resolve(names().get(0)));

        store().write(letter("A-1", 0));

        assertThat(names()).hasSize(2);
    }

    @Test
    void otherReasonsAndReissuesAreOtherLetters() throws IOException {
        store().write(letter("A-1", 0));
        store().write(letter("A-1", 2));
        store().write(letter("", 0));

        assertThat(names())
                .hasSize(6)
                .anyMatch(name -> name.startsWith("acme/A-1=R2-"))
                .anyMatch(name -> name.startsWith("acme/unreadable-"));
    }

    @Test
    void theSameOfAnotherAccountIsAnotherLetter() throws Exception {
        ledger.append(store().write(letter("acme", "A-1", 0)));
        ledger.append(store().write(letter("other", "A-1", 0)));

        assertThat(texts("select account from dead_letter order by account")).containsExactly("acme", "other");
    }

    @Test
    void noIdLeavesTheFolderOrIsTooLongForIt() throws IOException {
        store().write(letter("../../etc/passwd", 0));
        store().write(letter("\ud83d\udce6".repeat(64), 0));
        store().write(letter("\ud83d\udce6".repeat(64), 1000));

        assertThat(names()).hasSize(6).allMatch(name -> name.startsWith("acme/"));
    }

    @Test
    void theFolderIsItsOwnersAloneWhoeverMadeIt() throws IOException {
        Files.createDirectories(letters());
        Files.setPosixFilePermissions(letters(), PosixFilePermissions.fromString("rwxr-xr-x"));

        store().write(letter("A-1", 0));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(letters())))
                .isEqualTo("rwx------");
    }

    private DeadLetterStore later() {
        return new DeadLetterStore(letters(), Clock.offset(clock, Duration.ofDays(1)));
    }

    private DeadLetterStore store() {
        return new DeadLetterStore(letters(), clock);
    }

    private Path letters() {
        return folder.resolve("dead-letters");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.walk(letters())) {
            return all.filter(Files::isRegularFile)
                    .map(file -> letters().relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static DeadLetter letter(String orderId, int reissue) {
        return letter("acme", orderId, reissue);
    }

    private static DeadLetter letter(String account, String orderId, int reissue) {
        List<Fault> faults = List.of(new Fault("/items", "items are missing"));
        return new DeadLetter(
                account, orderId, reissue, RAW, "accept", "invalid", "it is no order", faults, null, "correct it", "a");
    }
}
