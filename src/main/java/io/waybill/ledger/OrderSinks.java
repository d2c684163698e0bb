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
final class OrderSinks {

    private final List<Sql> joined = new ArrayList<>();
    private final Map<String, String> failures = new HashMap<>();
    private final Map<String, String> refusals = new HashMap<>();
    private int begun;

    /** What is joined from now on belongs to another step. */
    void begin() {
        begun = joined.size();
    }

    void join(Sql row) {
        joined.add(row);
    }

    void finished(String step) {
        failures.remove(step);
        begun = joined.size();
    }

    void failed(String step, String reason) {
        dropUnfinished();
        failures.put(step, reason);
    }

    boolean hasFailed() {
        return !failures.isEmpty();
    }

    Map<String, String> failures() {
        return Map.copyOf(failures);
    }

    void refused(String step, String reason) {
        dropUnfinished();
        refusals.put(step, reason);
    }

    Map<String, String> refusals() {
        return Map.copyOf(refusals);
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
