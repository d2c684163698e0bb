package io.waybill.operate;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.ledger.CarrierState;
import io.waybill.ledger.Pauses;
import java.util.List;
import java.util.Set;

/**
 * Counters of orders and carrier calls for {@code /observe/metrics}.
 *
 * <ul>
 *   <li>{@code waybill_orders_total{carrier,state}}: orders that reached the state
 *   <li>{@code waybill_calls_total{carrier,outcome}}: calls to carriers by what is known about them
 *   <li>{@code waybill_unknown_codes_total{carrier}}: states and tracking events whose code no table knows
 *   <li>{@code waybill_duplicates_total}: orders that were taken in again
 *   <li>{@code waybill_carrier_state{carrier,state}}: 1 for the state that a carrier is in, else 0
 * </ul>
 *
 * <p>Every known combination is there with 0 from the start. A word that is not known counts as {@code other}: labels
 * never grow with the input, and a counter never stops an order.
 */
public final class OrderMetrics {

    /** States that end an order, or in which it waits for a carrier or an operator. */
    public static final Set<String> STATES = Set.of("completed", "cancelled", "dead-letter", "waiting", "in-doubt");

    /** What is known after a call, see {@code io.waybill.order.Outcome}. */
    public static final Set<String> OUTCOMES = Set.of("confirmed", "rejected", "not-sent", "throttled", "in-doubt");

    private static final String OTHER = "other";

    private final MeterRegistry meters;
    private final Set<String> carriers;

    OrderMetrics(MeterRegistry meters, Set<String> carriers) {
        this.meters = meters;
        this.carriers = Set.copyOf(carriers);
        for (String carrier : carriers) {
            STATES.forEach(state -> count(carrier, "orders", "state", state, 0));
            OUTCOMES.forEach(outcome -> count(carrier, "calls", "outcome", outcome, 0));
            unknownCodes(carrier, 0);
        }
        duplicates(0);
    }

    /** Shows the states of the carriers; nobody is asked for them but the memory. */
    public void carriers(Pauses pauses) {
        for (String carrier : carriers) {
            for (String state : List.of(CarrierState.WORKING, CarrierState.PAUSED, CarrierState.BY_HAND)) {
                Gauge.builder(
                                "waybill.carrier.state",
                                () -> pauses.state(carrier).state().equals(state) ? 1 : 0)
                        .tag("carrier", carrier)
                        .tag("state", state)
                        .register(meters);
            }
        }
    }

    /** An order reached one of the {@link #STATES}. */
    public void settled(String carrier, String state) {
        count(known(carriers, carrier), "orders", "state", known(STATES, state), 1);
    }

    /** A call to a carrier ended with one of the {@link #OUTCOMES}. */
    public void called(String carrier, String outcome) {
        count(known(carriers, carrier), "calls", "outcome", known(OUTCOMES, outcome), 1);
    }

    /** An order was taken in that had been taken in before. */
    public void duplicate() {
        duplicates(1);
    }

    /** A carrier used a code that its table does not know. */
    public void unknownCode(String carrier) {
        unknownCodes(known(carriers, carrier), 1);
    }

    private void unknownCodes(String carrier, double amount) {
        meters.counter("waybill.unknown.codes", "carrier", carrier).increment(amount);
    }

    private void duplicates(double amount) {
        meters.counter("waybill.duplicates").increment(amount);
    }

    private void count(String carrier, String what, String label, String word, double amount) {
        meters.counter("waybill." + what, "carrier", carrier, label, word).increment(amount);
    }

    private static String known(Set<String> words, String word) {
        return word != null && words.contains(word) ? word : OTHER;
    }
}
