package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * Something that an order should have by now.
 *
 * @param operation the follow-up that should bring it
 * @param awaits the field of the shipment that is missing
 * @param deadlineAt since when it is overdue
 * @param state of the follow-up, see {@link FollowUp#state}
 * @param dueAt when it is asked next, null if it is not asked any more
 */
public record Overdue(
        OrderKey key,
        String carrier,
        String operation,
        String awaits,
        Instant deadlineAt,
        String state,
        Instant dueAt) {

    static Overdue of(ResultSet row) throws SQLException {
        OffsetDateTime dueAt = row.getObject(9, OffsetDateTime.class);
        return new Overdue(
                new OrderKey(row.getString(1), row.getString(2), row.getInt(3)),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getObject(7, OffsetDateTime.class).toInstant(),
                row.getString(8),
                dueAt == null ? null : dueAt.toInstant());
    }
}
