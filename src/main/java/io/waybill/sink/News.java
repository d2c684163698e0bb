package io.waybill.sink;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * What is new of a shipment, after what a carrier said later was laid over it.
 *
 * @param source which operation said it, for the rows: {@code birdsystem track}
 * @param events the tracking events that were not known
 * @param charges rows to add, so that the sum of all rows of a kind and currency is what the carrier said last
 * @param fields which fields of the shipment changed
 */
public record News(String source, ArrayNode events, ArrayNode charges, Set<String> fields) {

    /** Whether there is none. */
    public boolean isEmpty() {
        return fields.isEmpty() && events.isEmpty() && charges.isEmpty();
    }

    /** What it is about, for the history: no text of the carrier, no personal data. */
    public ObjectNode summary(ObjectNode shipment) {
        ObjectNode summary = JsonNodeFactory.instance.objectNode();
        if (fields.contains("status")) {
            summary.put("status", shipment.path("status").asText());
        }
        if (!fields.isEmpty()) {
            summary.put("fields", String.join(" ", fields));
        }
        if (!events.isEmpty()) {
            summary.put("events", events.size());
        }
        if (!charges.isEmpty()) {
            summary.put("charges", charges.size());
        }
        return summary;
    }
}
