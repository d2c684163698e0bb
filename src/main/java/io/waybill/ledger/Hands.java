package io.waybill.ledger;

import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import io.waybill.order.Room;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/**
 * The orders that this node works on, at most so many at once, and of so many characters together.
 *
 * <ol>
 *   <li>{@link #reach} takes a free hand, and room for an order, before the database is asked for it. Orders that come in
 *       leave a part of the hands and of the room to what is due, so that however many come, what waits goes on, and there is
 *       room for the largest one too.
 *   <li>{@link #hold} or {@link #miss} says how that ended.
 *   <li>{@link #release} frees the hand. An order that the database still calls this node's, and that is neither held nor
 *       reached for, was lost sight of: {@link Ledger#recover} gives it back.
 * </ol>
 */
final class Hands {

    private static final int LEFT_TO_DUE = 4;
    private static final int HANDS_LEFT_TO_DUE = 8;

    private final Semaphore free;
    private final int leftToDue;
    private final Room room;
    private final Map<OrderKey, Claim> claims = new ConcurrentHashMap<>();
    private final Map<OrderKey, Integer> reaching = new ConcurrentHashMap<>();

    Hands(int most, Room room) {
        this.free = new Semaphore(most);
        this.leftToDue = most / HANDS_LEFT_TO_DUE;
        this.room = room;
    }

    /** Takes a hand for an order that came in, if one is free and the order is not held. */
    boolean reach(Order order) {
        return free.availablePermits() > leftToDue
                && reach(order.key(), order.raw().length(), LEFT_TO_DUE);
    }

    /** Takes a hand for an order of the ledger that has so many characters, if one is free and the order is not held. */
    boolean reach(OrderKey key, int characters) {
        return reach(key, characters, 0);
    }

    private boolean reach(OrderKey key, int characters, int left) {
        if (claims.containsKey(key) || !free.tryAcquire()) {
            return false;
        }
        if (!room.take(characters, left)) {
            free.release();
            return false;
        }
        reaching.merge(key, 1, Integer::sum);
        return true;
    }

    /** The order did not become ours. */
    void miss(OrderKey key, int characters) {
        reached(key);
        free(characters);
    }

    /** The order is ours from now on. */
    Claim hold(Claim claim) {
        Claim former = claims.put(claim.key(), claim);
        if (former != null) {
            free(former.order().raw().length());
        }
        reached(claim.key());
        return claim;
    }

    void release(Claim claim) {
        if (claims.remove(claim.key(), claim)) {
            free(claim.order().raw().length());
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

    /** How many of the orders that are held are only followed up, by carrier. */
    Map<String, Integer> following() {
        return claims.values().stream()
                .filter(Claim::follows)
                .collect(Collectors.toMap(Claim::carrier, claim -> 1, Integer::sum));
    }

    int free() {
        return free.availablePermits();
    }

    /** How many characters more this node has room for. */
    long room() {
        return room.left();
    }

    private void free(int characters) {
        room.give(characters);
        free.release();
    }

    private void reached(OrderKey key) {
        reaching.computeIfPresent(key, (same, times) -> times == 1 ? null : times - 1);
    }
}
