package io.waybill.ledger;

import io.waybill.order.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * What a carrier told by itself, byte for byte.
 *
 * @param id the fingerprint of what came, from which carrier and for which account; the same again is the same push
 * @param account whose push it is
 * @param body what came
 * @param state {@link #STORED} until every entry is applied or put aside
 * @param detail JSON: what is left of it, and what was put aside and why; holds no content
 * @param attempts how often it was worked on
 * @param dueAt when it is worked on next, or until when somebody has it in hand; null at its end
 */
public record Push(
        String id,
        String carrier,
        String account,
        byte[] body,
        String state,
        String detail,
        int attempts,
        Instant receivedAt,
        Instant dueAt) {

    /** Durable, and to be worked on. */
    public static final String STORED = "stored";

    /** Every entry is applied. */
    public static final String DONE = "done";

    /** Some of it was put aside for a person; the rest is applied. */
    public static final String ASIDE = "aside";

    /** In the detail: who wanted it applied once more, and why. */
    public static final String REPLAYS = "replays";

    /** A push that just came. */
    public static Push of(String carrier, String account, byte[] body, Instant receivedAt) {
        String content = carrier + "\n" + account + "\n" + Fingerprint.of(body);
        String id = Fingerprint.of(content.getBytes(StandardCharsets.UTF_8));
        return new Push(id, carrier, account, body, STORED, "{}", 0, receivedAt, receivedAt);
    }

    static Push of(ResultSet row) throws SQLException {
        return new Push(
                row.getString("id"),
                row.getString("carrier"),
                row.getString("account"),
                row.getBytes("body"),
                row.getString("state"),
                row.getString("detail"),
                row.getInt("attempts"),
                instant(row, "received_at"),
                instant(row, "due_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    /** Names it only: the body holds personal data. */
    @Override
    public String toString() {
        return "push " + id.substring(0, 12) + " of " + carrier;
    }
}
