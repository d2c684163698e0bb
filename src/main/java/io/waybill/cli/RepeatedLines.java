package io.waybill.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Marker;

/**
 * Lets an error that one logger repeats with another number each time through at once, and then again each ten minutes; and,
 * after it, the line that says that it is over, whatever its level. {@code logback.xml} names both.
 */
public final class RepeatedLines extends TurboFilter {

    private static final Duration REMINDER = Duration.ofMinutes(10);
    private static final int MOST = 100;

    private final Map<String, Instant> said = new ConcurrentHashMap<>();
    private final Clock clock;
    private String logger = "";
    private String end = "";

    /** For {@code logback.xml}. */
    public RepeatedLines() {
        this(Clock.systemUTC());
    }

    RepeatedLines(Clock clock) {
        this.clock = clock;
    }

    public void setLogger(String name) {
        logger = name;
    }

    /** How the line begins that says that it is over. */
    public void setEnd(String words) {
        end = words;
    }

    @Override
    public FilterReply decide(Marker marker, Logger of, Level level, String line, Object[] values, Throwable failure) {
        // without a line it is only asked whether the level is on
        if (line == null || !of.getName().equals(logger)) {
            return FilterReply.NEUTRAL;
        }
        if (line.startsWith(end) && !said.isEmpty()) {
            said.clear();
            return FilterReply.ACCEPT;
        }
        boolean error = level.isGreaterOrEqual(Level.ERROR);
        return error && !isNew(line.replaceAll("\\d+", "")) ? FilterReply.DENY : FilterReply.NEUTRAL;
    }

    private boolean isNew(String line) {
        Instant now = clock.instant();
        if (said.size() >= MOST) {
            said.clear();
        }
        Instant last = said.putIfAbsent(line, now);
        return last == null || !now.isBefore(last.plus(REMINDER)) && said.replace(line, last, now);
    }
}
