package io.waybill.sandbox;

import java.time.Duration;
import java.util.Objects;

/**
 * One scripted misbehaviour of a carrier: which calls, and what happens to them.
 *
 * <p>{@code Fault.at("kdniao").reference("SO-1").afterCommit(Reply.drop())}: the call for SO-1 is booked, then its connection
 * is closed without an answer. As JSON on {@code POST /sandbox/faults}: {@code {"carrier": "kdniao", "reference": "SO-1",
 * "commit": true, "kind": "drop"}}.
 *
 * <ol>
 *   <li>A call matches by carrier, by reference and by the end of its path, in any case. The first {@code skip} such calls
 *       pass, the next {@code times} ones fail, -1 for all. The first fault that applies is used, one a call.
 *   <li>{@code hold} passes before the carrier sees the call, {@code delay} before it answers.
 *   <li>With {@code commit} the carrier does what it was asked for, else it never sees the call.
 * </ol>
 *
 * @param match which calls
 * @param reply what comes back
 */
public record Fault(Match match, Duration hold, Duration delay, boolean commit, Reply reply) {

    /** No misbehaviour. */
    static final Fault NONE = at("");

    /**
     * Which calls.
     *
     * @param carrier {@code birdsystem}, {@code mabang} or {@code kdniao}
     * @param reference the customer's key that the call is about, null for all
     * @param path the end of the request's path, such as {@code /Batch-Update-Status}, null for all
     * @param skip how many matching calls pass first
     * @param times how many fail then, -1 for all
     */
    public record Match(String carrier, String reference, String path, int skip, int times) {}

    public Fault {
        Objects.requireNonNull(match.carrier(), "fault: carrier: expected a carrier's name, was null");
        if (!commit && !reply.standsAlone()) {
            throw new IllegalArgumentException(
                    "fault '" + reply.kind() + "' changes the carrier's answer: expected commit true, was false");
        }
    }

    /** The next call of a carrier, answered as usual; the starting point of every script. */
    public static Fault at(String carrier) {
        Match next = new Match(carrier, null, null, 0, 1);
        return new Fault(next, Duration.ZERO, Duration.ZERO, true, Reply.of(Reply.Kind.ANSWER));
    }

    /** Only calls about this order. */
    public Fault reference(String key) {
        return matching(new Match(match.carrier, key, match.path, match.skip, match.times));
    }

    /** Only calls to a path with this end. */
    public Fault path(String end) {
        return matching(new Match(match.carrier, match.reference, end, match.skip, match.times));
    }

    /** Lets this many matching calls pass, then applies to this many, -1 for all. */
    public Fault calls(int skip, int times) {
        return matching(new Match(match.carrier, match.reference, match.path, skip, times));
    }

    /** Waits before the carrier sees the call: an order that arrives late. */
    public Fault hold(Duration wait) {
        return new Fault(match, wait, delay, commit, reply);
    }

    /** Waits before the answer: a carrier that has booked and is slow to say so. */
    public Fault delay(Duration wait) {
        return new Fault(match, hold, wait, commit, reply);
    }

    /** The carrier never sees the call; this comes back. */
    public Fault instead(Reply answer) {
        return new Fault(match, hold, delay, false, answer);
    }

    /** The carrier does what it was asked for; this comes back. */
    public Fault afterCommit(Reply answer) {
        return new Fault(match, hold, delay, true, answer);
    }

    private Fault matching(Match other) {
        return new Fault(other, hold, delay, commit, reply);
    }
}
