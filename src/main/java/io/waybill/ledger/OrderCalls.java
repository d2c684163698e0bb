package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.time.Instant;
import java.util.Optional;

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
public final class OrderCalls {

    private static final String BOOK = "book";

    private final Ledger ledger;
    private final OrderKey key;
    private final OrderSteps steps;
    private boolean again;
    private boolean doubted;
    private Lease lease;

    OrderCalls(Ledger ledger, OrderKey key, OrderSteps steps) {
        this.ledger = ledger;
        this.key = key;
        this.steps = steps;
    }

    /** Whether a step was sent and its outcome is not yet known. */
    public boolean sent(String step) {
        return steps.is(step, Step.SENT);
    }

    /** Whether any call was sent and its outcome is not yet known. */
    public boolean sent() {
        return open().map(this::sent).orElse(false);
    }

    /** Whether nobody knows what the carrier did about a step. */
    public boolean inDoubt(String step) {
        return steps.is(step, Step.IN_DOUBT);
    }

    /** Whether nobody knows what the carrier did about any call. */
    public boolean inDoubt() {
        return open().map(this::inDoubt).orElse(false);
    }

    /** By which operation of its carrier a step was last sent, whatever the settings say by now. */
    public String sentBy(String step) {
        return ledger.queries().sentBy(key, step).orElse(step);
    }

    /** The call of the booking that was begun and is not done, if there is one. */
    public Optional<String> open() {
        return steps.call();
    }

    /** Whether the carrier was asked and did not surely do nothing; then the order stays with that carrier. */
    public boolean bound() {
        return sent(BOOK) || inDoubt(BOOK) || steps.done(BOOK);
    }

    /**
     * Allows a call to be sent once more although its outcome is in doubt.
     *
     * @param known whether the carrier was asked and surely has no such order; else it makes a repetition safe, and the doubt
     *     stays until it answers
     */
    public void allowAgain(boolean known) {
        again = true;
        doubted = !known;
    }

    /** Whether an earlier request of this call may have landed, whatever becomes of the present one. */
    public boolean doubted() {
        return doubted;
    }

    /** Whether these bytes may go out: while an earlier request may have landed, only the very same ones. */
    public boolean sameRequest(String step, String requestFingerprint) {
        return !doubted
                || steps.known(step)
                        .map(Step::request)
                        .filter(requestFingerprint::equals)
                        .isPresent();
    }

    /** @throws IllegalStateException if the outcome of a step is not known, so that nobody may run it again by himself */
    void check(String step) {
        if (sent(step) || inDoubt(step) && !again) {
            throw new IllegalStateException("order " + key + ": step '" + step + "' is "
                    + (sent(step) ? Step.SENT : Step.IN_DOUBT) + "; it waits to be resolved and is not sent again");
        }
    }

    /** Whether the call in doubt surely did not arrive. */
    boolean isAbsent() {
        return again && !doubted;
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
    void went(Lease before) {
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
