package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.time.Instant;

/**
 * The calls of one order: which of them may go out, and what is noted of each.
 *
 * <ol>
 *   <li>What was sent does not go out again; what is in doubt goes out once it is allowed again, which is used up by that.
 *   <li>Where an earlier request may have landed, the doubt stays until the carrier answers, and only the very same bytes may
 *       go out.
 *   <li>What was recorded as sent may leave only as long as nobody can have taken the order over.
 * </ol>
 */
final class OrderCalls {

    private static final String BOOK = "book";

    private final OrderKey key;
    private final OrderSteps steps;
    private boolean again;
    private boolean doubted;
    private Lease lease;

    OrderCalls(OrderKey key, OrderSteps steps) {
        this.key = key;
        this.steps = steps;
    }

    /** @throws IllegalStateException if the outcome of a step is not known, so that nobody may run it again by himself */
    void check(String step) {
        boolean sent = steps.is(step, Step.SENT);
        if (sent || steps.is(step, Step.IN_DOUBT) && !again) {
            throw new IllegalStateException("order " + key + ": step '" + step + "' is "
                    + (sent ? Step.SENT : Step.IN_DOUBT) + "; it waits to be resolved and is not sent again");
        }
    }

    /** Whether the carrier was asked and did not surely do nothing. */
    boolean bound() {
        return steps.is(BOOK, Step.SENT) || steps.is(BOOK, Step.IN_DOUBT) || steps.done(BOOK);
    }

    /** @param known whether the carrier surely has no such order */
    void allowAgain(boolean known) {
        again = true;
        doubted = !known;
    }

    boolean isDoubted() {
        return doubted;
    }

    /** Whether the call in doubt surely did not arrive. */
    boolean isAbsent() {
        return again && !doubted;
    }

    boolean sameRequest(String step, String requestFingerprint) {
        return !doubted
                || steps.known(step)
                        .map(Step::request)
                        .filter(requestFingerprint::equals)
                        .isPresent();
    }

    /** What is noted of a call before it goes out. */
    OrderSteps.Note going(String step, StepFacts facts) {
        Step next = new Step(step, Step.SENT, steps.attempt(step) + 1, facts.requestFingerprint());
        String detail = "{\"attempt\":" + next.attempt() + ",\"request\":\"" + facts.requestFingerprint()
                + "\",\"mapping\":\"" + facts.mappingVersion()
                + (facts.operation() == null ? "" : "\",\"operation\":\"" + facts.operation()) + "\"}";
        return new OrderSteps.Note(step + "-sent", detail, next, facts);
    }

    /** @param before the lease as it was before that was written */
    void sent(Lease before) {
        lease = before;
        again = false;
    }

    boolean mayLeave(Instant now) {
        return lease == null || lease.lasts(now);
    }

    /** What is noted of the carrier's answer to a call. */
    OrderSteps.Note brought(String step, StepFacts facts) {
        String mapping = facts.mappingVersion() == null ? "" : "\",\"mapping\":\"" + facts.mappingVersion();
        String detail = "{\"response\":\"" + facts.responseFingerprint() + mapping + "\"}";
        String what = step.equals(BOOK) ? "booked" : step + "-done";
        return new OrderSteps.Note(what, detail, new Step(step, Step.DONE, steps.attempt(step)), facts);
    }

    void answered() {
        doubted = false;
        lease = null;
    }
}
