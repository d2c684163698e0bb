package io.waybill.ledger;

import java.time.Instant;
import java.util.Map;

/**
 * What lies in the ledger and is not over, as one look saw it; all nodes together.
 *
 * @param at when that was
 * @param orders how many orders are in each state in which something is still to happen
 * @param oldest since when the oldest order is {@code waiting} or {@code in-doubt}, by state; no entry where there is none
 * @param deadLetters how many dead letters nobody has replayed, by cause
 * @param deadLastHour how many orders died within an hour
 */
public record Figures(
        Instant at,
        Map<String, Long> orders,
        Map<String, Instant> oldest,
        Map<String, Long> deadLetters,
        long deadLastHour) {

    /** Before the first look. */
    public static final Figures NONE = new Figures(null, Map.of(), Map.of(), Map.of(), 0);
}
