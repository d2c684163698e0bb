package io.waybill.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the work on one order ends for now: what its row says then, what of its call, and what its history.
 *
 * <ol>
 *   <li>A settled order is due with its next follow-up; one that is not goes on at once, unless its void comes first.
 *   <li>One that is postponed or waits for its carrier has nothing on its way there: its call was not sent.
 *   <li>One in doubt stays so, also where it is given up: a replay must find the doubt again.
 * </ol>
 */
final class Endings {

    private static final String BOOK = "book";

    private final Ledger ledger;
    private final OrderJournal journal;
    private final OrderSteps steps;
    private final OrderFollowUps followUps;

    /**
     * One write that lets the order go.
     *
     * @param what the row in the history
     * @param detail of that row, as JSON
     * @param effects what is written beside it
     */
    record Ending(OrderState after, String what, String detail, List<Sql> effects) {}

    Endings(Ledger ledger, OrderJournal journal, OrderSteps steps, OrderFollowUps followUps) {
        this.ledger = ledger;
        this.journal = journal;
        this.steps = steps;
        this.followUps = followUps;
    }

    Ending settled(OrderState known, String to) {
        return changed(known, to, "{}", to);
    }

    Ending changed(OrderState known, String what, String detail, String to) {
        return new Ending(resting(known, to), what, detail, List.of());
    }

    Ending voidEnded(OrderState known, FollowUp next) {
        String to = next.state().equals(FollowUp.REQUESTED) ? Step.NOT_SENT : next.state();
        String stepState = to.equals(FollowUp.REFUSED) ? Step.REJECTED : to;
        List<Sql> effects = steps.known(FollowUp.CANCEL)
                .map(cancel -> List.of(journal.row(
                        new Step(FollowUp.CANCEL, stepState, cancel.attempt(), cancel.request()),
                        StepFacts.because(next.detail()))))
                .orElse(List.of());
        return new Ending(resting(known, known.state()), FollowUp.CANCEL + "-" + to, "{}", effects);
    }

    Ending postponed(OrderState known, Duration delay, String cause, String reason) {
        Optional<String> call = steps.call();
        List<Sql> effects = call.or(this::unbooked)
                .map(step -> List.of(
                        journal.row(new Step(step, Step.NOT_SENT, steps.attempt(step)), StepFacts.because(reason))))
                .orElse(List.of());
        int times = known.attempts() + 1;
        String detail = "{\"attempts\":" + times + ",\"seconds\":" + delay.toSeconds()
                + (cause == null ? "}" : ",\"cause\":\"" + cause + "\"}");
        String to = steps.done(BOOK) && call.isEmpty() ? "booked" : "waiting";
        return new Ending(known.to(to, null, times, ledger.now().plus(delay)), "waiting", detail, effects);
    }

    /**
     * Until its carrier is no longer paused, or there is room in its queue; its place among those that wait is that of its
     * acceptance, or of now.
     */
    Ending parked(OrderState known, Instant place, String what, String reason) {
        Optional<String> call = steps.call();
        boolean doubt = call.map(this::inDoubt).orElse(false);
        List<Sql> effects = call.filter(each -> !doubt)
                .map(each -> List.of(
                        journal.row(new Step(each, Step.NOT_SENT, steps.attempt(each)), StepFacts.because(reason))))
                .orElse(List.of());
        String to = doubt ? "in-doubt" : "waiting";
        OrderState after = known.to(to, Pauses.mark(known.carrier()), known.attempts(), place);
        return new Ending(after, what, Pauses.because(reason), effects);
    }

    Ending inDoubt(OrderState known, String reason, Duration delay) {
        String call = steps.call().orElse(BOOK);
        String sent = steps.known(call).map(Step::request).orElse(null);
        Step next = new Step(call, Step.IN_DOUBT, steps.attempt(call), sent);
        Instant dueAt = delay == null ? null : ledger.now().plus(delay);
        OrderState after = known.to("in-doubt", null, known.attempts() + 1, dueAt);
        return new Ending(after, "in-doubt", "{}", List.of(journal.row(next, StepFacts.because(reason))));
    }

    Ending dead(OrderState known, String stage, String cause, List<Sql> deadLetter) {
        List<Sql> effects = new ArrayList<>(deadLetter);
        steps.call().or(this::unbooked).ifPresent(call -> {
            // given up while nobody knows what the carrier did: a replay must find the doubt again
            String state = inDoubt(call) ? Step.IN_DOUBT : Step.REJECTED;
            Step next = new Step(call, state, Math.max(1, steps.attempt(call)));
            effects.add(journal.row(next, StepFacts.because(cause)));
        });
        String detail = "{\"stage\":\"" + stage + "\",\"cause\":\"" + cause + "\"}";
        return new Ending(known.to("dead-letter", null, known.attempts(), null), "dead-letter", detail, effects);
    }

    /** A settled order is due with its next follow-up, a dead one never; the others go on at once, unless a void comes first. */
    OrderState resting(OrderState known, String to) {
        boolean ended = Stored.isSettled(to) || to.equals("dead-letter");
        Instant next = ended || followUps.isVoidOpen() ? followUps.next() : ledger.now();
        String owner = Stored.isSettled(to) && next != null ? FollowUp.MARK : null;
        return known.to(to, owner, known.attempts(), next);
    }

    private Optional<String> unbooked() {
        return steps.done(BOOK) ? Optional.empty() : Optional.of(BOOK);
    }

    private boolean inDoubt(String call) {
        return steps.is(call, Step.IN_DOUBT);
    }
}
