package io.waybill.intake;

/** Takes down what is wrong with a value that can still be read to its end. */
@FunctionalInterface
interface Note {

    void fault(Place place, String problem);
}
