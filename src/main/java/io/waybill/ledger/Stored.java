package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;

/**
 * An order's row in the ledger.
 *
 * @param state {@code accepted}, {@code sent}, {@code booked}, {@code awaiting}, {@code completed}, {@code waiting}, {@code
 *     in-doubt}, {@code dead-letter} or {@code cancelled}
 * @param payload the order as it came
 * @param shipment the answer as JSON, null before there is one
 * @param lives how many processes died one after the other while they held it
 * @param dueAt when it is looked at again, null if nothing more happens by itself
 * @param forgottenAt when its personal data went, null while it is there; the payload is empty then
 */
public record Stored(
        OrderKey key,
        String state,
        String carrier,
        String service,
        String rule,
        String carrierReference,
        String source,
        String fingerprint,
        String payload,
        String shipment,
        String owner,
        long epoch,
        int attempts,
        int lives,
        Instant dueAt,
        int duplicates,
        int historySeq,
        String historyHash,
        Instant acceptedAt,
        Instant updatedAt,
        Instant forgottenAt) {

    /** What is read for lists, whose orders may be many and large: payload and shipment are left out. */
    static final String LISTED =
            "select account, order_id, reissue, state, carrier, service, rule, carrier_reference, source,"
                    + " fingerprint, '' as payload, null as shipment, owner, epoch, attempts, lives, due_at, duplicates,"
                    + " history_seq, history_hash, accepted_at, updated_at, forgotten_at from orders";

    private static final Set<String> SETTLED = Set.of("awaiting", "completed", "cancelled");

    /** Whether its booking is behind it and it was answered, or it was cancelled. */
    public boolean isSettled() {
        return isSettled(state);
    }

    boolean isSuspect() {
        return lives >= Claim.SUSPECT;
    }

    boolean isDead() {
        return state.equals("dead-letter");
    }

    static boolean isSettled(String state) {
        return SETTLED.contains(state);
    }

    static Stored of(ResultSet row) throws SQLException {
        return new Stored(
                new OrderKey(row.getString("account"), row.getString("order_id"), row.getInt("reissue")),
                row.getString("state"),
                row.getString("carrier"),
                row.getString("service"),
                row.getString("rule"),
                row.getString("carrier_reference"),
                row.getString("source"),
                row.getString("fingerprint"),
                row.getString("payload"),
                row.getString("shipment"),
                row.getString("owner"),
                row.getLong("epoch"),
                row.getInt("attempts"),
                row.getInt("lives"),
                instant(row, "due_at"),
                row.getInt("duplicates"),
                row.getInt("history_seq"),
                row.getString("history_hash"),
                instant(row, "accepted_at"),
                instant(row, "updated_at"),
                instant(row, "forgotten_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
