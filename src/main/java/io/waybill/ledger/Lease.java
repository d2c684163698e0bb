package io.waybill.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * How long the other nodes surely take this one for alive.
 *
 * <p>Both clocks must agree that it lasts: the one that never jumps may stand still while the machine sleeps, the other may be
 * set back.
 *
 * @param nanos when it began, by the clock that never jumps
 * @param since when it began, by the clock on the wall
 */
record Lease(long nanos, Instant since, Duration length) {

    static Lease from(Clock clock, Duration length) {
        return new Lease(System.nanoTime(), clock.instant(), length);
    }

    Lease with(Duration other) {
        return new Lease(nanos, since, other);
    }

    boolean lasts(Instant now) {
        return System.nanoTime() - nanos < length.toNanos() && now.isBefore(since.plus(length));
    }
}
