package io.waybill.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import java.io.IOException;
import java.time.Clock;

/**
 * Moves the label of a booking out of its result into the label store, and writes its row.
 *
 * <ol>
 *   <li>{@link #keep} runs before the answer is journalled, so that labels need not live in the database: {@code
 *       label.content} becomes {@code path, format, bytes, sha256, source}. Where the disk refuses, the content stays and is
 *       stored later; where the bytes are no label, {@code label_refused} says why. It asks nobody: a label at an address
 *       waits for the sink.
 *   <li>{@link #store} is the label sink: fetches and stores what still has to be, then joins the row to the order's commit,
 *       together with what became of the label, so that a later attempt at the answer tells the same.
 *   <li>A label that the merchant has at an address from which nothing is fetched stays there: {@code url, format, source},
 *       no row, and a warning that says why.
 * </ol>
 */
public final class LabelKeeper {

    private final LabelStore store;
    private final LabelHosts hosts;
    private final LabelDownload download;
    private final Clock clock;

    public LabelKeeper(LabelStore store, LabelHosts hosts, LabelDownload download, Clock clock) {
        this.store = store;
        this.hosts = hosts;
        this.download = download;
        this.clock = clock;
    }

    /** Stores the label if it is here and the disk takes it; never throws. */
    public void keep(ObjectNode result) {
        JsonNode label = result.path("label");
        try {
            if (LabelContent.isElsewhere(label)) {
                state(result, "awaited");
            } else if (label.has("content")) {
                put(result, LabelContent.bytes(label));
            }
        } catch (LabelRefused e) {
            refuse(result, e);
        } catch (IOException e) {
            // the label sink tries again, with the content that stays in the result
            state(result, "awaited");
        }
    }

    /**
     * Stores the label of a booking and joins its row.
     *
     * @throws LabelRefused if what the carrier sent is no label, or lies where nothing is fetched from
     * @throws IOException if the disk does not take it or its host does not give it; trying again is safe
     */
    public void store(Claim claim) throws IOException {
        ObjectNode result = claim.result();
        if (result.has("label_refused")) {
            throw new LabelRefused(result.get("label_refused").asText());
        }
        if (result.path("label").has("content")) {
            settle(result, claim.carrier());
            claim.revise();
        }
        if (result.path("label").has("path")) {
            claim.sinks().join(LabelRow.of(claim, clock.instant()));
        }
    }

    /** A cancelled order needs no label any more: one that is not stored yet goes, and a refused one is a warning. */
    public void drop(ObjectNode result) {
        if (result.has("label_refused")) {
            result.withArray("warnings").add(result.remove("label_refused"));
        }
        if (result.path("label").has("content")) {
            result.remove("label");
            result.put("label_state", "none");
        }
    }

    private void settle(ObjectNode result, String carrier) throws IOException {
        JsonNode label = result.get("label");
        try {
            if (LabelContent.isElsewhere(label)) {
                fetch(result, carrier);
            } else {
                put(result, LabelContent.bytes(label));
            }
        } catch (LabelRefused e) {
            refuse(result, e);
            throw e;
        }
    }

    private void fetch(ObjectNode result, String carrier) throws IOException {
        LabelUrl url;
        try {
            url = hosts.admit(carrier, result.at("/label/content").asText());
        } catch (LabelRefused e) {
            if (!isSupplied(result)) {
                throw e;
            }
            leave(result, e.getMessage());
            return;
        }
        put(result, download.fetch(url));
    }

    private static void leave(ObjectNode result, String why) {
        JsonNode label = result.get("label");
        result.putObject("label")
                .put("url", label.path("content").asText())
                .put("format", label.path("format").asText())
                .put("source", "merchant");
        result.withArray("warnings").add(why + "; it was not fetched and stays where the merchant has it");
    }

    private void put(ObjectNode result, byte[] label) throws IOException {
        LabelStore.StoredLabel stored =
                store.put(label, result.at("/label/format").asText());
        result.putObject("label")
                .put("path", stored.path().toString())
                .put("format", stored.format())
                .put("bytes", stored.bytes())
                .put("sha256", stored.sha256())
                .put("source", isSupplied(result) ? "merchant" : "carrier");
        state(result, "stored");
    }

    private static void refuse(ObjectNode result, LabelRefused why) {
        result.remove("label");
        result.put("label_state", "none");
        result.put("label_refused", why.getMessage());
    }

    private static void state(ObjectNode result, String state) {
        if (!isSupplied(result)) {
            result.put("label_state", state);
        }
    }

    private static boolean isSupplied(ObjectNode result) {
        return result.path("label_state").asText().equals("supplied");
    }
}
