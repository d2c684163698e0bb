package io.waybill.route;

import io.waybill.ledger.Claim;
import io.waybill.ledger.FollowUp;
import io.waybill.mapping.FollowUpRule;
import io.waybill.order.Outcome;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * When a follow-up is asked next.
 *
 * <ol>
 *   <li>Each time without anything new it waits longer, as its rule says; something new begins the waits again.
 *   <li>What surely did not arrive, or was not understood, is asked soon and counts for nothing.
 *   <li>What the carrier throttles waits as long as the carrier wants.
 * </ol>
 */
final class FollowUpTimes {

    private static final Duration SOON = Duration.ofMinutes(5);
    private static final Duration OFF = Duration.ofDays(1);

    private final FollowUpRules rules;
    private final Clock clock;

    FollowUpTimes(FollowUpRules rules, Clock clock) {
        this.rules = rules;
        this.clock = clock;
    }

    /** The follow-up after it could not be asked or answered. */
    FollowUp later(Claim claim, FollowUp row, Throwable failure) {
        Duration wait = rules.of(claim, row.operation())
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
        return row.again(now().plus(soon), passing ? row.attempts() : row.attempts() + 1, FollowUps.words(failure));
    }

    private static boolean isThrottled(Throwable failure) {
        return failure instanceof CarrierFailed carrier && carrier.outcome() instanceof Outcome.Throttled;
    }

    /** Whatever is due of an order is tried again after a while; what was sent of its void is in doubt. */
    void letGo(Claim claim, Duration wait) {
        Instant at = now().plus(wait);
        Optional<FollowUp> cancel = claim.followUps().cancellation();
        if (claim.calls().sent(FollowUp.CANCEL) && cancel.isPresent()) {
            claim.endings()
                    .voidEnded(cancel.get()
                            .at(FollowUp.IN_DOUBT, at, "it could not be settled after the carrier was asked"));
            return;
        }
        claim.followUps().all().values().stream()
                .filter(row -> row.isOpen() && row.dueAt().isBefore(at))
                .forEach(row -> claim.followUps().follow(row.again(at, row.attempts(), row.detail())));
        claim.endings().rest();
    }

    /** As {@link #letGo(Claim, Duration)}, after a failure before anything was asked. */
    void letGo(Claim claim) {
        letGo(claim, SOON);
    }

    /** The follow-up after it was asked once more without anything new. */
    FollowUp next(Claim claim, FollowUp row) {
        return rules.of(claim, row.operation())
                .map(rule -> rule.isOnce() ? row.at(FollowUp.ENDED, "") : next(rule, row, ""))
                .orElse(row.again(now().plus(OFF), row.attempts(), row.detail()));
    }

    /** The follow-up after it brought something new. */
    FollowUp first(Claim claim, FollowUp row) {
        Optional<FollowUpRule> rule = rules.of(claim, row.operation());
        if (rule.filter(FollowUpRule::isOnce).isPresent()) {
            return row.at(FollowUp.ENDED, "");
        }
        return row.again(now().plus(rule.map(each -> each.wait(0)).orElse(OFF)), 0, "");
    }

    /** The follow-up after it was asked in vain, or could not be, which is said of it. */
    FollowUp next(FollowUpRule rule, FollowUp row, String why) {
        int attempts = row.attempts() + 1;
        return row.again(now().plus(rule.wait(attempts)), attempts, why);
    }

    /** The follow-up whose operation has no address at this time. */
    FollowUp off(FollowUp row) {
        return row.again(now().plus(OFF), row.attempts(), "is not set up any more");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
