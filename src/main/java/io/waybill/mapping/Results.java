package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.Parser;
import io.waybill.order.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finishes a mapped result: warnings for every field that the order has and the carrier does not take, and no value in it
 * that a later part could stumble over. A confirmed order is never refused here; what is wrong is left out and told.
 */
final class Results {

    private static final Rules RULES = Rules.of(Declaration.resource("result.schema.json"));

    private final String carrier;
    private final List<Unsent> unsent = new ArrayList<>();
    private final JsonNode options;

    /** @param options what the conditions know as {@code $options} */
    Results(String carrier, JsonNode facts, JsonNode options, OrderSchema orders) {
        this.carrier = carrier;
        this.options = options;
        for (JsonNode entry : facts.path("not-sent")) {
            String field = entry.path("field").asText();
            Expression when =
                    entry.has("when") ? Parser.compileString(entry.path("when").asText()) : null;
            unsent.add(new Unsent(
                    field, List.of(field.split("\\.")), entry.path("reason").asText(), orders.defaultOf(field), when));
        }
    }

    /** A field that this carrier does not take; its default need not be told. */
    private record Unsent(String field, List<String> names, String reason, JsonNode declared, Expression when) {

        private boolean isGiven(JsonNode at, int depth) {
            JsonNode value = at.get(names.get(depth));
            if (value == null) {
                return false;
            }
            if (depth + 1 == names.size()) {
                return !isEmpty(value) && !value.equals(declared);
            }
            if (!value.isArray()) {
                return isGiven(value, depth + 1);
            }
            for (JsonNode entry : value) {
                if (isGiven(entry, depth + 1)) {
                    return true;
                }
            }
            return false;
        }

        private boolean isIn(JsonNode order, Map<String, JsonNode> variables) {
            return isGiven(order, 0)
                    && (when == null || when.apply(variables, order).booleanValue());
        }
    }

    ObjectNode finish(ObjectNode result, ObjectNode order, JsonNode account, List<Fault> met) {
        // what stands below its own fields may be the answer's and is not touched
        ObjectNode finished = result.objectNode();
        finished.setAll(result);
        if (finished.has("label")) {
            // it becomes the label that is stored
            finished.set("label", finished.get("label").deepCopy());
        }
        supply(finished, order.path("label"));
        ArrayNode warnings = result.arrayNode();
        result.path("warnings").forEach(warnings::add);
        finished.set("warnings", warnings);
        met.forEach(fault -> warnings.add(fault.message()));
        unsent(order, account).forEach(warnings::add);
        for (Fault fault : RULES.faults(finished)) {
            remove(finished, fault.pointer());
            warnings.add("the answer's " + fault.message() + "; it was left out");
        }
        if (warnings.isEmpty()) {
            finished.remove("warnings");
        }
        return finished;
    }

    /** What the order has and the carrier does not take. */
    List<String> unsent(ObjectNode order, JsonNode account) {
        Map<String, JsonNode> variables = Map.of("account", account, "options", options);
        return unsent.stream()
                .filter(entry -> entry.isIn(order, variables))
                .map(entry -> "not sent to " + carrier + ": " + entry.field() + " (" + entry.reason() + ")")
                .toList();
    }

    /** A part of a shipment: what is only missing may be so. */
    ObjectNode checked(ObjectNode later, List<Fault> met) {
        ObjectNode checked = later.deepCopy();
        ArrayNode warnings = checked.withArrayProperty("warnings");
        met.forEach(fault -> warnings.add(fault.message()));
        for (Fault fault : RULES.faults(checked)) {
            if (checked.has(field(fault.pointer()))) {
                remove(checked, fault.pointer());
                warnings.add("the answer's " + fault.message() + "; it was left out");
            }
        }
        if (warnings.isEmpty()) {
            checked.remove("warnings");
        }
        return checked;
    }

    ObjectNode laidOver(ObjectNode result, ObjectNode later) {
        ObjectNode known = later.deepCopy();
        ObjectNode laid = result.deepCopy();
        ArrayNode warnings = laid.withArrayProperty("warnings");
        warnings.addAll(known.withArrayProperty("warnings"));
        for (Fault fault : RULES.faults(known)) {
            // what is only missing stands in the earlier result
            if (known.has(field(fault.pointer()))) {
                remove(known, fault.pointer());
                warnings.add("the answer's " + fault.message() + "; it was left out");
            }
        }
        known.remove("warnings");
        laid.setAll(known);
        if (warnings.isEmpty()) {
            laid.remove("warnings");
        }
        return laid;
    }

    /** A label that the merchant already has stands in where the carrier gave none. */
    private static void supply(ObjectNode result, JsonNode label) {
        String encoding = label.has("base64") ? "base64" : "url";
        if (!result.has("label") && label.has(encoding)) {
            result.put("label_state", "supplied");
            result.putObject("label")
                    .put("format", label.path("format").asText("pdf"))
                    .put("encoding", encoding)
                    .put("content", label.path(encoding).asText());
        }
    }

    /** Removes the top-level field in which a value is wrong. */
    private static void remove(ObjectNode result, String pointer) {
        result.remove(field(pointer));
    }

    private static String field(String pointer) {
        return pointer.substring(1).split("/")[0];
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isNull() || value.isContainerNode() && value.isEmpty();
    }
}
