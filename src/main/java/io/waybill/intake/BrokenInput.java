package io.waybill.intake;

/** The input is no JSON from here on, so that nothing behind this place can be trusted. */
final class BrokenInput extends Exception {

    private final transient Place place;

    BrokenInput(Place place, String problem) {
        super(problem, null, false, false);
        this.place = place;
    }

    Place place() {
        return place;
    }
}
