package io.waybill.route;

import io.waybill.ledger.Claim;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.OrderSinks;
import io.waybill.order.OrderKey;
import org.apache.camel.spi.IdempotentRepository;

/**
 * The ledger as the idempotent repository of the routes; keys are {@code <order>/<step>}.
 *
 * <ol>
 *   <li>{@code add} says yes unless the step is done. It throws where the order is not this node's to work on, or where the
 *       outcome of the step is unknown: a quiet no would drop the order, a quiet yes would pay twice.
 *   <li>{@code confirm} marks the step as done together with what it produced, see {@link OrderSinks#finish}.
 *   <li>{@code remove} leaves the step as it was. {@code clear} is refused.
 *   <li>Stopping a route that uses it changes nothing.
 * </ol>
 */
final class LedgerRepository implements IdempotentRepository {

    private final Ledger ledger;

    LedgerRepository(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public boolean add(String key) {
        return claim(key).begin(step(key));
    }

    @Override
    public boolean contains(String key) {
        return claim(key).done(step(key));
    }

    @Override
    public boolean confirm(String key) {
        claim(key).sinks().finish(step(key));
        return true;
    }

    @Override
    public boolean remove(String key) {
        return true;
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException("the ledger forgets nothing");
    }

    @Override
    public void start() {
        // the ledger outlives every route
    }

    @Override
    public void stop() {
        // the ledger outlives every route
    }

    private Claim claim(String key) {
        OrderKey order = OrderKey.parse(key.substring(0, slash(key)));
        return ledger.claim(order)
                .orElseThrow(() -> new IllegalStateException(
                        "order " + order + ": this node does not work on it; whoever does goes on"));
    }

    private static String step(String key) {
        return key.substring(slash(key) + 1);
    }

    private static int slash(String key) {
        int slash = key.lastIndexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("idempotent key '" + key + "': expected '<order>/<step>'");
        }
        return slash;
    }
}
