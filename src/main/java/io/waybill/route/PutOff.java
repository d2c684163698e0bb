package io.waybill.route;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files of the inbox that went back since they could not be taken in, on this node.
 *
 * <ol>
 *   <li>Each is read again after growing waits, 1 s, 2 s ... up to {@value #LONGEST_SECONDS} s: with every reading the orders of it
 *       that are in the ledger are answered again.
 *   <li>At most {@value #MOST} are remembered; of more, the first ones are read again at once.
 * </ol>
 */
final class PutOff {

    static final int LONGEST_SECONDS = 30;
    private static final int MOST = 10_000;
    private static final int DOUBLINGS = 5;

    private record Wait(int times, Instant until) {}

    private final Map<Path, Wait> waits = new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Wait> eldest) {
            return size() > MOST;
        }
    };

    private final Clock clock;

    PutOff(Clock clock) {
        this.clock = clock;
    }

    /** Whether it is too early to read a file again; a clock that was set back keeps no file waiting. */
    synchronized boolean waits(Path file) {
        Wait wait = waits.get(file);
        if (wait == null) {
            return false;
        }
        Duration left = Duration.between(clock.instant(), wait.until);
        return left.compareTo(Duration.ZERO) > 0 && left.toSeconds() <= LONGEST_SECONDS;
    }

    /** It could not be taken in. */
    synchronized void failed(Path file) {
        int times = waits.containsKey(file) ? waits.get(file).times + 1 : 0;
        int seconds = Math.min(LONGEST_SECONDS, 1 << Math.min(times, DOUBLINGS));
        waits.put(file, new Wait(times, clock.instant().plusSeconds(seconds)));
    }

    /** It is taken in. */
    synchronized void read(Path file) {
        waits.remove(file);
    }
}
