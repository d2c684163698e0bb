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
 * @param around what is asked before the create, and what follows it
 * @param standIns by the name of an operation, which other one takes its place for some orders
 * @param own by the name of an operation that stands in for the create, its own calls around it
 */
record Plan(Around around, Map<String, StandIn> standIns, Map<String, Around> own) {

    /** The calls before and after a create. */
    record Around(List<Rule> before, List<Rule> then) {

        boolean isEmpty() {
            return before.isEmpty() && then.isEmpty();
        }
    }

    /**
     * An operation that takes the place of another one.
     *
     * @param when a condition over the order and {@code $account}
     */
    record StandIn(String operation, Expression when) {}

    /**
     * One declared operation of the plan.
     *
     * @param forEach the field of the order that it is repeated over, such as {@code items}; null if it is made once
     * @param when a condition over the order, {@code $each} and {@code $account}, null if there is none
     */
    record Rule(String operation, String forEach, Expression when, boolean asks) {}

    boolean isOneCall() {
        return around.isEmpty() && !standIns.containsKey(Part.BOOK.operation());
    }

    /** The operation that is called for an order where this one is declared. */
    String operation(String name, ObjectNode order, JsonNode account) {
        StandIn standIn = standIns.get(name);
        return standIn != null && holds(standIn.when, order, account, null) ? standIn.operation : name;
    }

    List<Part> parts(Part booking, ObjectNode order, JsonNode account) {
        List<Part> parts = new ArrayList<>();
        Around calls = own.getOrDefault(booking.operation(), around);
        calls.before.forEach(rule -> add(parts, rule, order, account));
        parts.add(booking);
        calls.then.forEach(rule -> add(parts, rule, order, account));
        return parts;
    }

    Part booking(ObjectNode order, JsonNode account) {
        return booking(operation(Part.BOOK.operation(), order, account));
    }

    /** The create by this operation. */
    static Part booking(String operation) {
        return operation.equals(Part.BOOK.operation())
                ? Part.BOOK
                : new Part(Part.BOOK.step(), operation, "", null, false);
    }

    private static void add(List<Part> parts, Rule rule, ObjectNode order, JsonNode account) {
        if (rule.forEach == null) {
            if (holds(rule.when, order, account, null)) {
                parts.add(new Part(rule.operation, rule.operation, "", null, rule.asks));
            }
            return;
        }
        JsonNode entries = order.path(rule.forEach);
        for (int i = 0; i < entries.size(); i++) {
            if (holds(rule.when, order, account, entries.get(i))) {
                String at = "/" + rule.forEach + "/" + i;
                parts.add(new Part(rule.operation + "-" + (i + 1), rule.operation, at, entries.get(i), rule.asks));
            }
        }
    }

    private static boolean holds(Expression when, ObjectNode order, JsonNode account, JsonNode each) {
        Map<String, JsonNode> variables = new HashMap<>();
        variables.put("account", account);
        variables.put("each", each == null ? NullNode.getInstance() : each);
        return when == null || when.apply(variables, order).booleanValue();
    }
}
