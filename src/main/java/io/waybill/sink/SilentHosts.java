package io.waybill.sink;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The hosts that did not answer, so that the orders that wait for their labels do not take the turns of all others.
 *
 * <ol>
 *   <li>One that was waited for in vain {@value #SILENT} times in a row is left alone for a minute.
 *   <li>Then one label is asked for, and the others once it answered, whatever it said.
 * </ol>
 */
final class SilentHosts {

    private static final int SILENT = 3;
    private static final Duration ALONE = Duration.ofMinutes(1);

    /** @param until when it may be asked again, by the clock that never jumps */
    private record Silence(int times, long until) {}

    private final Map<String, Silence> known = new ConcurrentHashMap<>();
    private final Duration patience;

    /** @param patience how long a host is waited for */
    SilentHosts(Duration patience) {
        this.patience = patience;
    }

    /** @throws IOException if a host is not to be asked now */
    void ask(String host) throws IOException {
        Silence silence = known.get(host);
        if (silence != null && silence.times >= SILENT && !isNext(host, silence)) {
            throw new IOException(
                    "label: host '" + host + "' did not answer again and again, so it is left alone for a minute");
        }
    }

    private boolean isNext(String host, Silence silence) {
        long now = System.nanoTime();
        return silence.until - now <= 0
                && known.replace(host, silence, new Silence(silence.times, now + patience.toNanos()));
    }

    void answered(String host) {
        known.remove(host);
    }

    void saidNothing(String host) {
        long until = System.nanoTime() + ALONE.toNanos();
        known.merge(host, new Silence(1, until), (before, first) -> new Silence(before.times + 1, until));
    }
}
