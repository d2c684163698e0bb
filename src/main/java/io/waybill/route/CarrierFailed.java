package io.waybill.route;

import io.waybill.order.Outcome;

/** A call did not end with a confirmation; the outcome says what is known. */
final class CarrierFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;
    private final int status;

    CarrierFailed(Outcome outcome, int status) {
        super("the carrier answered " + status + ", " + outcome.getClass().getSimpleName());
        this.outcome = outcome;
        this.status = status;
    }

    Outcome outcome() {
        return outcome;
    }

    int status() {
        return status;
    }
}
