package io.waybill.sink;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Sql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Base64;

/**
 * Moves the label of a booking out of its result into the label store, and writes its row.
 *
 * <ol>
 *   <li>{@link #keep} runs before the answer is journalled, so that labels need not live in the database: {@code
 *       label.content} becomes {@code path, format, bytes, sha256, source}. Where the disk refuses, the content stays and is
 *       stored later; where the bytes are no label, {@code label_refused} says why.
 *   <li>{@link #store} is the label sink: stores what still has to be, then joins the row to the order's commit.
 * </ol>
 */
public final class LabelKeeper {

    private final LabelStore store;
    private final Clock clock;

    public LabelKeeper(LabelStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Stores the label if the disk takes it; never throws. */
    public void keep(ObjectNode result) {
        try {
            if (result.path("label").has("content")) {
                put(result);
            }
        } catch (LabelRefused e) {
            result.remove("label");
            result.put("label_state", "none");
            result.put("label_refused", e.getMessage());
        } catch (IOException e) {
            // the label sink tries again, with the content that stays in the result
            result.put("label_state", "awaited");
        }
    }

    /**
     * Stores the label of a booking and joins its row.
     *
     * @throws LabelRefused if what the carrier sent is no label
     * @throws IOException if the disk does not take it; trying again is safe
     */
    public void store(Claim claim) throws IOException {
        ObjectNode result = claim.result();
        if (result.has("label_refused")) {
            throw new LabelRefused(result.get("label_refused").asText());
        }
        if (result.path("label").has("content")) {
            put(result);
        }
        if (result.path("label").has("path")) {
            claim.join(row(claim, result));
        }
    }

    private void put(ObjectNode result) throws IOException {
        ObjectNode label = (ObjectNode) result.get("label");
        String format = label.path("format").asText();
        LabelStore.StoredLabel stored = store.put(bytes(label), format);
        ObjectNode kept = result.putObject("label");
        kept.put("path", stored.path().toString());
        kept.put("format", stored.format());
        kept.put("bytes", stored.bytes());
        kept.put("sha256", stored.sha256());
        kept.put("source", label.path("source").asText("carrier"));
        if (!result.path("label_state").asText().equals("supplied")) {
            result.put("label_state", "stored");
        }
    }

    private static byte[] bytes(ObjectNode label) {
        String content = label.path("content").asText();
        try {
            return switch (label.path("encoding").asText()) {
                case "text" -> content.getBytes(StandardCharsets.UTF_8);
                case "base64" -> Base64.getMimeDecoder().decode(content);
                default -> throw new LabelRefused(
                        "label: encoding '" + label.path("encoding").asText() + "' is none of text, base64");
            };
        } catch (IllegalArgumentException e) {
            throw new LabelRefused("label: the content is not base64");
        }
    }

    private Sql row(Claim claim, ObjectNode result) {
        return Sql.of(
                "insert into label (account, order_id, reissue, number, path, format, bytes, sha256, source, stored_at)"
                        + " values (?, ?, ?, 0, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                claim.key().account(),
                claim.key().orderId(),
                claim.key().reissue(),
                result.at("/label/path").asText(),
                result.at("/label/format").asText(),
                result.at("/label/bytes").asLong(),
                result.at("/label/sha256").asText(),
                result.at("/label/source").asText(),
                clock.instant().atOffset(ZoneOffset.UTC));
    }
}
