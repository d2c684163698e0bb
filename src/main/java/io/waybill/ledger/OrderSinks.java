package io.waybill.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What sinks made of one order since its last write.
 *
 * <ol>
 *   <li>The rows that a step joins become durable with the order's next write, if the step is finished until then.
 *   <li>Those of a step that failed or refused are dropped, and why is known as long as the claim is held.
 * </ol>
 */
public final class OrderSinks {

    private final OrderSteps steps;
    private final List<Sql> joined = new ArrayList<>();
    private final Map<String, String> failures = new HashMap<>();
    private final Map<String, String> refusals = new HashMap<>();
    private int begun;

    OrderSinks(OrderSteps steps) {
        this.steps = steps;
    }

    /** Adds a row that becomes durable together with the order's next write. */
    public void join(Sql row) {
        joined.add(row);
    }

    /** Marks a step as done; durable with the order's next write. */
    public void finish(String step) {
        if (!steps.done(step)) {
            steps.finish(step);
            failures.remove(step);
            begin();
        }
    }

    /** Remembers why a sink failed, so that the order waits for it; the rows that it joined before are dropped. */
    public void failed(String step, String reason) {
        dropUnfinished();
        failures.put(step, reason);
    }

    /** The same of a sink that did not even begin; what others joined stays. */
    public void missed(String step, String reason) {
        begin();
        failed(step, reason);
    }

    /** Why sinks failed in this run, by step. */
    public Map<String, String> failures() {
        return Map.copyOf(failures);
    }

    /** Remembers that what the carrier sent for a sink is of no use, however often it is tried. */
    public void refused(String step, String reason) {
        dropUnfinished();
        refusals.put(step, reason);
    }

    /** Why sinks refused what the carrier sent, by step. */
    public Map<String, String> refusals() {
        return Map.copyOf(refusals);
    }

    /** What is joined from now on belongs to another step. */
    void begin() {
        begun = joined.size();
    }

    boolean hasFailed() {
        return !failures.isEmpty();
    }

    List<Sql> rows() {
        return List.copyOf(joined);
    }

    void forget() {
        joined.clear();
        begun = 0;
    }

    private void dropUnfinished() {
        joined.subList(Math.min(begun, joined.size()), joined.size()).clear();
    }
}
