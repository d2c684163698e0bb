package io.waybill.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Forgetting;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes personal data away that is old enough.
 *
 * <ol>
 *   <li>Files first: labels, the answer, dead letters, archived inputs, each if it is asked for; a label that another order
 *       shares stays. Of dead letters also those that no row names, see {@link UnnamedLetters}.
 *   <li>Then the order's rows, in one commit, as long as the order is over; see {@link Forgetting#order}. A crash between the two
 *       leaves an order whose files are gone, and the next time goes on with it.
 *   <li>What carriers told by themselves goes as it came, once it is applied or put aside.
 *   <li>Of the shipment stays what names no person: the numbers at the carrier and the charges.
 * </ol>
 */
public final class Leftovers {

    /** What of a shipment says nothing of a person. */
    private static final List<String> REMAIN = List.of(
            "account",
            "order_id",
            "reissue",
            "carrier",
            "service",
            "carrier_reference",
            "carrier_order_id",
            "tracking_number",
            "status",
            "charges",
            "created_at");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PAGE = 500;

    /** The clocks of nodes differ; what one wrote may be a little older than what another wrote before. */
    private static final Duration OVERLAP = Duration.ofHours(1);

    /**
     * Where the files lie, and which of them go: {@code labels, outbox, dead-letters, archive}.
     */
    public record Folders(Path outbox, Path deadLetters, Path archive, Set<String> going) {}

    private final Ledger ledger;
    private final Folders folders;
    private Instant from = Instant.EPOCH;
    private IOException failure;

    public Leftovers(Ledger ledger, Folders folders) {
        this.ledger = ledger;
        this.folders = folders;
    }

    /**
     * Takes away what ended before a moment.
     *
     * @return how many orders were forgotten
     * @throws IOException if a file cannot be deleted, the first of them; its order keeps its rows until it can, and all else
     *     goes
     */
    public synchronized long takeAway(Instant before) throws IOException {
        failure = null;
        long forgotten = orders(before);
        if (folders.going().contains("dead-letters")) {
            deadLetters(before);
        }
        ledger.pushes().forget(before);
        if (folders.going().contains("archive")) {
            noting(new ArchivedFiles(folders.archive()).takeAway(before));
        }
        if (failure != null) {
            throw failure;
        }
        return forgotten;
    }

    /** One that cannot be forgotten holds up no other, and the next time begins with it. */
    private long orders(Instant before) {
        Instant next = from;
        Instant start;
        Instant stuck = null;
        long forgotten = 0;
        long ofPage;
        List<Stored> page;
        do {
            start = next;
            page = ledger.queries().remembered().orders(start, before, PAGE);
            ofPage = 0;
            for (Stored stored : page) {
                next = stored.updatedAt();
                try {
                    ofPage += forget(stored) ? 1 : 0;
                } catch (IOException e) {
                    noting(Optional.of(e));
                    stuck = stuck == null ? next : stuck;
                }
            }
            forgotten += ofPage;
        } while (page.size() == PAGE && (ofPage > 0 || next.isAfter(start)));
        Instant reached = stuck == null ? next : stuck;
        from = reached.isAfter(from.plus(OVERLAP)) ? reached.minus(OVERLAP) : from;
        return forgotten;
    }

    private boolean forget(Stored stored) throws IOException {
        boolean labels = folders.going().contains("labels");
        if (labels) {
            for (JsonNode row : ledger.queries().trail().labels(stored.key())) {
                String path = row.path("path").asText();
                if (!path.isEmpty() && !ledger.queries().remembered().sharesLabel(stored.key(), path)) {
                    Files.deleteIfExists(Path.of(path));
                }
            }
        }
        if (folders.going().contains("outbox")) {
            Files.deleteIfExists(folders.outbox()
                    .resolve(stored.key().account())
                    .resolve(stored.key().fileName() + ".json"));
        }
        String shipment =
                ledger.queries().find(stored.key()).map(Stored::shipment).orElse(null);
        return ledger.forgetting().order(stored, remains(shipment), labels);
    }

    private static String remains(String shipment) {
        if (shipment == null) {
            return null;
        }
        try {
            ObjectNode all = (ObjectNode) JSON.readTree(shipment);
            ObjectNode remains = all.retain(REMAIN);
            remains.put("label_state", "none");
            remains.putArray("warnings")
                    .add("the label and what this order said of people were removed, since it is old");
            return remains.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("ledger: a stored shipment is no JSON", e);
        }
    }

    /** One whose files cannot be deleted holds up no other. */
    private void deadLetters(Instant before) {
        Set<String> stuck = new HashSet<>();
        boolean full;
        do {
            Map<String, String> page = ledger.queries().deadLetters().files(before, PAGE + stuck.size());
            full = page.size() == PAGE + stuck.size();
            page.keySet().removeAll(stuck);
            for (Map.Entry<String, String> letter : page.entrySet()) {
                if (!isGone(letter.getKey(), Path.of(letter.getValue()))) {
                    stuck.add(letter.getKey());
                }
            }
        } while (full);
        noting(new UnnamedLetters(ledger, folders.deadLetters()).takeAway(before));
    }

    private void noting(Optional<IOException> kept) {
        failure = failure == null ? kept.orElse(null) : failure;
    }

    private boolean isGone(String id, Path file) {
        String name = file.getFileName().toString();
        try {
            Files.deleteIfExists(file.resolveSibling(name + ".reason.json"));
            Files.deleteIfExists(file.resolveSibling(name.replaceFirst("\\.json$", "") + ".reason.json"));
            if (!Files.isDirectory(file)) {
                Files.deleteIfExists(file);
            }
            ledger.forgetting().deadLetter(id);
            return true;
        } catch (IOException e) {
            noting(Optional.of(e));
            return false;
        }
    }
}
