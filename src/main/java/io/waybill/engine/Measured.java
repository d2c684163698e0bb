package io.waybill.engine;

import io.waybill.order.Outcome;
import io.waybill.route.Tally;
import io.waybill.watch.OrderMetrics;
import java.time.Duration;

/** Counts what happens for {@code /observe/metrics}. */
record Measured(OrderMetrics metrics) implements Tally {

    @Override
    public void called(String carrier, Outcome outcome) {
        metrics.called(carrier, word(outcome));
    }

    @Override
    public void took(String carrier, Duration time) {
        metrics.took(carrier, time);
    }

    @Override
    public void settled(Settled settled) {
        metrics.settled(settled.carrier(), settled.state());
    }

    @Override
    public void unknownCode(String carrier) {
        metrics.unknownCode(carrier);
    }

    @Override
    public void duplicate() {
        metrics.duplicate();
    }

    @Override
    public void pushed(String carrier, String what) {
        metrics.pushed(carrier, what);
    }

    private static String word(Outcome outcome) {
        if (outcome instanceof Outcome.Confirmed) {
            return "confirmed";
        }
        if (outcome instanceof Outcome.Rejected) {
            return "rejected";
        }
        if (outcome instanceof Outcome.NotSent) {
            return "not-sent";
        }
        return outcome instanceof Outcome.Throttled ? "throttled" : "in-doubt";
    }
}
