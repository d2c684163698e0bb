package io.waybill.route;

import io.waybill.ledger.LedgerUnavailable;
import io.waybill.settings.Settings;
import io.waybill.settings.WordList;
import io.waybill.sink.HalfWritten;
import io.waybill.sink.Leftovers;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of the route {@code retention}: one takes personal data away that is older than the setting, and 0 days keep it for
 * ever; the other deletes what a process was writing when it died. What cannot be deleted is said once, until it is over.
 */
final class Retention {

    /** How long the writing of one file may take. */
    static final Duration WRITING = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final Leftovers leftovers;
    private final HalfWritten halfWritten;
    private final Duration age;
    private final Clock clock;
    private final Map<String, String> said = new ConcurrentHashMap<>();

    Retention(Leftovers leftovers, HalfWritten halfWritten, Duration age, Clock clock) {
        this.leftovers = leftovers;
        this.halfWritten = halfWritten;
        this.age = age;
        this.clock = clock;
    }

    /** Which files go, as the setting names them. */
    static Set<String> files(Settings settings) {
        return Set.copyOf(WordList.GOING.of(settings));
    }

    /** {@code take-away}. */
    void takeAway(Exchange exchange) {
        if (age.isZero()) {
            return;
        }
        trying("personal data cannot be taken away", () -> {
            long forgotten = leftovers.takeAway(clock.instant().minus(age));
            if (forgotten > 0) {
                LOG.info(
                        "took the personal data of {} orders away that are older than {} days",
                        forgotten,
                        age.toDays());
            }
        });
    }

    /** {@code drop-half-written}. */
    void dropHalfWritten(Exchange exchange) {
        trying("what a process was writing when it died cannot be deleted", () -> {
            int dropped = halfWritten.drop(clock.instant().minus(WRITING));
            if (dropped > 0) {
                LOG.info("deleted {} files that processes were writing when they died", dropped);
            }
        });
    }

    private interface Deleting {
        void delete() throws IOException;
    }

    private void trying(String otherwise, Deleting deleting) {
        try {
            deleting.delete();
            said.remove(otherwise);
        } catch (IOException | LedgerUnavailable e) {
            String why = Logged.text(e.toString());
            if (!why.equals(said.put(otherwise, why))) {
                LOG.warn("{}, it is tried again: {}", otherwise, why);
            }
        }
    }
}
