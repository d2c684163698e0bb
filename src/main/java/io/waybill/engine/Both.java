package io.waybill.engine;

import io.waybill.order.Outcome;
import io.waybill.route.Tally;
import java.time.Duration;

/** Tells two who want to know. */
record Both(Tally first, Tally second) implements Tally {

    @Override
    public void called(String carrier, Outcome outcome) {
        first.called(carrier, outcome);
        second.called(carrier, outcome);
    }

    @Override
    public void took(String carrier, Duration time) {
        first.took(carrier, time);
        second.took(carrier, time);
    }

    @Override
    public void settled(Settled settled) {
        first.settled(settled);
        second.settled(settled);
    }

    @Override
    public void unknownCode(String carrier) {
        first.unknownCode(carrier);
        second.unknownCode(carrier);
    }

    @Override
    public void duplicate() {
        first.duplicate();
        second.duplicate();
    }

    @Override
    public void pushed(String carrier, String what) {
        first.pushed(carrier, what);
        second.pushed(carrier, what);
    }
}
