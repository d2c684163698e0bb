package io.waybill.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.order.OrderKey;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a replay would send beside what was sent then; asks nobody and changes nothing.
 *
 * @param rehearsal of one order, with a sentence under {@code says}
 */
record DryRuns(Function<OrderKey, ObjectNode> rehearsal, DeadOrders dead) {

    String dryRun(OrderKey key) {
        return rehearsed(key).toPrettyString();
    }

    List<String> dryRunCause(String cause) {
        return dead.each(cause, this::difference);
    }

    Map<String, Object> dryRunCauseAfter(String cause, OrderKey last) {
        return dead.walk(cause, last, this::difference);
    }

    private String difference(OrderKey key) {
        ObjectNode told;
        try {
            told = rehearsed(key);
        } catch (IllegalArgumentException meanwhile) {
            return Row.visible(meanwhile.getMessage());
        }
        JsonNode faults = told.path("faults");
        return "order " + key + ": " + Row.visible(told.path("says").asText())
                + (faults.isEmpty() ? "" : ": " + Row.visible(faults.path(0).asText()));
    }

    private ObjectNode rehearsed(OrderKey key) {
        try {
            return rehearsal.apply(key);
        } catch (LedgerUnavailable away) {
            throw away;
        } catch (RuntimeException e) {
            // only the sentence travels: classes of ours are not known to a JMX client
            throw new IllegalArgumentException(e.getMessage());
        }
    }
}
