package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.schibsted.spt.data.jslt.Expression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls that a booking takes, in the order in which they are made.
 *
 * @param before what is asked before the create
 * @param then what follows it
 * @param standIns by the name of an operation, which other one takes its place for some orders
 */
record Plan(List<Rule> before, List<Rule> then, Map<String, StandIn> standIns) {

    /**
     * An operation that takes the place of another one.
     *
     * @param when a condition over the order
     */
    record StandIn(String operation, Expression when) {}

    /**
     * One declared operation of the plan.
     *
     * @param forEach the field of the order that it is repeated over, such as {@code items}; null if it is made once
     * @param when a condition over the order and {@code $each}, null if there is none
     */
    record Rule(String operation, String forEach, Expression when, boolean asks) {}

    boolean isOneCall() {
        return before.isEmpty() && then.isEmpty() && !standIns.containsKey(Part.BOOK.operation());
    }

    /** The operation that is called for an order where this one is declared. */
    String operation(String name, ObjectNode order) {
        StandIn standIn = standIns.get(name);
        return standIn != null && standIn.when.apply(Map.of(), order).booleanValue() ? standIn.operation : name;
    }

    List<Part> parts(ObjectNode order) {
        List<Part> parts = new ArrayList<>();
        before.forEach(rule -> add(parts, rule, order));
        parts.add(booking(order));
        then.forEach(rule -> add(parts, rule, order));
        return parts;
    }

    Part booking(ObjectNode order) {
        String operation = operation(Part.BOOK.operation(), order);
        return operation.equals(Part.BOOK.operation())
                ? Part.BOOK
                : new Part(Part.BOOK.step(), operation, "", null, false);
    }

    private static void add(List<Part> parts, Rule rule, ObjectNode order) {
        if (rule.forEach == null) {
            if (holds(rule, order, null)) {
                parts.add(new Part(rule.operation, rule.operation, "", null, rule.asks));
            }
            return;
        }
        JsonNode entries = order.path(rule.forEach);
        for (int i = 0; i < entries.size(); i++) {
            if (holds(rule, order, entries.get(i))) {
                String at = "/" + rule.forEach + "/" + i;
                parts.add(new Part(rule.operation + "-" + (i + 1), rule.operation, at, entries.get(i), rule.asks));
            }
        }
    }

    private static boolean holds(Rule rule, ObjectNode order, JsonNode each) {
        Map<String, JsonNode> variables = new HashMap<>();
        variables.put("each", each == null ? NullNode.getInstance() : each);
        return rule.when == null || rule.when.apply(variables, order).booleanValue();
    }
}
