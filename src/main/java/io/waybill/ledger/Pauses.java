package io.waybill.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.waybill.order.OrderKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which carriers are paused, the same for all nodes on one database and after every restart.
 *
 * <ol>
 *   <li>A change is made by compare-and-set on the carrier's version; a pause and a resumption leave a row in {@code
 *       carrier_history} with the same commit.
 *   <li>Nodes learn of each other's changes with every look for due orders. In between they ask their memory, so that an
 *       order costs no query.
 *   <li>An order of a paused carrier carries the {@link #mark} of the carrier as its owner: it is not due, and it keeps its
 *       place by its acceptance.
 *   <li>When the time has come, one node becomes the prober and tries the oldest of these orders. It stays the prober until
 *       it says how that ended, or is dead.
 * </ol>
 */
public final class Pauses {

    private static final Logger LOG = LoggerFactory.getLogger(Pauses.class);
    private static final String MARK = "paused/";
    private static final int LONGEST_REASON = 500;
    private static final int LONGEST_NAME = 100;

    private final GroupCommit commits;
    private final Queries queries;
    private final Nodes nodes;
    private final Clock clock;
    private final Map<String, OrderKey> probing = new ConcurrentHashMap<>();
    private final Map<String, OrderKey> avoided = new ConcurrentHashMap<>();
    private volatile Map<String, CarrierState> states = Map.of();

    Pauses(GroupCommit commits, Queries queries, Nodes nodes, Clock clock) {
        this.commits = commits;
        this.queries = queries;
        this.nodes = nodes;
        this.clock = clock;
    }

    /** What is known of a carrier; asks nobody. */
    public CarrierState state(String carrier) {
        CarrierState known = states.get(carrier);
        return known == null ? CarrierState.unknown(carrier) : known;
    }

    /** The pause of a carrier, empty if it works; asks nobody. */
    public Optional<CarrierState> paused(String carrier) {
        return Optional.ofNullable(states.get(carrier)).filter(CarrierState::isPaused);
    }

    /** Whether this order is the one that may be tried although its carrier is paused. */
    public boolean probes(OrderKey key) {
        return !probing.isEmpty() && probing.containsValue(key);
    }

    /** Pauses a carrier that does not do its work, until a probe succeeds; does nothing if it is paused. */
    public synchronized void pause(String carrier, String reason, Duration firstProbe) {
        CarrierState before = state(carrier);
        if (!before.isPaused()) {
            Instant now = now();
            change(
                    before,
                    before.changed(
                            CarrierState.PAUSED,
                            now,
                            clean(reason, LONGEST_REASON),
                            nodes.name(),
                            now.plus(firstProbe)));
        }
    }

    /**
     * Pauses a carrier by hand; nothing goes out to it until somebody resumes it.
     *
     * @throws IllegalArgumentException without who or why
     * @throws IllegalStateException if somebody did so before
     */
    public synchronized void pauseByHand(String carrier, String who, String reason) {
        byHand(carrier, CarrierState.BY_HAND, who, reason);
    }

    /**
     * The same for all of these that nobody paused by hand before.
     *
     * @throws IllegalArgumentException without who or why
     */
    public synchronized void pauseByHand(Collection<String> carriers, String who, String reason) {
        refresh();
        carriers.stream()
                .filter(carrier -> !state(carrier).state().equals(CarrierState.BY_HAND))
                .forEach(carrier -> pauseByHand(carrier, who, reason));
    }

    /**
     * Lets a carrier work again, whoever paused it.
     *
     * @throws IllegalArgumentException without who or why
     * @throws IllegalStateException if it is not paused
     */
    public synchronized void resumeByHand(String carrier, String who, String reason) {
        byHand(carrier, CarrierState.WORKING, who, reason);
    }

    /** The carrier answered a probe: it works again. */
    public synchronized void answered(OrderKey probe) {
        ofProbe(probe).ifPresent(before -> {
            avoided.remove(before.carrier());
            change(before, before.changed(CarrierState.WORKING, now(), "it answers again", nodes.name(), null));
        });
    }

    /**
     * A probe failed.
     *
     * @param next how long to wait until the next one
     * @param another whether that shall rather be an order of another account, or at least another one
     */
    public synchronized void failed(OrderKey probe, Duration next, boolean another) {
        ofProbe(probe).ifPresent(before -> {
            avoided.remove(before.carrier());
            if (another) {
                avoided.put(before.carrier(), probe);
            }
            probing.remove(before.carrier());
            change(before, before.probedInVain(now().plus(next)));
        });
    }

    /** The mark of the orders that wait for this carrier; unlike a node's it has no incarnation. */
    static String mark(String carrier) {
        return MARK + carrier;
    }

    static boolean isMark(String owner) {
        return owner.startsWith(MARK) && owner.indexOf('#') < 0;
    }

    static String because(String reason) {
        return JsonNodeFactory.instance.objectNode().put("reason", reason).toString();
    }

    /** Lets every node look for orders that wait for this carrier, although it was never paused. */
    void know(String carrier) {
        if (states.get(carrier) == null) {
            begin(carrier);
        }
    }

    private synchronized void begin(String carrier) {
        CarrierState before = state(carrier);
        if (before.version() == 0) {
            change(before, before.changed(CarrierState.WORKING, now(), "", "", null));
        }
    }

    /** Every carrier that was ever paused, or could not keep up. */
    public Collection<CarrierState> all() {
        return states.values();
    }

    /** Learns what other nodes changed. */
    synchronized void refresh() {
        Map<String, CarrierState> read = new TreeMap<>();
        queries.carrierStates().forEach(state -> read.put(state.carrier(), state));
        Map<String, CarrierState> before = states;
        states = read;
        read.values().forEach(state -> tell(before.get(state.carrier()), state));
    }

    /** Makes this node the prober, if the time has come, nobody else is, and there is an order to try. */
    synchronized Optional<Stored> probe(CarrierState carrier) {
        if (!mayProbe(carrier)) {
            return Optional.empty();
        }
        Optional<Stored> oldest = candidate(carrier);
        if (oldest.isPresent() && change(carrier, carrier.probedBy(nodes.token()))) {
            probing.put(carrier.carrier(), oldest.get().key());
            return oldest;
        }
        return Optional.empty();
    }

    /** Makes an order that is followed up the probe of its paused carrier, if the time has come and nobody else is. */
    public synchronized boolean becomeProbe(String carrier, OrderKey key) {
        CarrierState state = state(carrier);
        if (mayProbe(state) && change(state, state.probedBy(nodes.token()))) {
            probing.put(carrier, key);
        }
        return probes(key);
    }

    private boolean mayProbe(CarrierState carrier) {
        boolean due = carrier.state().equals(CarrierState.PAUSED)
                && !carrier.probeAt().isAfter(now())
                && !probing.containsKey(carrier.carrier());
        return due && (carrier.prober() == null || mine(carrier) || !nodes.alive(carrier.prober()));
    }

    /** Forgets the probes that this node no longer works on; those of which nothing was said may follow at once. */
    void forget(Predicate<OrderKey> ended) {
        probing.values().removeIf(ended);
    }

    private Optional<Stored> candidate(CarrierState carrier) {
        OrderKey avoid = avoided.get(carrier.carrier());
        String mark = mark(carrier.carrier());
        List<Stored> oldest = avoid == null
                ? queries.due().parked(mark, now(), 1)
                : queries.due().parked(mark, now(), 2, avoid.account());
        return oldest.stream()
                .filter(stored -> !stored.key().equals(avoid))
                .findFirst()
                .or(() -> oldest.stream().findFirst());
    }

    private boolean mine(CarrierState carrier) {
        return nodes.token().equals(carrier.prober());
    }

    /** The state of the carrier that this order probes, if this node still is its prober. */
    private Optional<CarrierState> ofProbe(OrderKey probe) {
        return probing.entrySet().stream()
                .filter(each -> each.getValue().equals(probe))
                .map(each -> state(each.getKey()))
                .filter(state -> state.state().equals(CarrierState.PAUSED) && mine(state))
                .findFirst();
    }

    private void byHand(String carrier, String to, String who, String reason) {
        if (reason == null || reason.isBlank() || who == null || who.isBlank()) {
            throw new IllegalArgumentException("carrier " + carrier + ": a reason is needed; it stays in the history");
        }
        refresh();
        CarrierState before = state(carrier);
        if (before.state().equals(to)) {
            throw new IllegalStateException(before.words() + "; nothing was changed");
        }
        if (!change(before, before.changed(to, now(), clean(reason, LONGEST_REASON), clean(who, LONGEST_NAME), null))) {
            throw new IllegalStateException("carrier " + carrier + ": somebody changed it at the same moment; "
                    + state(carrier).words());
        }
    }

    private boolean change(CarrierState before, CarrierState after) {
        List<Sql> effects = before.state().equals(after.state()) ? List.of() : List.of(CarrierRows.history(after));
        Sql guard = before.version() == 0 ? CarrierRows.insert(after) : CarrierRows.update(before, after);
        boolean held = GroupCommit.await(commits.submit(new Write(mark(after.carrier()), guard, effects)));
        refresh();
        return held;
    }

    private static void tell(CarrierState before, CarrierState now) {
        boolean was = before != null && before.isPaused();
        if (now.isPaused() && (!was || !before.state().equals(now.state()))) {
            LOG.warn("{}: {}", now.words(), now.reason());
        } else if (was && !now.isPaused()) {
            LOG.info("carrier {} goes on, by {}: {}", now.carrier(), now.actor(), now.reason());
        }
    }

    private static String clean(String text, int longest) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cs}\\u2028\\u2029]+", " ").strip();
        return line.length() > longest ? line.substring(0, longest) : line;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
