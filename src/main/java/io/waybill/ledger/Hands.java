package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * The orders that this node works on, at most so many at once.
 *
 * <ol>
 *   <li>{@link #reach} takes a free hand before the database is asked for an order.
 *   <li>{@link #hold} or {@link #miss} says how that ended.
 *   <li>{@link #release} frees the hand. An order that the database still calls this node's, and that is neither held nor
 *       reached for, was lost sight of: {@link Ledger#recover} gives it back.
 * </ol>
 */
final class Hands {

    private final Semaphore free;
    private final Map<OrderKey, Claim> claims = new ConcurrentHashMap<>();
    private final Map<OrderKey, Integer> reaching = new ConcurrentHashMap<>();

    Hands(int most) {
        this.free = new Semaphore(most);
    }

    /** Takes a hand, if one is free and the order is not held. */
    boolean reach(OrderKey key) {
        if (claims.containsKey(key) || !free.tryAcquire()) {
            return false;
        }
        reaching.merge(key, 1, Integer::sum);
        return true;
    }

    /** The order did not become ours. */
    void miss(OrderKey key) {
        reached(key);
        free.release();
    }

    /** The order is ours from now on. */
    Claim hold(Claim claim) {
        if (claims.put(claim.key(), claim) != null) {
            free.release();
        }
        reached(claim.key());
        return claim;
    }

    void release(Claim claim) {
        if (claims.remove(claim.key(), claim)) {
            free.release();
        }
    }

    /** Whether the order is held or may be so in a moment. */
    boolean has(OrderKey key) {
        // in this order: between the two, an order moves from the first to the second
        return reaching.containsKey(key) || claims.containsKey(key);
    }

    Optional<Claim> claim(OrderKey key) {
        return Optional.ofNullable(claims.get(key));
    }

    /** How many of the orders that are held go to this carrier. */
    int holding(String carrier) {
        return (int) claims.values().stream()
                .filter(claim -> carrier.equals(claim.carrier()))
                .count();
    }

    /** Whether an order is held that may be the one that processes die with. */
    boolean holdsSuspect() {
        return claims.values().stream().anyMatch(claim -> claim.lives() >= Claim.SUSPECT);
    }

    /** How many of the orders that are held are only followed up. */
    int following() {
        return (int) claims.values().stream().filter(Claim::follows).count();
    }

    int free() {
        return free.availablePermits();
    }

    private void reached(OrderKey key) {
        reaching.computeIfPresent(key, (same, times) -> times == 1 ? null : times - 1);
    }
}
