package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/**
 * Something that is still asked of the carrier after an order's booking.
 *
 * @param operation the operation of the carrier's folder; {@value #CANCEL} is the void of the order, and {@code answer} the
 *     answer that is owed to one that was cancelled before anything was sent, of which no carrier is asked
 * @param state {@code due}, {@code expected} (nobody asks, the carrier tells), {@code ended} or {@code given-up}; of the void
 *     {@code requested}, {@code confirmed}, {@code refused}, {@code unsupported} or {@code in-doubt}
 * @param dueAt when it is asked next, null if nothing is asked any more by itself
 * @param attempts how often it was asked since it last brought something
 * @param since when it began
 * @param untilAt when it is given up, null if never
 * @param awaits the field of the shipment that this must bring, null if none or once it came
 * @param deadlineAt from when on that field is overdue
 * @param detail for people: what the last attempt ended with, or why; never personal data
 */
public record FollowUp(
        String operation,
        String state,
        Instant dueAt,
        int attempts,
        Instant since,
        Instant untilAt,
        String awaits,
        Instant deadlineAt,
        String detail) {

    /** To the microsecond, which is what every database keeps; what is due now must not be rounded into the future. */
    public FollowUp {
        dueAt = micros(dueAt);
        since = micros(since);
        untilAt = micros(untilAt);
        deadlineAt = micros(deadlineAt);
    }

    public static final String DUE = "due";
    public static final String EXPECTED = "expected";
    public static final String ENDED = "ended";
    public static final String GIVEN_UP = "given-up";
    public static final String REQUESTED = "requested";
    public static final String CONFIRMED = "confirmed";
    public static final String REFUSED = "refused";
    public static final String UNSUPPORTED = "unsupported";
    public static final String IN_DOUBT = "in-doubt";

    /** The void of an order. */
    public static final String CANCEL = "cancel";

    /** The mark of orders that only follow-ups are due for; unlike a node's it has no incarnation. */
    static final String MARK = "follow-up";

    private static final int LONGEST_DETAIL = 500;

    /** One that begins now. */
    public static FollowUp begin(String operation, Instant now, Instant dueAt, Instant untilAt) {
        return new FollowUp(operation, DUE, dueAt, 0, now, untilAt, null, null, "");
    }

    /** Something that the carrier tells by itself. */
    public static FollowUp expected(String kind, Instant now) {
        return new FollowUp(kind, EXPECTED, null, 0, now, null, null, null, "");
    }

    /** A void that was asked for now. */
    public static FollowUp requested(Instant now, String detail) {
        return new FollowUp(CANCEL, REQUESTED, now, 0, now, null, null, null, clean(detail));
    }

    /** The same, with what it must bring and until when. */
    public FollowUp awaiting(String field, Instant deadline) {
        return new FollowUp(operation, state, dueAt, attempts, since, untilAt, field, deadline, detail);
    }

    /** The same, asked again at this time. */
    public FollowUp again(Instant at, int times, String why) {
        return new FollowUp(operation, state, at, times, since, untilAt, awaits, deadlineAt, clean(why));
    }

    /** The same in another state, in which nothing more is asked by itself. */
    public FollowUp at(String to, String why) {
        return at(to, null, why);
    }

    /** The same in another state, asked again at this time. */
    public FollowUp at(String to, Instant at, String why) {
        return new FollowUp(operation, to, at, 0, since, untilAt, awaits, deadlineAt, clean(why));
    }

    /** Whether it goes on by itself. */
    public boolean isOpen() {
        return dueAt != null;
    }

    Sql insert(OrderKey key) {
        return Sql.of(
                "insert into follow_up (state, due_at, attempts, since, until_at, awaits, deadline_at, detail, account,"
                        + " order_id, reissue, operation) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values(key));
    }

    Sql update(OrderKey key) {
        return Sql.of(
                "update follow_up set state = ?, due_at = ?, attempts = ?, since = ?, until_at = ?, awaits = ?,"
                        + " deadline_at = ?, detail = ? where account = ? and order_id = ? and reissue = ?"
                        + " and operation = ?",
                values(key));
    }

    static FollowUp of(ResultSet row) throws SQLException {
        return new FollowUp(
                row.getString("operation"),
                row.getString("state"),
                instant(row, "due_at"),
                row.getInt("attempts"),
                instant(row, "since"),
                instant(row, "until_at"),
                row.getString("awaits"),
                instant(row, "deadline_at"),
                row.getString("detail"));
    }

    private Object[] values(OrderKey key) {
        return new Object[] {
            state,
            Statements.time(dueAt),
            attempts,
            Statements.time(since),
            Statements.time(untilAt),
            awaits,
            Statements.time(deadlineAt),
            detail,
            key.account(),
            key.orderId(),
            key.reissue(),
            operation
        };
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    private static Instant micros(Instant at) {
        return at == null ? null : at.truncatedTo(ChronoUnit.MICROS);
    }

    private static String clean(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cs}\\u2028\\u2029]+", " ").strip();
        return line.length() > LONGEST_DETAIL ? line.substring(0, LONGEST_DETAIL) : line;
    }
}
