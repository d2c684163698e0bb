package io.waybill.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which of the orders that wait for a carrier may be taken now.
 *
 * <ol>
 *   <li>Its carrier works, or works again: the oldest first, in at most half of the hands and as many as there is room for in
 *       its queue, so that the others go on beside them.
 *   <li>Its carrier is paused: one as a probe when the time for that has come, and those that grew too old.
 * </ol>
 */
final class Parked {

    private final Pauses pauses;
    private final Hands hands;
    private final Bulkheads bulkheads;
    private final int share;
    private volatile Duration age = Duration.ofHours(24);

    Parked(Pauses pauses, Hands hands, Bulkheads bulkheads, int mostClaims) {
        this.pauses = pauses;
        this.hands = hands;
        this.bulkheads = bulkheads;
        this.share = Math.max(1, mostClaims / 2);
    }

    void waitFor(Duration longest) {
        age = longest;
    }

    List<Stored> due(DueOrders orders, Instant now, int most) {
        pauses.forget(key -> !hands.has(key));
        bulkheads.forget(key -> !hands.has(key));
        List<Stored> due = new ArrayList<>();
        for (CarrierState carrier : pauses.all()) {
            int left = most - due.size();
            due.addAll(
                    carrier.isPaused()
                            ? paused(orders, carrier, now, left)
                            : working(orders, carrier.carrier(), now, left));
        }
        return due;
    }

    private List<Stored> working(DueOrders orders, String carrier, Instant now, int left) {
        int room = Math.min(left, bulkheads.room(carrier, share));
        if (room == 0) {
            return List.of();
        }
        List<Stored> back = orders.parked(Pauses.mark(carrier), now, room);
        bulkheads.call(carrier, back);
        return back;
    }

    private List<Stored> paused(DueOrders orders, CarrierState carrier, Instant now, int left) {
        int wanted = Math.min(left, share - hands.holding(carrier.carrier()));
        if (wanted <= 0) {
            return List.of();
        }
        List<Stored> taken = new ArrayList<>(pauses.probe(carrier).stream().toList());
        orders.parked(Pauses.mark(carrier.carrier()), now.minus(age), wanted).stream()
                .filter(old -> taken.isEmpty() || !old.key().equals(taken.get(0).key()))
                .forEach(taken::add);
        return taken;
    }
}
