package io.waybill.route;

import io.waybill.ledger.Claim;
import io.waybill.ledger.Fenced;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.ledger.Recovery;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.order.OrderKey;
import io.waybill.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps by which an order gets into the hands of this node, and out of them: find what is due, claim it, let it go. */
final class Work {

    private static final Logger LOG = LoggerFactory.getLogger(Work.class);
    static final Duration UNSETTLED = Duration.ofMinutes(1);
    private static final String NEXT = "choose";

    private final Ledger ledger;
    private final Carriers carriers;
    private final Breaker breaker;
    private final FollowUpTimes times;
    private final Settings settings;

    Work(Ledger ledger, Carriers carriers, Breaker breaker, FollowUpTimes times, Settings settings) {
        this.ledger = ledger;
        this.carriers = carriers;
        this.breaker = breaker;
        this.times = times;
        this.settings = settings;
    }

    /**
     * {@code find-due}: the body becomes the keys of the orders that this node just took; none while the route that they would
     * go on by is stopped by hand.
     */
    void due(Exchange exchange) {
        ServiceStatus next = exchange.getContext().getRouteController().getRouteStatus(NEXT);
        int most = next == null || next.isStarted() ? ledger.free() : 0;
        List<String> keys =
                ledger.takeDue(most).stream().map(claim -> claim.key().text()).toList();
        exchange.getMessage().setBody(keys);
    }

    /** {@code take-over}: gives back what dead nodes held. */
    void recover(Exchange exchange) {
        Recovery found = ledger.recover();
        if (found.inDoubt() + found.resumed() > 0) {
            LOG.info("found after a crash: {} in doubt, {} resumed", found.inDoubt(), found.resumed());
        }
    }

    /**
     * {@code claim}: from the order's key in the body; stops where this node does not hold the order. Where even the
     * failure route fails, the order is let go, so that {@code take-over} finds it.
     */
    void claim(Exchange exchange) {
        current(exchange);
        Claim claim = exchange.getVariable(Current.CLAIM, Claim.class);
        if (claim != null) {
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onFailure(Exchange failed) {
                    claim.release();
                }
            });
        }
    }

    private static OrderKey key(Exchange exchange) {
        return OrderKey.parse(exchange.getMessage().getBody(String.class));
    }

    private void current(Exchange exchange) {
        Optional<Claim> claim = ledger.claim(key(exchange));
        if (claim.isEmpty()) {
            exchange.setRouteStop(true);
        } else if (exchange.getContext().isStopping()) {
            // only calls that are on their way hold up the stop; the next start goes on with the rest
            putDown(claim.get());
            exchange.setRouteStop(true);
        } else {
            Current.set(exchange, claim.get());
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onFailure(Exchange failed) {
                    letGo(claim.get());
                }
            });
        }
    }

    /**
     * {@code hold}: it is the order's turn. As {@code claim}; sets the variables {@code letGo}, {@code several} and {@code
     * follows}; and whatever happens, the order is let go at the end of this exchange. What goes to a paused carrier ends here,
     * before it queues for a call.
     */
    void hold(Exchange exchange) {
        ledger.bulkheads().left(key(exchange));
        current(exchange);
        Claim claim = exchange.getVariable(Current.CLAIM, Claim.class);
        if (claim != null) {
            exchange.setVariable(Current.LET_GO, true);
            exchange.setVariable("several", severalCalls(exchange, claim));
            exchange.setVariable("follows", claim.follows());
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    letGo(claim);
                }
            });
            if (!claim.follows()) {
                breaker.admit(claim);
            }
        }
    }

    private boolean severalCalls(Exchange exchange, Claim claim) {
        Carrier carrier = Current.carrier(exchange, carriers);
        return carrier.takesSeveralCalls(
                MappingComponent.chosen(claim), settings.account(claim.key().account(), carrier.id()));
    }

    /** {@code admit}: the last moment before the carrier is asked. */
    void admit(Exchange exchange) {
        breaker.admit(Current.claim(exchange));
    }

    /** What was taken as a probe keeps its place among those that wait for its carrier. */
    private void putDown(Claim claim) {
        try {
            breaker.pause(claim).ifPresent(claim.waits()::leaveToCarrier);
        } catch (Fenced | LedgerUnavailable e) {
            LOG.debug("order={} is let go: {}", Logged.text(claim.key().text()), e.getMessage());
        } finally {
            claim.release();
        }
    }

    /** An order that no route could settle is not left to nobody: it is in doubt if the carrier was asked, else it waits. */
    private void letGo(Claim claim) {
        if (ledger.claim(claim.key()).filter(held -> held == claim).isEmpty()) {
            return;
        }
        try {
            if (claim.follows()) {
                times.letGo(claim, UNSETTLED);
            } else if (claim.calls().sent()) {
                claim.waits().inDoubt("the order could not be settled after the carrier was asked", UNSETTLED);
            } else {
                claim.waits().postpone(UNSETTLED, "unsettled", "the order could not be settled");
            }
        } catch (Fenced | LedgerUnavailable e) {
            LOG.debug("order={} is let go: {}", Logged.text(claim.key().text()), e.getMessage());
        } finally {
            claim.release();
        }
    }

    /** {@code awaitTurn}: the order waits in the ledger until there is room in its carrier's queue. */
    void awaitTurn(Exchange exchange) {
        claim(exchange);
        Claim claim = exchange.getVariable(Current.CLAIM, Claim.class);
        if (claim != null) {
            claim.waits()
                    .awaitTurn(
                            "more orders came than carrier " + claim.carrier() + " takes; this one waits for its turn");
        }
    }
}
