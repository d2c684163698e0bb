package io.waybill.watch;

import io.waybill.ledger.CarrierState;
import io.waybill.ledger.Pauses;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Always up: a carrier that is paused stops neither this process nor the other carriers. It says {@code degraded} and names
 * the paused ones.
 */
final class PausedCarriers extends AbstractHealthCheck {

    static final String ID = "carriers";

    PausedCarriers() {
        super("waybill", ID);
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Pauses pauses = getCamelContext().getRegistry().findSingleByType(Pauses.class);
        if (pauses != null) {
            List<CarrierState> paused =
                    pauses.all().stream().filter(CarrierState::isPaused).toList();
            paused.forEach(state -> builder.detail(state.carrier(), state.state()));
            if (!paused.isEmpty()) {
                builder.message(paused.stream()
                        .map(state -> state.words() + ": " + state.reason())
                        .collect(Collectors.joining("; ", "degraded: ", "")));
            }
        }
        builder.up();
    }
}
