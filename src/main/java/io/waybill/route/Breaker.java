package io.waybill.route;

import io.waybill.ledger.CarrierState;
import io.waybill.ledger.Claim;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.ledger.Pauses;
import io.waybill.order.Outcome;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses a carrier that does not do its work, and lets it go on when it does.
 *
 * <ol>
 *   <li>A call failed if it was not sent, if the carrier asked to wait, if no answer came, or if it was one that no rule of
 *       the carrier's folder knows. Every other answer, a refusal too, says that the carrier works: what it refuses, the
 *       credentials of one account included, is a matter of that order or account and stops no others.
 *   <li>So many failed calls in a row on one node pause the carrier for all nodes.
 *   <li>Where a carrier has several accounts, calls that were only put off, and for one account only, pause nothing: its
 *       orders wait each for themselves.
 *   <li>A paused carrier gets one order at a time as a probe, after growing waits. The first answer to a probe ends the pause.
 * </ol>
 */
final class Breaker {

    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    /**
     * When a carrier is paused, and for how long.
     *
     * @param after failed calls in a row, 0 for never
     * @param first the wait before the first probe
     * @param longest the longest wait, unless the carrier asks for more
     * @param age the longest wait whatever the carrier asks for
     */
    record Policy(int after, Duration first, Duration longest, Duration age) {

        static Policy of(Settings settings, Duration age) {
            return new Policy(
                    settings.number("waybill.pause.after-calls"),
                    Duration.ofSeconds(settings.number("waybill.pause.first-seconds")),
                    Duration.ofSeconds(settings.number("waybill.pause.longest-seconds")),
                    age);
        }

        Duration wait(int probes, Duration asked) {
            Duration grown = first.multipliedBy(1L << Math.min(probes, 20));
            Duration wait = grown.compareTo(longest) > 0 ? longest : grown;
            Duration longer = asked.compareTo(wait) > 0 ? asked : wait;
            return longer.compareTo(age) > 0 ? age : longer;
        }
    }

    private final Pauses pauses;
    private final Policy policy;
    private final Settings settings;
    private final Predicate<Claim> whole;
    private final Map<String, FailedCalls> failed = new ConcurrentHashMap<>();
    private final Map<String, Boolean> severalAccounts = new ConcurrentHashMap<>();

    /** @param whole whether the booking of an order whose create is done takes no further call */
    Breaker(Pauses pauses, Policy policy, Settings settings, Predicate<Claim> whole) {
        this.pauses = pauses;
        this.policy = policy;
        this.settings = settings;
        this.whole = whole;
    }

    /**
     * Lets an order go on towards its carrier; one that is booked asks it for nothing more.
     *
     * @throws CarrierPaused if the carrier is paused and the order is not its probe
     */
    void admit(Claim claim) {
        Optional<CarrierState> pause = pauses.paused(claim.carrier());
        if (pause.isPresent() && !isBooked(claim) && (pause.get().isByHand() || !pauses.probes(claim.key()))) {
            throw new CarrierPaused(pause.get());
        }
    }

    /** Why an order would have to wait for its carrier, empty if it works. */
    Optional<String> pause(Claim claim) {
        return Optional.ofNullable(claim.carrier())
                .flatMap(pauses::paused)
                .filter(pause -> !claim.isSettled() && !isBooked(claim))
                .map(CarrierState::words);
    }

    /**
     * Lets a question or a void out after the booking. The carrier is asked even if nothing but such is left, so that a pause
     * does not last for want of a booking to try.
     *
     * @throws CarrierPaused if the carrier is paused and the order does not become its probe
     */
    void admitLater(Claim claim) {
        Optional<CarrierState> pause = pauses.paused(claim.carrier());
        if (pause.isPresent() && !pauses.becomeProbe(claim.carrier(), claim.key())) {
            throw new CarrierPaused(pause.get());
        }
    }

