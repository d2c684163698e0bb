package io.waybill.route;

import io.waybill.order.Outcome;

/** Is told what happens, for metrics and for people who watch. All methods are cheap and do not throw. */
public interface Tally {

    /** A call to a carrier came to this end. */
    void called(String carrier, Outcome outcome);

    /** An order came to rest: {@code completed}, {@code waiting}, {@code in-doubt} or {@code dead-letter}. */
    void settled(Settled settled);

    /** The same order with the same content came again. */
    void duplicate();

    /** A carrier told a state or a tracking event by a code that its table does not know; the raw code stands in the shipment. */
    default void unknownCode(String carrier) {
        // for those who count
    }

    /**
     * What a person wants to see of an order that came to rest.
     *
     * @param order the order as text, see {@code OrderKey.text()}
     * @param state where it rests
     * @param carrier may be null
     * @param shipment the answer as JSON, null where there is none
     * @param reason why it is not completed, null where it is
     */
    record Settled(String order, String state, String carrier, String shipment, String reason) {}
}
