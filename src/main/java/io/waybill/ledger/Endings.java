package io.waybill.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How the work on one order ends for now, without a wait for its carrier; each lets the order go.
 *
 * <ol>
 *   <li>A settled order is due with its next follow-up; one that is not goes on at once, unless its void comes first.
 *   <li>One in doubt stays so, also where it is given up: a replay must find the doubt again.
 *   <li>All that was joined, finished and noted since the last write becomes durable with the end, except by {@link #rest}.
 * </ol>
 */
public final class Endings {

    private final Claim claim;
    private final Ledger ledger;
    private final OrderJournal journal;
    private final OrderSteps steps;
    private final OrderFollowUps followUps;

    Endings(Claim claim, Ledger ledger, OrderJournal journal, OrderSteps steps, OrderFollowUps followUps) {
        this.claim = claim;
        this.ledger = ledger;
        this.journal = journal;
        this.steps = steps;
        this.followUps = followUps;
    }

    /**
     * Ends the booking: everything is done that can be done now, and the order is due again with its first follow-up.
     *
     * @param to {@code completed}, or {@code awaiting} if something that must come has not come yet
     */
    public void settle(String to) {
        changed(to, "{}", to);
    }

    /**
     * Lets the order go until its next follow-up is due. Nothing but the follow-ups is written, and the history does not grow;
     * whatever else was joined or brought since is dropped.
     */
    public void rest() {
        synchronized (claim) {
            journal.rest(resting(claim.state()), claim.forgottenLives());
            ledger.release(claim);
        }
    }

    /**
     * Lets the order go until its next follow-up is due, with everything that was joined, and a row in its history.
     *
     * @param what the operation or decision that changed something
     * @param detail JSON, never personal data
     * @param to the order's state from now on
     */
    public void changed(String what, String detail, String to) {
        claim.end(new LastWrite(resting(to), what, detail, List.of()));
    }

    /**
     * Records how the call of the order's void ended, if it was not done, and lets the order go.
     *
     * @param next what becomes of the void: {@code requested} again since surely nothing arrived, {@code refused} or {@code
     *     in-doubt}
     */
    public void voidEnded(FollowUp next) {
        followUps.follow(next);
        String to = next.state().equals(FollowUp.REQUESTED) ? Step.NOT_SENT : next.state();
        String stepState = to.equals(FollowUp.REFUSED) ? Step.REJECTED : to;
        List<Sql> effects = steps.known(FollowUp.CANCEL)
                .map(cancel -> List.of(journal.row(
                        new Step(FollowUp.CANCEL, stepState, cancel.attempt(), cancel.request()),
                        StepFacts.because(next.detail()))))
                .orElse(List.of());
        claim.end(new LastWrite(resting(claim.state()), FollowUp.CANCEL + "-" + to, "{}", effects));
    }

    /** Ends the order in the dead letters, with what is written of that; a replay may begin again where it stopped. */
    public void dead(String stage, String cause, List<Sql> deadLetter) {
        List<Sql> effects = new ArrayList<>(deadLetter);
        steps.undone().ifPresent(call -> {
            // given up while nobody knows what the carrier did: a replay must find the doubt again
            String state = steps.is(call, Step.IN_DOUBT) ? Step.IN_DOUBT : Step.REJECTED;
            Step next = new Step(call, state, Math.max(1, steps.attempt(call)));
            effects.add(journal.row(next, StepFacts.because(cause)));
        });
        OrderState known = claim.current();
        String detail = "{\"stage\":\"" + stage + "\",\"cause\":\"" + cause + "\"}";
        OrderState after = known.to("dead-letter", null, known.attempts(), null);
        claim.end(new LastWrite(after, "dead-letter", detail, effects));
    }

    /** A settled order is due with its next follow-up, a dead one never; the others go on at once, unless a void comes first. */
    private OrderState resting(String to) {
        boolean ended = Stored.isSettled(to) || to.equals("dead-letter");
        Instant next = ended || followUps.isVoidOpen() ? followUps.next() : ledger.now();
        String owner = Stored.isSettled(to) && next != null ? FollowUp.MARK : null;
        OrderState known = claim.current();
        return known.to(to, owner, known.attempts(), next);
    }

    /** Names the order only, as {@link Claim#toString} does. */
    @Override
    public String toString() {
        return "endings of order " + claim.key();
    }
}
