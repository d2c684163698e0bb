package io.waybill.watch;

import io.waybill.ledger.Figures;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.ledger.Queries;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the ledger now and then, so that health and metrics can be asked for at any rate without a query.
 *
 * <p>While the database is away the last look stands; {@link #age} says how old it is.
 */
public final class Watch implements AutoCloseable {

    /**
     * What is looked at, and where it begins to be too much; 0 never does.
     *
     * @param every how often the ledger is looked at
     * @param folders whose disks need room
     * @param roomMb the least room on each disk, in MB
     * @param inDoubt how long an order or its void may be in doubt
     * @param deadAnHour how many orders may die within an hour
     */
    public record Limits(Duration every, List<Path> folders, long roomMb, Duration inDoubt, long deadAnHour) {}

    private final Queries queries;
    private final Limits limits;
    private final Clock clock;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "waybill-watch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Figures figures = Figures.NONE;

    private Watch(Queries queries, Limits limits, Clock clock) {
        this.queries = queries;
        this.limits = limits;
        this.clock = clock;
    }

    /** Begins to look. */
    public static Watch over(Queries queries, Limits limits, Clock clock) {
        Watch watch = new Watch(queries, limits, clock);
        watch.looks.scheduleWithFixedDelay(watch::look, 0, limits.every().toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    Limits limits() {
        return limits;
    }

    public Figures figures() {
        return figures;
    }

    /** How old the last look is; zero before the first. */
    Duration age() {
        return since(figures.at());
    }

    /** How long the oldest order is in this state, or the oldest void in doubt; zero if there is none. */
    public Duration oldest(String state) {
        return since(figures.oldest().get(state));
    }

    private Duration since(Instant at) {
        Duration age = at == null ? Duration.ZERO : Duration.between(at, clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    private void look() {
        try {
            figures = queries.figures(clock.instant());
        } catch (LedgerUnavailable away) {
            // the database check tells it; the next look tries again
        }
    }

    @Override
    public void close() {
        // not interrupted: an interrupt in the middle of a read closes an H2 file
        looks.shutdown();
    }
}
