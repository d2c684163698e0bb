package io.waybill.route;

import io.waybill.ledger.CarrierState;

/** An order was not let out, since its carrier is paused; it is no failure, so it has no stack. */
final class CarrierPaused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CarrierPaused(CarrierState pause) {
        super(pause.words(), null, false, false);
    }
}
