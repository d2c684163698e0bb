package io.waybill.route;

import io.waybill.ledger.Claim;
import io.waybill.ledger.Fenced;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.Sql;
import io.waybill.order.Outcome;
import io.waybill.sink.DeadLetter;
import io.waybill.sink.DeadLetterStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of the failure routes: judge a failure, let the order wait, park it in doubt, or bury it with its reason. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final Ledger ledger;
    private final DeadLetterStore deadLetters;
    private final Backoff backoff;
    private final Breaker breaker;
    private final Function<Claim, String> ways;
    private final Tally tally;
    private final Clock clock;

    /**
     * @param ways how the doubt about an order is resolved
     */
    Failures(
            Ledger ledger,
            DeadLetterStore deadLetters,
            Backoff backoff,
            Breaker breaker,
            Function<Claim, String> ways,
            Tally tally,
            Clock clock) {
        this.ledger = ledger;
        this.deadLetters = deadLetters;
        this.backoff = backoff;
        this.breaker = breaker;
        this.ways = ways;
        this.tally = tally;
        this.clock = clock;
    }

    /** {@code judge-failure}: sets the variables {@code verdict} and {@code failure}, and the body to the dead letter. */
    void judge(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        boolean asks = exchange.getVariable("asks", false, Boolean.class);
        breaker.unanswered(claim, failure, asks);
        if (failure instanceof IOException
                && (asks || claim.calls().sent() || claim.calls().inDoubt())) {
            unanswered(exchange, claim, failure);
        }
        Verdict verdict = verdict(exchange, claim, failure);
        if (failure instanceof Fenced) {
            fenced(claim, failure);
        }
        if (verdict.cause().equals("failed")) {
            LOG.error(
                    "order {}: step '{}' failed",
                    claim.key(),
                    exchange.getProperty(Exchange.FAILURE_ROUTE_ID),
                    failure);
        }
        exchange.setVariable("failure", verdict);
        exchange.setVariable("verdict", verdict.kind());
        String stage = claim.calls().open().orElse(exchange.getVariable("step", "book", String.class));
        exchange.getMessage().setBody(letter(claim, stage, verdict));
    }

    /** What is booked waits for a route that is stopped as it is: whoever holds the order lets it go. */
    private Verdict verdict(Exchange exchange, Claim claim, Throwable failure) {
        Optional<String> stopped = Stopped.route(exchange);
        if (stopped.isPresent() && claim.done("book") && exchange.getVariable(Current.LET_GO) != null) {
            claim.sinks().missed(stopped.get(), Stopped.WHY);
            return Verdict.gone(Verdict.STOPPED, Stopped.WHY);
        }
        return expired(Verdict.of(failure, claim), claim);
    }

    /** A call without an answer is a call too. */
    private void unanswered(Exchange exchange, Claim claim, Throwable failure) {
        String seen = failure.getClass().getSimpleName();
        tally.called(
                claim.carrier(),
                Verdict.neverLeft(failure) ? new Outcome.NotSent(seen) : new Outcome.InDoubt(seen, false, false));
        Current.took(exchange).ifPresent(time -> tally.took(claim.carrier(), time));
    }

    /**
     * {@code postpone}: for a while of its own, or until its paused carrier goes on. So waits also what is a dead letter, while
     * that route is stopped.
     */
    void postpone(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        Verdict verdict = exchange.getVariable("failure", Verdict.class);
        Optional<String> pause = breaker.pauseAtLeast(claim.carrier(), verdict.asked());
        if (pause.isPresent() || verdict.cause().equals(Verdict.PAUSED)) {
            awaitCarrier(claim, verdict, pause.orElse(verdict.message()));
            return;
        }
        Duration delay = backoff.after(claim.attempts(), verdict.asked());
        try {
            if (verdict.cause().equals(Verdict.STOPPED)) {
                claim.waits().putOff(delay, verdict.cause(), verdict.message());
            } else {
                claim.waits().postpone(delay, verdict.cause(), verdict.message());
            }
        } catch (Fenced late) {
            fenced(claim, late);
            return;
        }
        settled(claim, "waiting", verdict.message() + "; tried again in " + delay.toSeconds() + " s");
    }

    /** At DEBUG: of a carrier that is down for a day there is one line, not one for each of its orders. */
    private void awaitCarrier(Claim claim, Verdict verdict, String reason) {
        if (verdict.cause().equals(Verdict.PAUSED) || verdict.cause().equals(Verdict.STOPPED)) {
            claim.waits().leaveToCarrier(reason);
        } else {
            claim.waits().awaitCarrier(reason);
        }
        LOG.debug("order={} state=waiting: {}", Logged.text(claim.key().text()), reason);
        tally.settled(new Tally.Settled(claim.key().text(), "waiting", claim.carrier(), null, reason));
    }

    /** {@code park}. */
    void park(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        Verdict verdict = exchange.getVariable("failure", Verdict.class);
        Duration delay = lookedInto(claim) && !strange(exchange, claim) ? later(claim, verdict.asked()) : null;
        try {
            claim.waits().inDoubt(verdict.message(), delay);
        } catch (Fenced late) {
            fenced(claim, late);
            return;
        }
        settled(
                claim,
                "in-doubt",
                verdict.message()
                        + (delay == null
                                ? "; it is not sent again, 'waybill resolve' decides"
                                : "; looked into in " + delay.toSeconds() + " s"));
    }

    /** Another node has the order, or has done with it, so there is nothing left to do here; it may come back. */
    private static void fenced(Claim claim, Throwable late) {
        LOG.warn("fenced off: {}", Logged.text(late.getMessage()));
        claim.release();
    }

    /** Whether the first request was told that the order exists: whose it is, a repetition would not tell. */
    private boolean strange(Exchange exchange, Claim claim) {
        return ways.apply(claim).equals("repost")
                && exchange.getProperty(Exchange.EXCEPTION_CAUGHT) instanceof CarrierFailed failed
                && failed.outcome() instanceof Outcome.InDoubt doubt
                && doubt.exists();
    }

    /** Whether the carrier can be asked, and it still makes sense to ask. */
    private boolean lookedInto(Claim claim) {
        return !ways.apply(claim).equals("operator")
                && clock.instant().isBefore(claim.acceptedAt().plus(backoff.age()));
    }

    private Duration later(Claim claim, Duration asked) {
        return backoff.after(claim.attempts(), asked.compareTo(backoff.settle()) > 0 ? asked : backoff.settle());
    }

    /**
     * {@code bury}: writes the files of the dead letter, then its row together with the order's end. An order whose files
     * cannot be written waits for that; an input that is no order yet stays where it is.
     */
    void bury(Exchange exchange) throws IOException {
        DeadLetter letter = exchange.getMessage().getBody(DeadLetter.class);
        Claim claim = exchange.getVariable(Current.CLAIM, Claim.class);
        if (claim == null) {
            ledger.append(deadLetters.write(letter));
        } else {
            Optional<List<Sql>> rows = written(letter, claim);
            if (rows.isEmpty()) {
                return;
            }
            claim.endings().dead(letter.stage(), letter.cause(), rows.get());
        }
        String order = claim == null
                ? letter.account() + ":" + letter.orderId()
                : claim.key().text();
        String carrier = claim == null ? null : claim.carrier();
        if (claim == null) {
            Logged.dead(LOG.atInfo(), letter);
        }
        tally.settled(new Tally.Settled(order, "dead-letter", carrier, null, words(letter)));
    }

    private Optional<List<Sql>> written(DeadLetter letter, Claim claim) {
        try {
            return Optional.of(deadLetters.write(letter));
        } catch (IOException e) {
            Duration delay = backoff.after(claim.attempts(), Duration.ZERO);
            String reason = "its dead letter (" + letter.cause() + ") cannot be written: " + e;
            claim.waits().putOff(delay, "dead-letter-not-written", reason);
            settled(claim, "waiting", reason + "; tried again in " + delay.toSeconds() + " s");
            return Optional.empty();
        }
    }

    private static String words(DeadLetter letter) {
        StringBuilder words = new StringBuilder(letter.message());
        letter.faults().forEach(fault -> words.append("; ").append(fault.message()));
        return words.toString();
    }

    private void settled(Claim claim, String state, String reason) {
        tally.settled(new Tally.Settled(claim.key().text(), state, claim.carrier(), null, reason));
    }

    private Verdict expired(Verdict verdict, Claim claim) {
        Instant last = claim.acceptedAt().plus(backoff.age());
        if (!verdict.kind().equals("waiting") || clock.instant().isBefore(last)) {
            return verdict;
        }
        if (claim.calls().inDoubt()) {
            return Verdict.inDoubt("it could not be looked into: " + verdict.message());
        }
        return Verdict.dead(
                "expired",
                "waited " + backoff.age().toHours() + " hours; " + verdict.message(),
                verdict.faults(),
                null);
    }

    static DeadLetter letter(Claim claim, String stage, Verdict verdict) {
        return new DeadLetter(
                claim.key().account(),
                claim.key().orderId(),
                claim.key().reissue(),
                claim.order().raw().getBytes(StandardCharsets.UTF_8),
                stage,
                verdict.cause(),
                verdict.message(),
                verdict.faults(),
                verdict.carrierAnswer(),
                verdict.next(claim, stage),
                claim.order().source());
    }
}
