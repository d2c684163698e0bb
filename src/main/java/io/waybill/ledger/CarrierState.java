package io.waybill.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/**
 * Whether a carrier is asked, as every node on the database sees it.
 *
 * @param version counts the changes; 0 as long as there was none
 * @param state {@link #WORKING}, {@link #PAUSED} or {@link #BY_HAND}
 * @param since when it came to this state, null if nothing was ever written of it
 * @param reason why, empty if it was never paused
 * @param actor the node or the user who did it, empty if it was never paused
 * @param probes how many probes failed in this pause
 * @param probeAt when one order may be tried, null if none may
 * @param prober the mark of the node that tries one, null if nobody does
 */
public record CarrierState(
        String carrier,
        long version,
        String state,
        Instant since,
        String reason,
        String actor,
        int probes,
        Instant probeAt,
        String prober) {

    public static final String WORKING = "working";
    public static final String PAUSED = "paused";

    /** Paused by a person; nothing is tried until a person resumes it. */
    public static final String BY_HAND = "paused-by-hand";

    static CarrierState unknown(String carrier) {
        return new CarrierState(carrier, 0, WORKING, null, "", "", 0, null, null);
    }

    static CarrierState of(ResultSet row) throws SQLException {
        OffsetDateTime probeAt = row.getObject("probe_at", OffsetDateTime.class);
        return new CarrierState(
                row.getString("carrier"),
                row.getLong("version"),
                row.getString("state"),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                row.getString("reason"),
                row.getString("actor"),
                row.getInt("probes"),
                probeAt == null ? null : probeAt.toInstant(),
                row.getString("prober"));
    }

    public boolean isPaused() {
        return !state.equals(WORKING);
    }

    public boolean isByHand() {
        return state.equals(BY_HAND);
    }

    CarrierState changed(String to, Instant now, String why, String who, Instant nextProbe) {
        return new CarrierState(carrier, version + 1, to, now, why, who, 0, nextProbe, null);
    }

    CarrierState probedBy(String mark) {
        return new CarrierState(carrier, version + 1, state, since, reason, actor, probes, probeAt, mark);
    }

    CarrierState probedInVain(Instant nextProbe) {
        return new CarrierState(carrier, version + 1, state, since, reason, actor, probes + 1, nextProbe, null);
    }

    /** One sentence for people, without the reason. */
    public String words() {
        return switch (state) {
            case WORKING -> "carrier " + carrier + " works";
            case PAUSED -> "carrier " + carrier + " is paused since " + second(since) + ", next probe at "
                    + second(probeAt);
            default -> "carrier " + carrier + " is paused since " + second(since) + " by " + actor
                    + ", until somebody resumes it";
        };
    }

    private static Instant second(Instant at) {
        return at == null ? null : at.truncatedTo(ChronoUnit.SECONDS);
    }
}
