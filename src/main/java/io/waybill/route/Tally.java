package io.waybill.route;

import io.waybill.order.Outcome;
import java.time.Duration;

/** Is told what happens, for metrics and for people who watch. All methods are cheap and do not throw. */
public interface Tally {

    /** A call to a carrier came to this end. */
    void called(String carrier, Outcome outcome);

    /** A call to a carrier took so long, from the first byte of the request to the last of its answer or to its failure. */
    default void took(String carrier, Duration time) {
        // few want to know
    }

    /**
     * An order came to rest: {@code completed}, {@code awaiting}, {@code waiting}, {@code in-doubt}, {@code dead-letter} or
     * {@code cancelled}.
     */
    void settled(Settled settled);

    /** A carrier named a status by a code that its table does not know. */
    default void unknownCode(String carrier) {
        // who does not count them need not know
    }

    /** The same order with the same content came again. */
    void duplicate();

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
