package io.waybill.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.ledger.FollowUp;
import io.waybill.ledger.StepFacts;
import io.waybill.mapping.Answer;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Found;
import io.waybill.mapping.Part;
import io.waybill.order.Fingerprint;
import io.waybill.order.Outcome;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.camel.Exchange;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;

/**
 * The void of an order at its carrier, which a person asked for.
 *
 * <ol>
 *   <li>It is journalled as the step {@code cancel}, like a call of the booking: durable before the first byte leaves, and never
 *       sent again while nobody knows what became of it.
 *   <li>Only the carrier's own word makes an order cancelled; it is durable before anything is made of it.
 *   <li>Refused: the order stays what it is. Not sent: sent later. In doubt: looked up, where the carrier's folder says how;
 *       what surely did not arrive is sent again. Else a person decides.
 * </ol>
 */
final class Voids {

    private final Carriers carriers;
    private final Settings settings;
    private final Breaker breaker;
    private final Backoff backoff;
    private final Tally tally;
    private final Clock clock;

    Voids(Carriers carriers, Settings settings, Breaker breaker, Backoff backoff, Tally tally, Clock clock) {
        this.carriers = carriers;
        this.settings = settings;
        this.breaker = breaker;
        this.backoff = backoff;
        this.tally = tally;
        this.clock = clock;
    }

    /**
     * Sets {@code way} to {@code cancel}, {@code find} or, where the carrier's word is here already, {@code apply}. What nobody
     * can be asked about is left to a person.
     */
    void plan(Exchange exchange, FollowUp row) {
        Claim claim = Current.claim(exchange);
        Carrier carrier = carriers.get(claim.carrier());
        String operation = operation(claim);
        Current.at(exchange, new Part(FollowUp.CANCEL, operation, "", null, false));
        if (claim.done(FollowUp.CANCEL)) {
            exchange.getMessage().setBody(claim.answers().get(FollowUp.CANCEL));
            exchange.setVariable("way", "apply");
        } else if (row.state().equals(FollowUp.REQUESTED)) {
            exchange.setVariable("way", "cancel");
        } else if (carrier.operation(operation).inDoubt().equals("lookup")) {
            exchange.setVariable("lookup", carrier.lookup(operation));
            exchange.setVariable("way", "find");
        } else if (carrier.operation(operation).inDoubt().equals("repost")) {
            claim.calls().allowAgain(false);
            exchange.setVariable("way", "cancel");
        } else {
            rest(claim, row.at(FollowUp.IN_DOUBT, row.detail()));
        }
    }

    /** The operation that cancels this order; another one may stand in for {@code cancel}. */
    private String operation(Claim claim) {
        Carrier carrier = carriers.get(claim.carrier());
        return carrier.operation(
                FollowUp.CANCEL,
                MappingComponent.chosen(claim),
                settings.account(claim.key().account(), carrier.id()));
    }

    /** {@code judge-cancel}: the body becomes the answer, if it confirms. */
    void judge(Exchange exchange) throws IOException {
        exchange.getMessage().setBody(confirmed(exchange, Current.part(exchange).operation()));
    }

    /** {@code judge-cancelled}: if it was found cancelled, the body is what the call answered; else it is sent again. */
    void judgeFound(Exchange exchange) throws IOException {
        Claim claim = Current.claim(exchange);
        String lookup = exchange.getVariable("lookup", String.class);
        Answer answer = confirmed(exchange, lookup);
        Found found = carriers.get(claim.carrier())
                .found(
                        lookup,
                        CallPlan.known(exchange, claim),
                        exchange.getVariable("request", com.fasterxml.jackson.databind.JsonNode.class),
                        answer);
        exchange.setVariable("found", found.match());
        switch (found.match()) {
            case "same" -> exchange.getMessage().setBody(found.answer());
            case "absent" -> claim.endings()
                    .voidEnded(asked(exchange).at(FollowUp.REQUESTED, now(), "surely not cancelled yet"));
            default -> throw new IllegalStateException(
                    "the look-up found '" + found.match() + "'; a person has to decide");
        }
    }

