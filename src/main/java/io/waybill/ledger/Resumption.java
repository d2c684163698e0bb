package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the work on an order would go on.
 *
 * @param order its row
 * @param bound whether its carrier was asked and did not surely do nothing; then the order stays with that carrier
 * @param call the call of the booking that was begun and is not done, null if there is none
 * @param results what each step that is done produced, as JSON, by its name
 */
public record Resumption(Stored order, boolean bound, OpenCall call, Map<String, String> results) {

    /**
     * A call that was begun and is not done.
     *
     * @param mapping the version of the mapping that made it, null if nothing was ever sent
     * @param fingerprint SHA-256 of the bytes that were sent, null if nothing was
     * @param request what was asked for, as JSON without secrets; null where it is not kept
     */
    public record OpenCall(String step, String state, String mapping, String fingerprint, String request) {}

    /** Of an order; empty if nobody knows it. */
    static Optional<Resumption> of(Queries queries, OrderKey key) {
        Map<String, OpenCall> calls = new HashMap<>();
        queries.ofOrder(
                "select step, state, mapping_version, request_fingerprint, request from step" + Queries.KEY,
                key,
                row -> calls.put(
                        row.getString(1),
                        new OpenCall(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5))));
        OpenCall book = calls.get("book");
        boolean bound =
                book != null && List.of(Step.SENT, Step.IN_DOUBT, Step.DONE).contains(book.state());
        return queries.find(key)
                .map(order -> new Resumption(
                        order,
                        bound,
                        calls.values().stream()
                                .filter(call -> OrderSteps.OPEN.contains(call.state()))
                                .filter(call -> !call.step().equals(FollowUp.CANCEL))
                                .min(Comparator.comparingInt(call -> OrderSteps.OPEN.indexOf(call.state())))
                                .orElse(null),
                        queries.results(key)));
    }
}
