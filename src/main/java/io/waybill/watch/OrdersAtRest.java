package io.waybill.watch;

import io.waybill.ledger.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Always up, since a restart mends no order: says {@code degraded} while an order or a cancellation is in doubt for too long,
 * or too many orders died within the hour.
 */
final class OrdersAtRest extends AbstractHealthCheck {

    static final String ID = "orders";

    OrdersAtRest() {
        super("waybill", ID);
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Watch watch = getCamelContext().getRegistry().findSingleByType(Watch.class);
        if (watch != null) {
            List<String> faults = faults(watch);
            builder.detail("in-doubt", watch.figures().orders().getOrDefault("in-doubt", 0L));
            builder.detail("cancel-in-doubt", watch.figures().voidsInDoubt());
            builder.detail("in-doubt.seconds", watch.oldest("in-doubt").toSeconds());
            builder.detail("dead.last-hour", watch.figures().deadLastHour());
            if (!faults.isEmpty()) {
                builder.message("degraded: " + String.join("; ", faults));
            }
        }
        builder.up();
    }

    private static List<String> faults(Watch watch) {
        List<String> faults = new ArrayList<>();
        Figures figures = watch.figures();
        Watch.Limits limits = watch.limits();
        Duration doubt = watch.oldest("in-doubt");
        if (!limits.inDoubt().isZero() && doubt.compareTo(limits.inDoubt()) > 0) {
            faults.add("an order or a cancellation is in doubt for %d minutes, expected at most %d"
                    .formatted(doubt.toMinutes(), limits.inDoubt().toMinutes()));
        }
        if (limits.deadAnHour() > 0 && figures.deadLastHour() > limits.deadAnHour()) {
            faults.add("%d orders died within an hour, expected at most %d"
                    .formatted(figures.deadLastHour(), limits.deadAnHour()));
        }
        return faults;
    }
}
