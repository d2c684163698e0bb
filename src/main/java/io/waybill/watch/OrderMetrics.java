package io.waybill.watch;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.waybill.ledger.CarrierState;
import io.waybill.ledger.Pauses;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Counters of orders and carrier calls for {@code /observe/metrics}.
 *
 * <ul>
 *   <li>{@code waybill_orders_total{carrier,state}}: orders that reached the state
 *   <li>{@code waybill_calls_total{carrier,outcome}}: calls to carriers by what is known about them
 *   <li>{@code waybill_unknown_codes_total{carrier}}: codes of a status that the carrier's table does not know
 *   <li>{@code waybill_duplicates_total}: orders that were taken in again
 *   <li>{@code waybill_pushes_total{carrier,outcome}}: pushes of carriers, and their entries, by what became of them
 *   <li>{@code waybill_carrier_state{carrier,state}}: 1 for the state that a carrier is in, else 0
 *   <li>{@code waybill_call_seconds_bucket{carrier,le}}, with {@code _sum} and {@code _count}: how long calls take
 *   <li>{@code waybill_in_flight{carrier}}: orders that this node works on for a carrier, those that queue included
 *   <li>{@code waybill_ledger_orders{state}}, {@code waybill_ledger_cancellations_in_doubt}, {@code
 *       waybill_ledger_oldest_seconds{state}}, {@code waybill_ledger_dead_letters{cause}}, {@code
 *       waybill_ledger_dead_letters_last_hour}: what lies in the ledger, all nodes together, as it was {@code
 *       waybill_ledger_seen_seconds} ago
 *   <li>{@code waybill_disk_free_megabytes{folder}}: the room for what is written
 * </ul>
 *
 * <p>Every known combination is there with 0 from the start. A word that is not known counts as {@code other}: labels
 * never grow with the input, and a counter never stops an order.
 */
public final class OrderMetrics {

    /** States that end an order, or in which it waits for a carrier or an operator. */
    public static final Set<String> STATES =
            Set.of("completed", "awaiting", "cancelled", "dead-letter", "waiting", "in-doubt");

    /** What is known after a call, see {@code io.waybill.order.Outcome}. */
    public static final Set<String> OUTCOMES = Set.of("confirmed", "rejected", "not-sent", "throttled", "in-doubt");

    /** Why orders die, see the README. */
    public static final Set<String> CAUSES = Set.of(
            "unreadable",
            "invalid",
            "conflict",
            "no-rule",
            "unmappable",
            "rejected",
            "expired",
            "label-refused",
            "unknown-carrier",
            "carrier-off",
            "set-aside",
            "abandoned",
            "reference",
            "poison",
            "unknown-order",
            "order-busy",
            "not-handled",
            "failed");

    private static final Set<String> RESTING =
            Set.of("accepted", "sent", "booked", "waiting", "awaiting", "in-doubt", "dead-letter");
    private static final Duration[] BOUNDS = Stream.of(20, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);
    /** What becomes of pushes and their entries. */
    public static final Set<String> PUSHES = Set.of("stored", "repeated", "refused", "put-off", "applied", "aside");

    private static final String OTHER = "other";

    private final MeterRegistry meters;
    private final Latencies latencies = new Latencies();
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();
    private final Set<String> carriers;

