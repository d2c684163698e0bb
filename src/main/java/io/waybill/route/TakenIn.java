package io.waybill.route;

import java.util.BitSet;
import org.apache.camel.Exchange;

/**
 * The documents of an input that are durable and answered, by their numbers, and those that came before.
 *
 * <p>A message keeps them while it is tried again, so that what is known of it is counted and answered once, and not with each
 * trial. A process that dies forgets them.
 */
final class TakenIn {

    private static final String VARIABLE = "takenIn";

    private final BitSet numbers = new BitSet();
    private final BitSet known = new BitSet();

    /** Those of a message, the same in each trial. */
    static TakenIn of(Exchange exchange) {
        TakenIn known = exchange.getVariable(VARIABLE, TakenIn.class);
        if (known == null) {
            known = new TakenIn();
            exchange.setVariable(VARIABLE, known);
        }
        return known;
    }

    synchronized boolean has(int number) {
        return numbers.get(number);
    }

    synchronized void add(int number) {
        numbers.set(number);
    }

    /** Whether the ledger counted it as one that came again. */
    synchronized boolean isKnown(int number) {
        return known.get(number);
    }

    synchronized void know(int number) {
        known.set(number);
    }
}
