package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The steps of one order: what the ledger knows of them, and what was said since the order's last write.
 *
 * <ol>
 *   <li>A step that was finished or noted counts as done at once, for whoever asks here; it is durable with the next write.
 *   <li>{@link #written} makes known what was said, {@link #forget} drops it.
 * </ol>
 */
final class OrderSteps {

    /** What a call that is not done may be; what is doubtful comes first. */
    static final List<String> OPEN = List.of(Step.SENT, Step.IN_DOUBT, Step.NOT_SENT, Step.REJECTED);

    private static final String BOOK = "book";

    private final OrderKey key;
    private final Map<String, Step> known = new HashMap<>();
    private final Map<String, Step> finished = new HashMap<>();
    private final List<Note> notes = new ArrayList<>();
    private final Set<String> reopened = new HashSet<>();

    /** A row of the history to come; with it, if not null, a step of which more than its state is kept. */
    record Note(String what, String detail, Step step, StepFacts facts) {}

    OrderSteps(OrderKey key) {
        this.key = key;
    }

    void remember(List<Step> stored) {
        stored.forEach(this::know);
    }

    /** A step that is durable as it is. */
    void know(Step step) {
        known.put(step.name(), step);
    }

    Optional<Step> known(String name) {
        return Optional.ofNullable(known.get(name));
    }

    boolean is(String name, String state) {
        Step step = known.get(name);
        return step != null && step.state().equals(state) && !noted(name);
    }

    boolean done(String name) {
        Step step = known.get(name);
        boolean wasDone = step != null && step.state().equals(Step.DONE) || noted(name);
        return finished.containsKey(name) || !reopened.contains(name) && wasDone;
    }

    int attempt(String name) {
        Step step = known.get(name);
        return step == null ? 0 : step.attempt();
    }

    /** The call of the booking that was begun and is not done, if there is one. */
    Optional<String> call() {
        return known.values().stream()
                .filter(step -> OPEN.contains(step.state()) && !noted(step.name()))
                .filter(step -> !step.name().equals(FollowUp.CANCEL))
                .min(Comparator.comparingInt(step -> OPEN.indexOf(step.state())))
                .map(Step::name);
    }

    /** The call that is not done, if there is one; else the booking, unless it is done. */
    Optional<String> undone() {
        return call().or(() -> done(BOOK) ? Optional.empty() : Optional.of(BOOK));
    }

    void note(Note note) {
        notes.add(note);
    }

    List<Note> notes() {
        return List.copyOf(notes);
    }

    void finish(String name) {
        finished.put(name, new Step(name, Step.DONE, attempt(name) + 1));
    }

    /** The steps that were finished since the last write. */
    List<String> finished() {
        return finished.isEmpty()
                ? List.of()
                : finished.keySet().stream().sorted().toList();
    }

    void reopen(String name) {
        reopened.add(name);
    }

    Sql row(Step next, StepFacts facts, String actor, Instant now) {
        return known.containsKey(next.name())
                ? Statements.updateStep(key, next, facts, actor, now)
                : Statements.insertStep(key, next, facts, actor, now);
    }

    /** The rows of what was finished; the steps that were never begun before, which is the rule, in one statement. */
    List<Sql> finishedRows(String actor, Instant now) {
        List<Sql> rows = new ArrayList<>();
        List<Step> first = new ArrayList<>();
        for (Step step : finished.values()) {
            if (known.containsKey(step.name())) {
                rows.add(row(step, StepFacts.NONE, actor, now));
            } else {
                first.add(step);
            }
        }
        if (!first.isEmpty()) {
            rows.add(Statements.insertDone(key, first, actor, now));
        }
        return rows;
    }

    /** What was said is durable. */
    void written() {
        known.putAll(finished);
        for (Note note : notes) {
            if (note.step != null) {
                know(note.step);
            }
        }
        forget();
    }

    void forget() {
        reopened.clear();
        notes.clear();
        finished.clear();
    }

    private boolean noted(String name) {
        return notes.stream()
                .anyMatch(note -> note.step != null && note.step.name().equals(name));
    }
}
