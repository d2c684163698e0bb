package io.waybill.ledger;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of the orders that are only followed up may be taken now: so many that bookings go on beside them, and of each carrier so
 * many that those of the others do.
 */
final class Followed {

    /** Of the hands of a node. */
    private static final int PART = 4;

    private final Hands hands;
    private final int most;
    private final int mostOfOne;

    Followed(Hands hands, int mostClaims) {
        this.hands = hands;
        this.most = Math.max(1, mostClaims / PART);
        this.mostOfOne = Math.max(1, most / 2);
    }

    /** The longest due first. */
    List<Stored> due(DueOrders orders, Instant now, int wanted) {
        Map<String, Integer> held = new HashMap<>(hands.following());
        int free = Math.min(
                wanted,
                most - held.values().stream().mapToInt(Integer::intValue).sum());
        if (free <= 0) {
            return List.of();
        }
        Set<String> full = new HashSet<>(held.keySet());
        full.removeIf(carrier -> carrier == null || held.get(carrier) < mostOfOne);
        return orders.followed(now, free, full).stream()
                .filter(stored -> held.merge(stored.carrier(), 1, Integer::sum) <= mostOfOne)
                .toList();
    }
}
