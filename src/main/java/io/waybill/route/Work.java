package io.waybill.route;

import io.waybill.ledger.Claim;
import io.waybill.ledger.Fenced;
import io.waybill.ledger.FollowUp;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.ledger.Recovery;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.CarrierRules;
import io.waybill.mapping.Carriers;
import io.waybill.order.OrderKey;
import io.waybill.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps between acceptance and carrier: find what is due, claim it, choose its way. */
final class Work {

    private static final Logger LOG = LoggerFactory.getLogger(Work.class);
    private static final Duration UNSETTLED = Duration.ofMinutes(1);
    private static final String NEXT = "choose";
    private static final String ASIDE = "await-turn";
    private static final Duration GONE = Duration.ofDays(1);

    private final Ledger ledger;
    private final Carriers carriers;
    private final CarrierRules rules;
    private final Breaker breaker;
    private final FollowUpTimes times;
    private final Settings settings;

    Work(
            Ledger ledger,
            Carriers carriers,
            CarrierRules rules,
            Breaker breaker,
            FollowUpTimes times,
            Settings settings) {
        this.ledger = ledger;
        this.carriers = carriers;
        this.rules = rules;
        this.breaker = breaker;
        this.times = times;
        this.settings = settings;
        if (settings.number("waybill.lives") <= Claim.SUSPECT) {
            throw new IllegalArgumentException("setting 'waybill.lives': expected more than " + Claim.SUSPECT
                    + ", after which it is known which order it is");
        }
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
            breaker.pause(claim).ifPresent(claim.waits()::awaitCarrier);
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

    /**
     * {@code choose}: sets the variable {@code carrier}, or {@code nobody} to why there is none, and {@code full} if the order is
     * to wait in the ledger since too many of that carrier's are before it. Where the route of the carrier is stopped by hand it
     * waits there too: in its queue it would keep a hand of this node from the others.
     */
    void choose(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        if (claim.lives() >= settings.number("waybill.lives")) {
            poison(exchange, claim);
            return;
        }
        if (claim.calls().bound()) {
            // whatever the rules say today: what was sent to a carrier stays with it
            if (carriers.ids().contains(claim.carrier())) {
                handOver(exchange, claim);
            } else {
                gone(exchange, claim);
            }
            return;
        }
        Optional<CarrierRules.Choice> choice = rules.choose(claim.order().document());
        Verdict why = choice.isEmpty()
                ? nobody(
                        "no-rule", "no rule of carrier-rules.yaml fits this order, and it names no carrier and service")
                : obstacle(choice.get());
        if (why == null) {
            claim.choose(
                    choice.get().carrier(), choice.get().service(), choice.get().rule());
            handOver(exchange, claim);
        } else {
            exchange.setVariable("carrier", "nobody");
            exchange.getMessage().setBody(Failures.letter(claim, "choose", why));
        }
    }

    private void handOver(Exchange exchange, Claim claim) {
        CamelContext camel = exchange.getContext();
        ServiceStatus next = camel.getRouteController().getRouteStatus(claim.carrier());
        exchange.setVariable("carrier", claim.carrier());
        if (next == null || next.isStarted() || !camel.getStatus().isStarted()) {
            exchange.setVariable("full", !queues(camel, claim));
        } else if (claim.follows()) {
            times.letGo(claim, UNSETTLED);
            exchange.setRouteStop(true);
        } else {
            throw new Stopped.CarrierStopped(claim.carrier());
        }
    }

    /**
     * What is only followed up has a share of the hands already; what the carrier was asked for may want nothing more of it, such
     * as a label that is to be stored; what several processes died with is worked on alone, and would come back among others.
     * While nobody sets orders aside, all of them queue.
     */
    private boolean queues(CamelContext camel, Claim claim) {
        ServiceStatus aside = camel.getRouteController().getRouteStatus(ASIDE);
        boolean goesOn = claim.follows() || claim.calls().bound() || claim.lives() >= Claim.SUSPECT;
        if (goesOn || aside == null || !aside.isStarted()) {
            ledger.bulkheads().enter(claim.key(), claim.carrier());
            return true;
        }
        return ledger.bulkheads().admit(claim.key(), claim.carrier());
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

    /** An order that every process dies with goes no further by itself, so that the others do. */
    private void poison(Exchange exchange, Claim claim) {
        String why = claim.lives() + " processes died one after the other while they worked on it";
        if (claim.follows()) {
            // it is shipped: only what is still asked about it ends, and of a void nobody knows
            claim.followUps().all().values().stream().filter(FollowUp::isOpen).forEach(row -> claim.followUps()
                    .follow(row.at(
                            row.operation().equals(FollowUp.CANCEL) ? FollowUp.IN_DOUBT : FollowUp.GIVEN_UP, why)));
            claim.endings().changed("follow-ups-given-up", "{}", claim.state());
            LOG.error(
                    "order={} is not followed up any more: {}",
                    Logged.text(claim.key().text()),
                    why);
            exchange.setRouteStop(true);
            return;
        }
        if (claim.calls().inDoubt()) {
            claim.waits().inDoubt(why, null);
            LOG.error("order={} state=in-doubt: {}", Logged.text(claim.key().text()), why);
            exchange.setRouteStop(true);
            return;
        }
        exchange.setVariable("carrier", "nobody");
        String stage = claim.calls().open().orElse("choose");
        exchange.getMessage().setBody(Failures.letter(claim, stage, Verdict.dead("poison", why, List.of(), null)));
    }

    /** Nobody takes from the queue of a carrier whose folder is gone; it may come back, or a person decides. */
    private void gone(Exchange exchange, Claim claim) {
        String why = "carrier '" + claim.carrier() + "' has no folder any more";
        if (claim.follows()) {
            times.letGo(claim, GONE);
            exchange.setRouteStop(true);
        } else if (claim.calls().inDoubt()) {
            claim.waits().inDoubt(why, null);
            exchange.setRouteStop(true);
        } else {
            exchange.setVariable("carrier", "nobody");
            String stage = claim.calls().open().orElse("choose");
            exchange.getMessage().setBody(Failures.letter(claim, stage, nobody("unknown-carrier", why)));
        }
    }

    private Verdict obstacle(CarrierRules.Choice choice) {
        String carrier = choice.carrier();
        if (!carriers.ids().contains(carrier)) {
            return nobody(
                    "unknown-carrier",
                    "carrier '" + carrier + "' is not known; expected one of " + String.join(", ", carriers.ids()));
        }
        boolean enabled = Boolean.parseBoolean(settings.get("waybill.carrier." + carrier + ".enabled", "true"));
        return enabled
                ? null
                : nobody("carrier-off", "carrier '" + carrier + "' is switched off by its setting 'enabled'");
    }

    private static Verdict nobody(String cause, String why) {
        return Verdict.dead(cause, why, List.of(), null);
    }
}
