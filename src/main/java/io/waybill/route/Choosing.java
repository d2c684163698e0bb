package io.waybill.route;

import io.waybill.ledger.Claim;
import io.waybill.ledger.FollowUp;
import io.waybill.ledger.Ledger;
import io.waybill.mapping.CarrierRules;
import io.waybill.mapping.Carriers;
import io.waybill.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.ServiceStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The step {@code choose}: which carrier's queue an order goes to, or why to none. */
final class Choosing {

    private static final Logger LOG = LoggerFactory.getLogger(Choosing.class);
    private static final String ASIDE = "await-turn";
    private static final Duration GONE = Duration.ofDays(1);

    private final Ledger ledger;
    private final Carriers carriers;
    private final CarrierRules rules;
    private final FollowUpTimes times;
    private final OwedAnswer owed;
    private final Settings settings;

    Choosing(
            Ledger ledger,
            Carriers carriers,
            CarrierRules rules,
            FollowUpTimes times,
            OwedAnswer owed,
            Settings settings) {
        this.ledger = ledger;
        this.carriers = carriers;
        this.rules = rules;
        this.times = times;
        this.owed = owed;
        this.settings = settings;
        if (settings.number("waybill.lives") <= Claim.SUSPECT) {
            throw new IllegalArgumentException("setting 'waybill.lives': expected more than " + Claim.SUSPECT
                    + ", after which it is known which order it is");
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
        if (OwedAnswer.isOwed(claim)) {
            give(exchange, claim);
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

    /** Nothing but its answer is left to do, and that takes no carrier. */
    private void give(Exchange exchange, Claim claim) {
        ProducerTemplate out = exchange.getContext().createProducerTemplate();
        try {
            owed.give(claim, out);
        } finally {
            out.stop();
        }
        exchange.setRouteStop(true);
    }

    private void handOver(Exchange exchange, Claim claim) {
        CamelContext camel = exchange.getContext();
        ServiceStatus next = camel.getRouteController().getRouteStatus(claim.carrier());
        exchange.setVariable("carrier", claim.carrier());
        if (next == null || next.isStarted() || !camel.getStatus().isStarted()) {
            exchange.setVariable("full", !queues(camel, claim));
        } else if (claim.follows()) {
            times.letGo(claim, Work.UNSETTLED);
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
