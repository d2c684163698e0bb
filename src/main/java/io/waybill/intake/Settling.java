package io.waybill.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides whether a file is complete, from two looks at it and without ever waiting.
 *
 * <ol>
 *   <li>A file that nobody has changed for ten times the settle time is complete at first sight, so that after a restart
 *       100,000 waiting files are not each looked at twice. This trusts the file system's clock not to be further behind.
 *   <li>Any other is complete when it looked the same (size, times, inode) over a whole settle time by our own clock: the
 *       file system's clock may be ahead.
 * </ol>
 *
 * <p>Only files of the second kind are remembered, at most {@value #MOST} of them; who is not seen again is forgotten. A file
 * that is not remembered because of that bound waits for the first rule.
 */
final class Settling {

    static final int QUIET_TIMES = 10;
    static final int MOST = 100_000;

    private static final Duration FORGET = Duration.ofMinutes(1);

    private record Look(FileFacts facts, Instant first, Instant last) {}

    private final Map<String, Look> looks = new HashMap<>();
    private final Duration settle;
    private final Clock clock;
    private Instant tidied;

    Settling(Duration settle, Clock clock) {
        this.settle = settle;
        this.clock = clock;
        this.tidied = clock.instant();
    }

    /** Takes a look at a file; true if it is complete. */
    synchronized boolean settled(String file, FileFacts facts) {
        Instant now = clock.instant();
        tidy(now);
        Look before = looks.get(file);
        boolean same = before == null || before.facts().equals(facts);
        if (same && facts.quietFor(settle.multipliedBy(QUIET_TIMES), now)) {
            looks.remove(file);
            return true;
        }
        Instant first = before != null && same ? earlier(before.first(), now) : now;
        if (before != null || looks.size() < MOST) {
            looks.put(file, new Look(facts, first, now));
        }
        return !first.plus(settle).isAfter(now);
    }

    synchronized int remembered() {
        return looks.size();
    }

    // a clock that was set back must not keep a file waiting
    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private void tidy(Instant now) {
        Duration quiet = settle.multipliedBy(QUIET_TIMES);
        Duration forget = looks.size() < MOST ? FORGET.plus(quiet) : quiet;
        if (Duration.between(tidied, now).abs().compareTo(forget) > 0) {
            looks.values().removeIf(look -> look.last().plus(forget).isBefore(now));
            tidied = now;
        }
    }
}
