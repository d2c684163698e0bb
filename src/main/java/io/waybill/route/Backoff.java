package io.waybill.route;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long an order waits before it is tried again: 1 s, 2 s, 4 s ... up to {@code longest}, each shortened by up to a
 * third by chance, so that orders that failed together do not come back together.
 *
 * @param longest the longest wait
 * @param age how old an order may grow before it is a dead letter
 * @param settle how long a request may still be on its way after nobody waits for its answer any more
 */
record Backoff(Duration longest, Duration age, Duration settle) {

    /** The wait after so many attempts; at least what the carrier asked for, but never longer than {@code age}. */
    Duration after(int attempts, Duration asked) {
        long seconds = Math.min(longest.toSeconds(), 1L << Math.min(attempts, 30));
        long milliseconds = seconds * 1000 - ThreadLocalRandom.current().nextLong(seconds * 333 + 1);
        Duration wait = Duration.ofMillis(milliseconds);
        Duration longer = asked.compareTo(wait) > 0 ? asked : wait;
        return longer.compareTo(age) > 0 ? age : longer;
    }
}
