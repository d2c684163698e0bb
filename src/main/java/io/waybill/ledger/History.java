package io.waybill.ledger;

import io.waybill.order.Fingerprint;
import io.waybill.order.OrderKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * One row of an order's history, chained to the one before by its hash.
 *
 * @param seq 1 for the acceptance, then without gaps
 * @param at when, to the microsecond, which is what every database keeps
 * @param what the change of state, one word
 * @param detail JSON for people: fingerprints, versions, reasons; never personal data
 * @param actor the node or the user who did it
 * @param hash SHA-256 over the hash before and all of this row
 */
record History(int seq, Instant at, String what, String detail, String actor, String hash) {

    /** What the first row of an order is chained to. */
    static final String NONE = "";

    static History after(int seq, String hash, Instant now, String what, String detail, String actor) {
        Instant at = now.truncatedTo(ChronoUnit.MICROS);
        String text = String.join("\n", hash, Integer.toString(seq + 1), at.toString(), what, detail, actor);
        return new History(seq + 1, at, what, detail, actor, Fingerprint.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    Sql row(OrderKey key) {
        return Sql.of(
                "insert into history (account, order_id, reissue, seq, at, what, detail, actor, hash)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                key.account(),
                key.orderId(),
                key.reissue(),
                seq,
                at.atOffset(ZoneOffset.UTC),
                what,
                detail,
                actor,
                hash);
    }
}
