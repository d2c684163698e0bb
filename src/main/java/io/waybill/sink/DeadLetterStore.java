package io.waybill.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Sql;
import io.waybill.order.Fingerprint;
import io.waybill.order.OrderKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps dead letters: {@code <account>/<order>-<id>.json} is the order exactly as it came, {@code .reason.json} beside it
 * says why and what next, and a row in {@code dead_letter} makes both findable.
 *
 * <p>The id is made from the order and the reason, so writing the same dead letter again adds nothing, nor does an order that
 * is moved back to the inbox and fails as before: its row tells when that was last, and where its files are, and is open again
 * if a person had dismissed it. The folder is open to its owner only, since it holds addresses.
 */
public final class DeadLetterStore {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterStore.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final int LONGEST_NAME = 255;
    private static final int ID = 12;

    private final Path folder;
    private final Clock clock;

    public DeadLetterStore(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * Writes both files.
     *
     * @return what makes the row that belongs to them; the caller makes it durable
     */
    public List<Sql> write(DeadLetter letter) throws IOException {
        Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        String id = id(letter);
        String name = fileName(letter);
        int room = LONGEST_NAME - name.length() - "-.reason.json".length();
        name += "-" + id.substring(0, Math.min(ID, room));
        Path account = secured(folder).resolve(letter.account());
        writeOnce(account.resolve(name + ".reason.json"), reason(letter, at));
        writeOnce(account.resolve(name + ".json"), letter.raw());
        return row(letter, id, account.resolve(name + ".json"), at);
    }

    /** The id of a dead letter's row, which is that of no other one. */
    public static String id(DeadLetter letter) {
        return Fingerprint.of(String.join(
                                "\n",
                                letter.account(),
                                letter.orderId() + "=R" + letter.reissue(),
                                letter.stage(),
                                letter.cause(),
                                letter.message(),
                                Fingerprint.of(letter.raw()))
                        .getBytes(StandardCharsets.UTF_8))
                .substring(0, ID);
    }

    /**
     * Writes only the reason, {@code <file>.reason.json}, for something that was already put among the dead letters.
     *
     * @param letter whose {@code raw} does not matter
     * @param file where it lies, a name of its own
     * @return what makes the row that belongs to it; the caller makes it durable
     */
    public List<Sql> explain(DeadLetter letter, Path file) throws IOException {
        Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        String name = file.getFileName().toString();
        writeOnce(file.resolveSibling(name + ".reason.json"), reason(letter, at));
        String id =
                Fingerprint.of(file.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 12);
        return row(letter, id, file, at);
    }

    private static String fileName(DeadLetter letter) {
        return letter.orderId().isEmpty()
                ? "unreadable"
                : new OrderKey(letter.account(), letter.orderId(), letter.reissue()).fileName();
    }

    /**
     * One at a time: the same dead letter may come twice at once, at another time of day. What is there stays, and is as young
     * as if it were written now, so that nobody takes it away before its row names it.
     */
    private static synchronized void writeOnce(Path file, byte[] content) throws IOException {
        if (!Files.isRegularFile(file)) {
            AtomicFile.write(file, content);
        } else if (!file.toFile().setLastModified(System.currentTimeMillis())) {
            LOG.debug("dead letter '{}' is somebody else's file and keeps its age", file);
        }
    }

    /** Whoever made the folder: it holds addresses, so it is its owner's alone. */
    private static Path secured(Path folder) throws IOException {
        Files.createDirectories(folder);
        PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
        if (view != null && !view.readAttributes().permissions().equals(OWNER_ONLY)) {
            view.setPermissions(OWNER_ONLY);
        }
        return folder;
    }

    private static byte[] reason(DeadLetter letter, Instant at) throws JsonProcessingException {
        ObjectNode reason = JSON.createObjectNode();
        reason.put("stage", letter.stage());
        reason.put("cause", letter.cause());
        reason.put("message", letter.message());
        reason.set("faults", JSON.valueToTree(letter.faults()));
        reason.put("carrier_answer", letter.carrierAnswer());
        reason.put("next", letter.next());
        reason.put("at", at.toString());
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(reason);
    }

    /** Not every database can do both in one statement. */
    private static List<Sql> row(DeadLetter letter, String id, Path file, Instant at) throws JsonProcessingException {
        String faults = JSON.writeValueAsString(letter.faults());
        Sql again = Sql.of(
                "update dead_letter set message = ?, faults = ?, carrier_answer = ?, file = ?, at = ?, dismissed_at = null"
                        + " where id = ?",
                letter.message(),
                faults,
                letter.carrierAnswer(),
                file.toString(),
                at.atOffset(ZoneOffset.UTC),
                id);
        Sql first = Sql.of(
                "insert into dead_letter (account, order_id, reissue, id, stage, cause, message, faults, carrier_answer,"
                        + " next, source, file, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " on conflict do nothing",
                letter.account(),
                letter.orderId(),
                letter.reissue(),
                id,
                letter.stage(),
                letter.cause(),
                letter.message(),
                faults,
                letter.carrierAnswer(),
                letter.next(),
                letter.source(),
                file.toString(),
                at.atOffset(ZoneOffset.UTC));
        return List.of(again, first);
    }
}
