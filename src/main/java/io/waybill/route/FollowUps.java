package io.waybill.route;

import io.waybill.ledger.Claim;
import io.waybill.ledger.Fenced;
import io.waybill.ledger.FollowUp;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.mapping.Answer;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.FollowUpRule;
import io.waybill.mapping.Part;
import io.waybill.order.Outcome;
import io.waybill.sink.ShipmentDocument;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What is asked of a carrier after a booking, one question at a time.
 *
 * <ol>
 *   <li>{@link FollowUpReview}: which follow-ups an order has, when it was answered; one that lacks what it must get is
 *       awaiting it.
 *   <li>{@link #plan}: what is due, the void first. What nobody can ask any more ends; what took too long is given up.
 *   <li>(the route asks; {@link #judge} reads the answer; {@link LaterCommit} lays it over the shipment)
 *   <li>{@link #failed}: it is asked again later, see {@link FollowUpTimes}. Nothing that goes wrong here makes an order in
 *       doubt or a dead letter.
 * </ol>
 */
final class FollowUps {

    private static final Logger LOG = LoggerFactory.getLogger(FollowUps.class);

    private final Carriers carriers;
    private final FollowUpRules rules;
    private final FollowUpTimes times;
    private final Breaker breaker;
    private final Voids voids;
    private final Tally tally;
    private final Clock clock;

    FollowUps(
            Carriers carriers,
            FollowUpRules rules,
            FollowUpTimes times,
            Breaker breaker,
            Voids voids,
            Tally tally,
            Clock clock) {
        this.carriers = carriers;
        this.rules = rules;
        this.times = times;
        this.breaker = breaker;
        this.voids = voids;
        this.tally = tally;
        this.clock = clock;
    }

    /**
     * {@code plan-follow-up}: sets the variable {@code way} to {@code ask} with {@code operation}, to what {@link Voids#plan}
     * says, or to {@code none}; the order is let go then.
     */
    void plan(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        Optional<FollowUp> due = due(claim);
        exchange.setVariable("way", "none");
        if (due.isEmpty()) {
            claim.endings().rest();
        } else if (due.get().operation().equals(FollowUp.CANCEL)) {
            exchange.setVariable(LaterCommit.ASKED, due.get());
            breaker.admitLater(claim);
            voids.plan(exchange, due.get());
        } else {
            ask(exchange, claim, due.get());
        }
    }

    /** The void is asked for by a person and comes first. */
    private Optional<FollowUp> due(Claim claim) {
        Instant now = now();
        return claim.followUps().all().values().stream()
                .filter(row -> row.isOpen() && !row.dueAt().isAfter(now))
                .min(Comparator.<FollowUp, Boolean>comparing(
                                row -> !row.operation().equals(FollowUp.CANCEL))
                        .thenComparing(FollowUp::dueAt));
    }

    private void ask(Exchange exchange, Claim claim, FollowUp row) {
        Optional<FollowUpRule> rule = rules.of(claim, row.operation());
        if (row.untilAt() != null && !row.untilAt().isAfter(now())) {
            claim.followUps().follow(row.at(FollowUp.GIVEN_UP, row.detail()));
            claim.endings().changed(row.operation() + "-given-up", "{}", claim.state());
        } else if (rule.isEmpty() || !rules.isSet(claim, rule.get())) {
            claim.followUps().follow(times.off(row));
            claim.endings().rest();
        } else if (!rule.get().isWanted(ShipmentDocument.of(claim), rules.order(claim))) {
            claim.followUps().follow(times.next(rule.get(), row, "not at this time"));
            claim.endings().rest();
        } else {
            exchange.setVariable(LaterCommit.ASKED, row);
            Current.at(exchange, new Part(row.operation(), row.operation(), "", null, true));
            if (rules.isCarriersOwnHost(claim, row)) {
                breaker.admitLater(claim);
            }
            exchange.setVariable("way", "ask");
        }
    }

    /** {@code judge-news}: the body becomes the answer. */
    void judge(Exchange exchange) throws IOException {
        Claim claim = Current.claim(exchange);
        Answer answer = Answers.read(exchange, clock);
        Outcome outcome =
                carriers.get(claim.carrier()).outcome(Current.part(exchange).operation(), answer);
        tally.called(claim.carrier(), outcome);
        Current.took(exchange).ifPresent(time -> tally.took(claim.carrier(), time));
        if (rules.isCarriersOwnHost(claim, exchange.getVariable(LaterCommit.ASKED, FollowUp.class))) {
            breaker.answered(claim, outcome);
        }
        if (!(outcome instanceof Outcome.Confirmed)) {
            throw new CarrierFailed(outcome, answer.status());
        }
        exchange.getMessage().removeHeaders("*", "CamelRedeliver*");
        exchange.getMessage().setBody(answer);
    }

    /** {@code follow-up-failed}: it is asked again later; of a void it is noted what is known of it. */
    void failed(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        FollowUp asked = exchange.getVariable(LaterCommit.ASKED, FollowUp.class);
        // of a carrier that is paused for a day there is one line, not one for each of its orders
        LOG.atLevel(failure instanceof CarrierPaused ? Level.DEBUG : Level.INFO)
                .log(
                        "order={} operation={} failed: {}",
                        Logged.text(claim.key().text()),
                        asked == null ? "-" : asked.operation(),
                        Logged.text(Verdict.words(failure)));
        if (failure instanceof Fenced || failure instanceof LedgerUnavailable) {
            return;
        }
        Optional<String> stopped = Stopped.route(exchange);
        if (stopped.isPresent() && exchange.getVariable(LaterCommit.NEWS) != null) {
            // what it was told is not kept, see LaterCommit
            claim.sinks().missed(stopped.get(), Stopped.WHY);
            return;
        }
        if (asked == null || rules.isCarriersOwnHost(claim, asked)) {
            breaker.unanswered(claim, failure, asked != null);
        }
        if (asked != null && asked.operation().equals(FollowUp.CANCEL)) {
            voids.failed(claim, asked, failure);
        } else if (asked != null) {
            claim.followUps().follow(times.later(claim, asked, failure));
            claim.endings().rest();
        } else {
            times.letGo(claim);
        }
    }

    /** The carrier's own words where it spoke. */
    static String words(Throwable failure) {
        if (failure instanceof CarrierFailed carrier) {
            if (carrier.outcome() instanceof Outcome.Rejected rejected) {
                return "answered " + carrier.status() + " '" + rejected.reason() + "'";
            }
            return carrier.outcome() instanceof Outcome.InDoubt doubt ? doubt.reason() : carrier.getMessage();
        }
        return failure instanceof CarrierPaused ? failure.getMessage() : Verdict.words(failure);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
