package io.waybill.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Fenced;
import io.waybill.ledger.FollowUp;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.mapping.Answer;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.FollowUpRule;
import io.waybill.mapping.Operation;
import io.waybill.mapping.Part;
import io.waybill.order.Outcome;
import io.waybill.settings.Settings;
import io.waybill.sink.ShipmentDocument;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What is asked of a carrier after a booking, one question at a time.
 *
 * <ol>
 *   <li>{@link #begin}: which follow-ups an order has, when it was answered; one that lacks what it must get is awaiting it.
 *   <li>{@link #plan}: what is due, the void first. What nobody can ask any more ends; what took too long is given up.
 *   <li>(the route asks; {@link #judge} reads the answer; {@link LaterCommit} lays it over the shipment)
 *   <li>{@link #failed}: it is asked again later. Nothing that goes wrong here makes an order in doubt or a dead letter.
 * </ol>
 */
final class FollowUps {

    private static final Logger LOG = LoggerFactory.getLogger(FollowUps.class);
    private static final Duration SOON = Duration.ofMinutes(5);
    private static final Duration OFF = Duration.ofDays(1);

    private final Carriers carriers;
    private final Settings settings;
    private final Breaker breaker;
    private final Voids voids;
    private final Tally tally;
    private final Clock clock;

    FollowUps(Carriers carriers, Settings settings, Breaker breaker, Voids voids, Tally tally, Clock clock) {
        this.carriers = carriers;
        this.settings = settings;
        this.breaker = breaker;
        this.voids = voids;
        this.tally = tally;
        this.clock = clock;
    }

    /** Before the first answer to an order: says in it that the label comes later, where it does. */
    void announce(Claim claim) {
        if (isAsked(claim) && !claim.isSettled() && isLabelAwaited(claim)) {
            claim.result().put("label_state", "awaited");
            claim.revise();
        }
    }

    private boolean isLabelAwaited(Claim claim) {
        ObjectNode shipment = ShipmentDocument.of(claim);
        if (!FollowUpRule.isMissing(shipment, "label")) {
            return false;
        }
        ObjectNode order = order(claim);
        return rules(claim).stream()
                .map(rule -> rule.awaits(shipment, order))
                .flatMap(Optional::stream)
                .anyMatch(awaited -> awaited.field().equals("label"));
    }

    /**
     * The order was answered: notes its follow-ups with its claim.
     *
     * @return {@code completed}, or {@code awaiting} if it lacks what it must get
     */
    String begin(Claim claim) {
        return isAsked(claim) ? review(claim) : "completed";
    }

    /**
     * Looks at all follow-ups of an order after something was learned of its shipment: begins those whose time has come, ends
     * those that are done.
     *
     * @return the state that the order is in now
     */
    String review(Claim claim) {
        ObjectNode shipment = ShipmentDocument.of(claim);
        ObjectNode order = order(claim);
        rules(claim).forEach(rule -> review(claim, rule, shipment, order));
        claim.followUps().values().stream()
                .filter(row -> row.awaits() != null && !FollowUpRule.isMissing(shipment, row.awaits()))
                .forEach(row -> claim.follow(awaitingMore(claim, row, shipment, order)));
        if (shipment.path("status").asText().equals("cancelled") && claim.isSettled()) {
            voids.confirm(claim);
            return "cancelled";
        }
        boolean awaiting = claim.followUps().values().stream().anyMatch(row -> row.awaits() != null);
        return claim.state().equals("cancelled") ? "cancelled" : awaiting ? "awaiting" : "completed";
    }

    /** What it awaited is there; it may have to bring something else as well. */
    private FollowUp awaitingMore(Claim claim, FollowUp row, ObjectNode shipment, ObjectNode order) {
        return rule(claim, row.operation())
                .flatMap(rule -> rule.awaits(shipment, order))
                .map(awaited -> row.awaiting(awaited.field(), now().plus(awaited.deadline())))
                .orElse(row.awaiting(null, null));
    }

    private void review(Claim claim, FollowUpRule rule, ObjectNode shipment, ObjectNode order) {
        FollowUp row = claim.followUps().get(rule.operation());
        if (!rule.isAsked()) {
            expect(claim, rule, row, rule.awaits(shipment, order));
            return;
        }
        boolean over = rule.isOver(shipment, order);
        if (row == null && !over && isSet(claim, rule) && rule.isWanted(shipment, order)) {
            Instant now = now();
            FollowUp begun = FollowUp.begin(rule.operation(), now, now.plus(rule.wait(0)), now.plus(rule.giveUp()));
            claim.follow(rule.awaits(shipment, order)
                    .map(awaited -> begun.awaiting(awaited.field(), now.plus(awaited.deadline())))
                    .orElse(begun));
        } else if (row != null && row.state().equals(FollowUp.DUE) && over) {
            claim.follow(row.at(FollowUp.ENDED, ""));
        }
    }

    /** What only the carrier's own word brings is noted, and never due. */
    private void expect(Claim claim, FollowUpRule rule, FollowUp row, Optional<FollowUpRule.Awaited> awaited) {
        Instant now = now();
        if (row == null && awaited.isPresent()) {
            claim.follow(FollowUp.expected(rule.operation(), now)
                    .awaiting(awaited.get().field(), now.plus(awaited.get().deadline())));
        } else if (row != null && row.state().equals(FollowUp.EXPECTED) && awaited.isEmpty()) {
            claim.follow(row.at(FollowUp.ENDED, "").awaiting(null, null));
        }
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
            claim.rest();
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
        return claim.followUps().values().stream()
                .filter(row -> row.isOpen() && !row.dueAt().isAfter(now))
                .min(Comparator.<FollowUp, Boolean>comparing(
                                row -> !row.operation().equals(FollowUp.CANCEL))
                        .thenComparing(FollowUp::dueAt));
    }

    private void ask(Exchange exchange, Claim claim, FollowUp row) {
        Optional<FollowUpRule> rule = rule(claim, row.operation());
        if (row.untilAt() != null && !row.untilAt().isAfter(now())) {
            claim.follow(row.at(FollowUp.GIVEN_UP, row.detail()));
            claim.changed(row.operation() + "-given-up", "{}", claim.state());
        } else if (rule.isEmpty() || !isSet(claim, rule.get())) {
            claim.follow(row.again(now().plus(OFF), row.attempts(), "is not set up any more"));
            claim.rest();
        } else if (!rule.get().isWanted(ShipmentDocument.of(claim), order(claim))) {
            claim.follow(next(rule.get(), row, "not at this time"));
            claim.rest();
        } else {
            exchange.setVariable(LaterCommit.ASKED, row);
            Current.at(exchange, new Part(row.operation(), row.operation(), "", null, true));
            if (isCarriersOwnHost(claim, row)) {
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
        if (isCarriersOwnHost(claim, exchange.getVariable(LaterCommit.ASKED, FollowUp.class))) {
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
        if (asked == null || isCarriersOwnHost(claim, asked)) {
            breaker.unanswered(claim, failure, asked != null);
        }
        if (asked != null && asked.operation().equals(FollowUp.CANCEL)) {
            voids.failed(claim, asked, failure);
        } else if (asked != null) {
            claim.follow(later(claim, asked, failure));
            claim.rest();
        } else {
            letGo(claim, SOON);
        }
    }

    private FollowUp later(Claim claim, FollowUp row, Throwable failure) {
        Duration wait = rule(claim, row.operation())
                .map(rule -> rule.wait(row.attempts()))
                .orElse(SOON);
        boolean passing = failure instanceof CarrierPaused || failure instanceof IOException;
        if (failure instanceof CarrierFailed carrier) {
            passing = carrier.outcome() instanceof Outcome.Throttled
                    || carrier.outcome() instanceof Outcome.NotSent
                    || carrier.outcome() instanceof Outcome.InDoubt doubt && !doubt.understood();
            Duration asked =
                    carrier.outcome() instanceof Outcome.Throttled throttled ? throttled.delay() : Duration.ZERO;
            wait = asked.compareTo(wait) > 0 ? asked : wait;
        }
        Duration soon = passing && wait.compareTo(SOON) > 0 && !isThrottled(failure) ? SOON : wait;
        return row.again(now().plus(soon), passing ? row.attempts() : row.attempts() + 1, words(failure));
    }

    private static boolean isThrottled(Throwable failure) {
        return failure instanceof CarrierFailed carrier && carrier.outcome() instanceof Outcome.Throttled;
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

    /** Whatever is due of an order is tried again after a while; what was sent of its void is in doubt. */
    void letGo(Claim claim, Duration wait) {
        Instant at = now().plus(wait);
        Optional<FollowUp> cancel = claim.cancellation();
        if (claim.voidSent() && cancel.isPresent()) {
            claim.voidEnded(
                    cancel.get().at(FollowUp.IN_DOUBT, at, "it could not be settled after the carrier was asked"));
            return;
        }
        claim.followUps().values().stream()
                .filter(row -> row.isOpen() && row.dueAt().isBefore(at))
                .forEach(row -> claim.follow(row.again(at, row.attempts(), row.detail())));
        claim.rest();
    }

    /** The follow-up after it was asked once more without anything new. */
    FollowUp next(Claim claim, FollowUp row) {
        return rule(claim, row.operation())
                .map(rule -> rule.isOnce() ? row.at(FollowUp.ENDED, "") : next(rule, row, ""))
                .orElse(row.again(now().plus(OFF), row.attempts(), row.detail()));
    }

    /** The follow-up after it brought something new. */
    FollowUp first(Claim claim, FollowUp row) {
        Optional<FollowUpRule> rule = rule(claim, row.operation());
        if (rule.filter(FollowUpRule::isOnce).isPresent()) {
            return row.at(FollowUp.ENDED, "");
        }
        return row.again(now().plus(rule.map(each -> each.wait(0)).orElse(OFF)), 0, "");
    }

    private FollowUp next(FollowUpRule rule, FollowUp row, String why) {
        int attempts = row.attempts() + 1;
        return row.again(now().plus(rule.wait(attempts)), attempts, why);
    }

    private boolean isAsked(Claim claim) {
        return !rules(claim).isEmpty();
    }

    private List<FollowUpRule> rules(Claim claim) {
        return carriers.get(claim.carrier()).followUps();
    }

    private Optional<FollowUpRule> rule(Claim claim, String operation) {
        return rules(claim).stream()
                .filter(rule -> rule.operation().equals(operation))
                .findFirst();
    }

    /** Whether there is an address to ask at. */
    private boolean isSet(Claim claim, FollowUpRule rule) {
        return isSet(carriers, settings, claim.carrier(), rule.operation());
    }

    static boolean isSet(Carriers carriers, Settings settings, String carrier, String operation) {
        Operation declared = carriers.get(carrier).operation(operation);
        String url = declared.url();
        return !declared.isOff()
                && !settings.get("waybill.carrier." + carrier + "." + url, "").isBlank();
    }

    /** What another host does says nothing of the carrier that books. */
    private boolean isCarriersOwnHost(Claim claim, FollowUp row) {
        Carrier carrier = carriers.get(claim.carrier());
        return !carrier.operations().contains(row.operation())
                || carrier.operation(row.operation()).url().equals("url");
    }

    private ObjectNode order(Claim claim) {
        return carriers.get(claim.carrier()).withDefaults(MappingComponent.chosen(claim));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