    public OrderMetrics(MeterRegistry meters, Set<String> carriers) {
        this.meters = meters;
        this.carriers = Set.copyOf(carriers);
        for (String carrier : carriers) {
            STATES.forEach(state -> count(carrier, "orders", "state", state, 0));
            OUTCOMES.forEach(outcome -> count(carrier, "calls", "outcome", outcome, 0));
            timer(carrier);
            PUSHES.forEach(what -> count(carrier, "pushes", "outcome", what, 0));
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

    /** Shows how many orders this node works on for each carrier. */
    public void working(ToIntFunction<String> orders) {
        carriers.forEach(carrier -> gauge("waybill.in.flight", "carrier", carrier, () -> orders.applyAsInt(carrier)));
    }

    /** Shows what the last look at the ledger saw, and the room on the disks. */
    public void watched(Watch watch) {
        RESTING.forEach(state -> gauge("waybill.ledger.orders", "state", state, () -> watch.figures()
                .orders()
                .getOrDefault(state, 0L)));
        for (String state : List.of("waiting", "in-doubt")) {
            gauge("waybill.ledger.oldest.seconds", "state", state, () -> watch.oldest(state)
                    .toSeconds());
        }
        Gauge.builder("waybill.ledger.cancellations.in.doubt", () -> watch.figures()
                        .voidsInDoubt())
                .register(meters);
        CAUSES.forEach(cause -> gauge("waybill.ledger.dead.letters", "cause", cause, () -> watch.figures()
                .deadLetters()
                .getOrDefault(cause, 0L)));
        gauge(
                "waybill.ledger.dead.letters",
                "cause",
                OTHER,
                () -> others(watch.figures().deadLetters()));
        Gauge.builder("waybill.ledger.dead.letters.last.hour", () -> watch.figures()
                        .deadLastHour())
                .register(meters);
        Gauge.builder("waybill.ledger.seen.seconds", () -> watch.age().toSeconds())
                .register(meters);
        watch.limits()
                .folders()
                .forEach(folder -> gauge(
                        "waybill.disk.free.megabytes",
                        "folder",
                        folder.getFileName().toString(),
                        () -> RoomOnDisk.room(folder)));
    }

    private static long others(Map<String, Long> causes) {
        return causes.entrySet().stream()
                .filter(cause -> !CAUSES.contains(cause.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private void gauge(String name, String label, String word, Supplier<Number> value) {
        Gauge.builder(name, value).tag(label, word).register(meters);
    }

    public Set<String> carriers() {
        return carriers;
    }

    /** How many calls to a carrier had each outcome. */
    public Map<String, Long> outcomes(String carrier) {
        Map<String, Long> outcomes = new TreeMap<>();
        OUTCOMES.forEach(outcome -> outcomes.put(
                outcome,
                Math.round(meters.counter("waybill.calls", "carrier", carrier, "outcome", outcome)
                        .count())));
        return outcomes;
    }

    /** Quantiles of the calls of late, in milliseconds. */
    public Map<String, Long> latency(String carrier) {
        return latencies.quantiles(carrier);
    }

    /** How many calls there were in the last full minute. */
    public long lastMinute(String carrier) {
        return latencies.lastMinute(carrier);
    }

    /** An order reached one of the {@link #STATES}. */
    public void settled(String carrier, String state) {
        count(known(carriers, carrier), "orders", "state", known(STATES, state), 1);
    }

    /** A call to a carrier ended with one of the {@link #OUTCOMES}. */
    public void called(String carrier, String outcome) {
        count(known(carriers, carrier), "calls", "outcome", known(OUTCOMES, outcome), 1);
    }

    /** A call to a carrier took so long. */
    public void took(String carrier, Duration time) {
        timer(known(carriers, carrier)).record(time);
        latencies.took(known(carriers, carrier), time);
    }

    private Timer timer(String carrier) {
        return timers.computeIfAbsent(carrier, id -> Timer.builder("waybill.call")
                .tag("carrier", id)
                .serviceLevelObjectives(BOUNDS)
                .register(meters));
    }

    /** A carrier named a status by a code that its table does not know; which, the log and the order say. */
    public void unknownCode(String carrier) {
        unknownCodes(known(carriers, carrier), 1);
    }

    private void unknownCodes(String carrier, double amount) {
        meters.counter("waybill.unknown.codes", "carrier", carrier).increment(amount);
    }

    /** An order was taken in that had been taken in before. */
    public void duplicate() {
        duplicates(1);
    }

    /** One of the {@link #PUSHES} became of a push or an entry. */
    public void pushed(String carrier, String what) {
        count(known(carriers, carrier), "pushes", "outcome", known(PUSHES, what), 1);
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
