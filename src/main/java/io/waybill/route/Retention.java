package io.waybill.route;

import io.waybill.ledger.LedgerUnavailable;
import io.waybill.settings.Settings;
import io.waybill.settings.WordList;
import io.waybill.sink.Leftovers;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The step of the route {@code retention}: takes personal data away that is older than the setting; 0 days keep it for ever. */
final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final Leftovers leftovers;
    private final Duration age;
    private final Clock clock;

    Retention(Leftovers leftovers, Duration age, Clock clock) {
        this.leftovers = leftovers;
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
        try {
            long forgotten = leftovers.takeAway(clock.instant().minus(age));
            if (forgotten > 0) {
                LOG.info(
                        "took the personal data of {} orders away that are older than {} days",
                        forgotten,
                        age.toDays());
            }
        } catch (IOException | LedgerUnavailable e) {
            LOG.warn(
                    "personal data cannot be taken away, it is tried again: {}",
                    e.getClass().getSimpleName());
        }
    }
}
