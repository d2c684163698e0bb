package io.waybill.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * A route was started or stopped by hand, or the trace of all of them switched.
 *
 * @param route its id, {@code *} for the trace
 * @param node where; every node has its own routes
 * @param what {@code start}, {@code stop}, {@code stop-failed} where it went on, {@code trace-on} or {@code trace-off}
 * @param actor the user who did it
 * @param reason why
 */
public record RouteChange(String route, String node, Instant at, String what, String actor, String reason) {

    static RouteChange of(ResultSet row) throws SQLException {
        return new RouteChange(
                row.getString("route"),
                row.getString("node"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("what"),
                row.getString("actor"),
                row.getString("reason"));
    }

    Sql insert() {
        return Sql.of(
                "insert into route_history (route, node, at, what, reason, actor) values (?, ?, ?, ?, ?, ?)",
                route,
                node,
                Statements.time(at),
                what,
                reason,
                actor);
    }
}