    /** A call was answered. */
    void answered(Claim claim, Outcome outcome) {
        if (outcome instanceof Outcome.Throttled throttled) {
            failed(claim, new FailedCalls.Call(claim.key().account(), throttled.reason(), throttled.delay(), true));
        } else if (outcome instanceof Outcome.NotSent notSent) {
            failed(claim, unanswered(claim, notSent.reason()));
        } else if (outcome instanceof Outcome.InDoubt doubt && !doubt.understood()) {
            failed(claim, unanswered(claim, doubt.reason()));
        } else {
            works(claim);
        }
    }

    /**
     * The work on an order broke off; if that was in the middle of a call, no answer came.
     *
     * @param asked whether it was about to ask the carrier something that changes nothing there
     */
    void unanswered(Claim claim, Throwable failure, boolean asked) {
        // waiting for a connection of our own pool says nothing of the carrier
        if (failure instanceof IOException
                && !(failure.getCause() instanceof ConnectionRequestTimeoutException)
                && (asked || claim.calls().sent() || claim.calls().inDoubt())) {
            failed(claim, unanswered(claim, Verdict.words(failure)));
        }
    }

    /**
     * What a pause of this carrier says, if there is one and it does not end before the time that the carrier asked for.
     *
     * @param carrier null where none was chosen yet
     */
    Optional<String> pauseAtLeast(String carrier, Duration asked) {
        return Optional.ofNullable(carrier)
                .flatMap(pauses::paused)
                .filter(pause -> asked.isZero() || !severalAccounts(carrier))
                .map(CarrierState::words);
    }

    /** An order that a person adopted may have calls left that were never begun. */
    private boolean isBooked(Claim claim) {
        return claim.done("book") && claim.calls().open().isEmpty() && whole.test(claim);
    }

    private void works(Claim claim) {
        FailedCalls calls = failed.get(claim.carrier());
        if (calls != null) {
            calls.forget();
        }
        if (pauses.probes(claim.key())) {
            write(() -> pauses.answered(claim.key()));
        }
    }

    private void failed(Claim claim, FailedCalls.Call call) {
        String carrier = claim.carrier();
        if (pauses.probes(claim.key())) {
            Duration asked = severalAccounts(carrier) ? Duration.ZERO : call.asked();
            Duration wait = policy.wait(pauses.state(carrier).probes() + 1, asked);
            // one that is put off, or fails to be looked up, may be so for a reason of its own
            boolean another = call.putOff() || claim.calls().inDoubt();
            write(() -> pauses.failed(claim.key(), wait, another));
        } else if (policy.after() > 0 && pauses.paused(carrier).isEmpty()) {
            FailedCalls calls = failed.computeIfAbsent(carrier, each -> new FailedCalls());
            FailedCalls.Run run = calls.add(call);
            if (run.count() >= policy.after() && !(run.oneAccountPutOff() && severalAccounts(carrier))) {
                String reason = run.count() + " calls in a row failed, the last: " + call.reason();
                write(() -> pauses.pause(carrier, reason, policy.wait(0, run.asked())));
                calls.forget();
            }
        }
    }

    private FailedCalls.Call unanswered(Claim claim, String reason) {
        return new FailedCalls.Call(claim.key().account(), reason, Duration.ZERO, false);
    }

    private boolean severalAccounts(String carrier) {
        return severalAccounts.computeIfAbsent(
                carrier,
                each -> settings.below("waybill.account.").keySet().stream()
                                .map(name -> name.split("\\.", 3))
                                .filter(words -> words.length > 1 && words[1].equals(each))
                                .map(words -> words[0])
                                .distinct()
                                .count()
                        > 1);
    }

    /** While the database is away nothing is paused; the next failed call tries again. */
    private static void write(Runnable change) {
        try {
            change.run();
        } catch (LedgerUnavailable e) {
            LOG.debug("a carrier's state cannot be written: {}", e.getMessage());
        }
    }
}
