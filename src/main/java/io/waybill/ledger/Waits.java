package io.waybill.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How an order that has not come to its end waits to go on; each lets the order go.
 *
 * <ol>
 *   <li>One that is postponed or waits for its carrier has nothing on its way there: its call was not sent.
 *   <li>One in doubt stays so, unless its call was allowed again because the carrier surely has no such order.
 *   <li>One that waits for its carrier or its turn keeps its place, and no attempt is counted.
 * </ol>
 */
public final class Waits {

    /** What the history says of an order that waits for its carrier: why. */
    private static final String PAUSED = "paused";

    private static final String QUEUED = "queued";

    private final Claim claim;
    private final Ledger ledger;
    private final OrderJournal journal;
    private final OrderSteps steps;
    private final OrderCalls calls;
    private boolean anew;

    Waits(Claim claim, Ledger ledger, OrderJournal journal, OrderSteps steps, OrderCalls calls) {
        this.claim = claim;
        this.ledger = ledger;
        this.journal = journal;
        this.steps = steps;
        this.calls = calls;
    }

    /**
     * Lets the order go until later; nothing is on its way to the carrier. What is in doubt stays so, unless it was allowed
     * again because it surely is not there.
     */
    public void postpone(Duration delay, String reason) {
        postpone(delay, null, reason);
    }

    /**
     * As {@link #postpone(Duration, String)}.
     *
     * @param cause a word of ours for it, which the history and the log say too
     */
    public void postpone(Duration delay, String cause, String reason) {
        claim.end(postponed(delay, cause, reason));
    }

    /** As {@link #postpone(Duration, String, String)} of an order that was not worked on: who died with it counts on. */
    public void putOff(Duration delay, String cause, String reason) {
        claim.end(postponed(delay, cause, reason), List.of());
    }

    /**
     * Lets the order go until its carrier is no longer paused. It keeps its place by its acceptance, no attempt is counted,
     * and what is in doubt stays so.
     */
    public void awaitCarrier(String reason) {
        claim.end(paused(reason));
    }

    /** As {@link #awaitCarrier} of an order that was not worked on: who died with it counts on. */
    public void leaveToCarrier(String reason) {
        claim.end(paused(reason), List.of());
    }

    /** As {@link #awaitCarrier}, since more of its orders came than the carrier takes; it goes on when it is its turn. */
    public void awaitTurn(String reason) {
        ledger.pauses().know(claim.carrier());
        claim.end(parked(claim.acceptedAt(), QUEUED, reason), List.of());
    }

    /**
     * Parks the order, since nobody knows whether the carrier did it.
     *
     * @param delay when it is looked into again, null if an operator decides
     */
    public void inDoubt(String reason, Duration delay) {
        claim.end(doubted(reason, delay));
    }

    /** A person decided that it goes on: its waits count from its next write, as if it was accepted then. */
    public void anew() {
        anew = true;
    }

    /** What the order's last write says of that. */
    List<Sql> rows() {
        return anew ? List.of(Statements.waitAnew(claim.key(), ledger.now())) : List.of();
    }

    private LastWrite postponed(Duration delay, String cause, String reason) {
        if (calls.inDoubt() && !calls.isAbsent()) {
            return doubted(reason, delay);
        }
        OrderState known = claim.current();
        List<Sql> effects = steps.undone().map(step -> notSent(step, reason)).orElse(List.of());
        int times = known.attempts() + 1;
        String detail = "{\"attempts\":" + times + ",\"seconds\":" + delay.toSeconds()
                + (cause == null ? "}" : ",\"cause\":\"" + cause + "\"}");
        String to = steps.undone().isEmpty() ? "booked" : "waiting";
        return new LastWrite(known.to(to, null, times, ledger.now().plus(delay)), "waiting", detail, effects);
    }

    private LastWrite doubted(String reason, Duration delay) {
        OrderState known = claim.current();
        String call = steps.call().orElse("book");
        String sent = steps.known(call).map(Step::request).orElse(null);
        Step next = new Step(call, Step.IN_DOUBT, steps.attempt(call), sent);
        Instant dueAt = delay == null ? null : ledger.now().plus(delay);
        OrderState after = known.to("in-doubt", null, known.attempts() + 1, dueAt);
        return new LastWrite(after, "in-doubt", "{}", List.of(journal.row(next, StepFacts.because(reason))));
    }

    private LastWrite paused(String reason) {
        return parked(anew ? ledger.now() : claim.acceptedAt(), PAUSED, reason);
    }

    /** Until its carrier goes on, or there is room in its queue; it has its place among those that wait. */
    private LastWrite parked(Instant place, String what, String reason) {
        OrderState known = claim.current();
        Optional<String> call = steps.call();
        boolean doubt = calls.inDoubt();
        List<Sql> effects =
                call.filter(each -> !doubt).map(each -> notSent(each, reason)).orElse(List.of());
        String to = doubt ? "in-doubt" : "waiting";
        OrderState after = known.to(to, Pauses.mark(known.carrier()), known.attempts(), place);
        return new LastWrite(after, what, Pauses.because(reason), effects);
    }

    private List<Sql> notSent(String call, String reason) {
        return List.of(journal.row(new Step(call, Step.NOT_SENT, steps.attempt(call)), StepFacts.because(reason)));
    }
}
