package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * A dead letter as the ledger knows it.
 *
 * @param key its order, as far as it was legal
 * @param id its own name
 * @param next what its reason says can be done
 * @param file where the order lies as it came, empty if that is gone
 * @param dismissed whether somebody said that it is dealt with
 * @param order the state of the order of that identity, null if there is none
 * @param faults what is wrong with the order itself, as a JSON array
 */
public record Buried(
        OrderKey key,
        String id,
        String stage,
        String cause,
        String message,
        String next,
        String file,
        Instant at,
        boolean dismissed,
        String order,
        String faults) {

    /** Whether it is of something that came in, and not of an order that was taken in. */
    boolean cameIn() {
        return stage.equals("accept") || stage.equals("dispatch");
    }

    static Buried of(ResultSet row) throws SQLException {
        return new Buried(
                Queries.key(row),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                Queries.instant(row, 10),
                row.getObject(11) != null,
                row.getString(12),
                row.getString(13));
    }
}