    private Answer confirmed(Exchange exchange, String operation) throws IOException {
        Claim claim = Current.claim(exchange);
        Answer answer = Answers.read(exchange, clock);
        Outcome outcome = carriers.get(claim.carrier()).outcome(operation, answer);
        tally.called(claim.carrier(), outcome);
        Current.took(exchange).ifPresent(time -> tally.took(claim.carrier(), time));
        breaker.answered(claim, outcome);
        if (!(outcome instanceof Outcome.Confirmed)) {
            throw new CarrierFailed(outcome, answer.status());
        }
        exchange.getMessage().removeHeaders("*", "CamelRedeliver*");
        exchange.setVariable("response", Fingerprint.of(answer.body()));
        return answer;
    }

    /** {@code journal-cancelled}: the carrier's word is durable before anything is made of it. */
    void journal(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        ObjectNode brought = exchange.getMessage().getBody(ObjectNode.class);
        String response = exchange.getVariable("response", String.class);
        claim.brought(
                FollowUp.CANCEL,
                new StepFacts(null, null, response, brought.toString(), null),
                brought.deepCopy(),
                true);
    }

    /** The carrier says that the order is cancelled, so nothing is left of a void that is under way. */
    void confirm(Claim claim) {
        if (claim.calls().inDoubt(FollowUp.CANCEL)) {
            claim.sinks().finish(FollowUp.CANCEL);
        }
        claim.followUps()
                .cancellation()
                .filter(row -> !row.state().equals(FollowUp.CONFIRMED))
                .ifPresent(row -> claim.followUps().follow(row.at(FollowUp.CONFIRMED, "")));
    }

    /** Notes what is known after a failure, and lets the order go. */
    void failed(Claim claim, FollowUp row, Throwable failure) {
        String why = FollowUps.words(failure);
        if (claim.done(FollowUp.CANCEL)
                || failure instanceof CarrierPaused
                || failure instanceof DirectConsumerNotAvailableException) {
            rest(claim, row.again(later(row, Duration.ZERO), row.attempts(), why));
        } else if (row.state().equals(FollowUp.IN_DOUBT) && !claim.calls().sent(FollowUp.CANCEL)) {
            rest(claim, stillInDoubt(row, failure, failure instanceof IllegalStateException));
        } else if (!claim.calls().sent(FollowUp.CANCEL)) {
            claim.endings().voidEnded(row.at(FollowUp.REFUSED, "it cannot be asked for: " + why));
        } else {
            claim.endings().voidEnded(afterCall(claim, row, failure, why));
        }
    }

    private FollowUp afterCall(Claim claim, FollowUp row, Throwable failure, String why) {
        Outcome outcome = failure instanceof CarrierFailed carrier ? carrier.outcome() : null;
        if (outcome instanceof Outcome.Rejected && !claim.calls().doubted()) {
            return row.at(FollowUp.REFUSED, why);
        }
        boolean notSent = outcome instanceof Outcome.NotSent
                || outcome instanceof Outcome.Throttled
                || outcome == null && Verdict.neverLeft(failure);
        if (notSent && !claim.calls().doubted()) {
            return notSent(row, failure, why);
        }
        if (claim.calls().doubted()) {
            return stillInDoubt(row, failure, false);
        }
        String way = carriers.get(claim.carrier()).operation(operation(claim)).inDoubt();
        return row.at(FollowUp.IN_DOUBT, way.equals("operator") ? null : now().plus(backoff.settle()), why);
    }

    private FollowUp notSent(FollowUp row, Throwable failure, String why) {
        if (!now().isBefore(row.since().plus(backoff.age()))) {
            return row.at(
                    FollowUp.REFUSED,
                    "the carrier did not take it for " + backoff.age().toHours() + " hours: " + why);
        }
        return row.at(FollowUp.REQUESTED, null, why).again(later(row, Verdict.asked(failure)), row.attempts() + 1, why);
    }

    /** Asked later, unless it was asked for too long or only a person can say. */
    private FollowUp stillInDoubt(FollowUp row, Throwable failure, boolean strange) {
        boolean old = !now().isBefore(row.since().plus(backoff.age()));
        Duration asked = Verdict.asked(failure);
        Duration wait = asked.compareTo(backoff.settle()) > 0 ? asked : backoff.settle();
        return row.again(strange || old ? null : later(row, wait), row.attempts() + 1, FollowUps.words(failure));
    }

    private static void rest(Claim claim, FollowUp next) {
        claim.followUps().follow(next);
        claim.endings().rest();
    }

    private static FollowUp asked(Exchange exchange) {
        return exchange.getVariable(LaterCommit.ASKED, FollowUp.class);
    }

    private Instant later(FollowUp row, Duration asked) {
        return now().plus(backoff.after(row.attempts(), asked));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
