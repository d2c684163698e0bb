package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many orders of each carrier queue on this node, so that one that is slower than its orders come leaves hands to the others.
 *
 * <ol>
 *   <li>A carrier that keeps up is never held back, however many of its orders there are: see {@link Lane}.
 *   <li>What does not get in waits in the ledger under the carrier's {@linkplain Pauses#mark mark}, by its acceptance; {@link
 *       Parked} calls it back when there is room, before orders that came later.
 * </ol>
 */
public final class Bulkheads {

    private static final Logger LOG = LoggerFactory.getLogger(Bulkheads.class);

    /** Of the hands of a node, so small a part may always queue for a carrier, whatever it did lately. */
    private static final int LEAST = 16;

    private final int least;
    private final Clock clock;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<OrderKey, Lane> queued = new ConcurrentHashMap<>();
    private final Set<OrderKey> called = ConcurrentHashMap.newKeySet();

    Bulkheads(int mostClaims, Clock clock) {
        this.least = Math.max(1, mostClaims / LEAST);
        this.clock = clock;
    }

    /**
     * Lets an order queue for its carrier, if there is room for it there, or for it only.
     *
     * @return false if it has to wait in the ledger
     */
    public boolean admit(OrderKey key, String carrier) {
        Lane lane = lane(carrier);
        boolean mayPass = called.remove(key);
        long now = clock.millis();
        if (!mayPass && lane.isFull(now)) {
            if (lane.overflow()) {
                LOG.info("carrier {} takes fewer orders than come; the rest waits in the ledger", carrier);
            }
            return false;
        }
        enter(key, lane, now);
        return true;
    }

    /** An order queues for its carrier, whether there is room or not. */
    public void enter(OrderKey key, String carrier) {
        enter(key, lane(carrier), clock.millis());
    }

    private void enter(OrderKey key, Lane lane, long now) {
        if (queued.put(key, lane) == null) {
            lane.entered(now);
        }
    }

    /** It was an order's turn. */
    public void left(OrderKey key) {
        Lane lane = queued.remove(key);
        if (lane != null) {
            lane.left(clock.millis(), true);
        }
    }

    /** An order is let go; it may have been in a queue. */
    void gone(OrderKey key) {
        Lane lane = queued.remove(key);
        if (lane != null) {
            lane.left(clock.millis(), false);
        }
    }

    /** How many orders may be called back into the queue of this carrier, so that at most so many are in it. */
    int room(String carrier, int share) {
        return lane(carrier).room(clock.millis(), share);
    }

    /** These were found in the ledger and called back: each gets in once, before what came later. */
    void call(String carrier, Collection<Stored> back) {
        if (back.isEmpty()) {
            lane(carrier).drained(clock.millis());
        } else {
            back.forEach(stored -> called.add(stored.key()));
            lane(carrier).overflow();
        }
    }

    /** Forgets the calls that did not bring an order to this node. */
    void forget(Predicate<OrderKey> ended) {
        called.removeIf(ended);
    }

    private Lane lane(String carrier) {
        return lanes.computeIfAbsent(carrier, name -> new Lane(least));
    }
}
