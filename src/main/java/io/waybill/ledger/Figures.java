package io.waybill.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What lies in the ledger and is not over, as one look saw it; all nodes together.
 *
 * @param at when that was
 * @param orders how many orders are in each state in which something is still to happen
 * @param voidsInDoubt of how many orders nobody knows whether they are cancelled, whatever state they are in
 * @param oldest since when the oldest order is {@code waiting}, or the oldest order or void {@code in-doubt}; no entry where
 *     there is none
 * @param deadLetters how many dead letters nobody has replayed, by cause
 * @param deadLastHour how many orders died within an hour
 */
public record Figures(
        Instant at,
        Map<String, Long> orders,
        long voidsInDoubt,
        Map<String, Instant> oldest,
        Map<String, Long> deadLetters,
        long deadLastHour) {

    private static final int MOST = 10_000;

    /** Before the first look. */
    public static final Figures NONE = new Figures(null, Map.of(), 0, Map.of(), Map.of(), 0);

    /** One look; read by indexes only, however many orders are. */
    static Figures of(Queries queries, Instant now) {
        Map<String, Long> orders = new TreeMap<>();
        Map<String, Instant> oldest = new TreeMap<>();
        queries.list(
                "select state, count(*) from orders where state in ('accepted', 'sent', 'booked', 'waiting', 'awaiting',"
                        + " 'in-doubt', 'dead-letter') group by state",
                row -> orders.put(row.getString(1), row.getLong(2)));
        queries.list(
                "select min(accepted_at) from orders where state = 'waiting' having count(*) > 0",
                row -> oldest.put("waiting", Queries.instant(row, 1)));
        queries.list(
                "select min(h.at) from orders o join history h on h.account = o.account and h.order_id = o.order_id"
                        + " and h.reissue = o.reissue where o.state = 'in-doubt' and h.what = 'in-doubt'"
                        + " having count(*) > 0",
                row -> oldest.put("in-doubt", Queries.instant(row, 1)));
        List<Doubt> voids = queries.voidsInDoubt(MOST);
        voids.forEach(
                each -> oldest.merge("in-doubt", each.since(), (one, other) -> one.isBefore(other) ? one : other));
        DeadLetters dead = queries.deadLetters();
        return new Figures(
                now, orders, voids.size(), oldest, dead.byCause(), dead.since(now.minus(Duration.ofHours(1))));
    }
}
