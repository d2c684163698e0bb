package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.util.Optional;

/**
 * Takes one order whether it is due or not, because a person decides about it or its carrier says something of it.
 *
 * <ol>
 *   <li>Nobody who works on it at that moment is disturbed: it is taken only while it is nobody's, and as it was read.
 *   <li>That it is taken stands in its history only where it is in doubt or dead; else what is done with it then says so.
 * </ol>
 */
public final class OutOfTurn {

    private final Queries queries;
    private final Taking taking;

    OutOfTurn(Queries queries, Taking taking) {
        this.queries = queries;
        this.taking = taking;
    }

    /**
     * Takes an order in doubt, because a person decides about it.
     *
     * @param detail JSON: who, what and why; stays in the history
     * @return empty if the order is not in doubt or somebody works on it
     */
    public Optional<Claim> takeInDoubt(OrderKey key, String detail) {
        return queries.find(key)
                .filter(stored -> stored.state().equals("in-doubt"))
                .flatMap(stored -> taking.openly(stored, "resolved", detail));
    }

    /**
     * Takes a settled order, because its carrier says something of it. Its history does not grow by that.
     *
     * @return empty if the order is not settled yet, or somebody works on it at this moment
     */
    public Optional<Claim> takeSettled(OrderKey key) {
        return queries.find(key).filter(Stored::isSettled).flatMap(this::take);
    }

    /**
     * Takes an order as it was just read, whatever its state, because a person decides about it; see {@link #takeSettled}.
     *
     * @return empty if it changed since, or somebody works on it at this moment
     */
    public Optional<Claim> take(Stored stored) {
        return taking.quietly(stored);
    }

    /**
     * Begins a dead order again where it stopped; whoever has a free hand then works on it. What is booked is not booked again.
     *
     * @param detail JSON: who and why; stays in the history
     * @return false if the order is not a dead letter, or its content cannot be read
     */
    public boolean replay(OrderKey key, String detail) {
        return queries.find(key)
                .filter(stored -> stored.state().equals("dead-letter") && stored.forgottenAt() == null)
                .map(stored -> taking.again(stored, detail))
                .orElse(false);
    }
}
