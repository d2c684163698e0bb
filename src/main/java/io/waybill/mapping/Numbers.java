package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * What JSON Schema cannot say about numbers: an integer is written as one.
 *
 * <p>To a schema {@code 2.0} and {@code 1e2} are integers; here they are refused, because an order has no fractional
 * numbers and a carrier mapping must not meet {@code 1e999999999}. Inside {@code metadata} any number of sane size may stand.
 */
final class Numbers {

    private static final int SANE_SCALE = 400;

    private Numbers() {}

    static List<Fault> faults(JsonNode order) {
        if (!isFractional(order)) {
            return List.of();
        }
        List<Fault> faults = new ArrayList<>();
        walk(order, "", faults);
        return faults;
    }

    /** A copy in which every fractional number is 0. */
    static JsonNode replaced(JsonNode node) {
        if (node.isFloatingPointNumber()) {
            return IntNode.valueOf(0);
        }
        JsonNode copy = node.isContainerNode() ? node.deepCopy() : node;
        if (copy instanceof ObjectNode object) {
            object.properties().forEach(field -> field.setValue(replaced(field.getValue())));
        } else if (copy instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, replaced(array.get(i)));
            }
        }
        return copy;
    }

    /** Whether such a number is anywhere in it; hardly ever, so that pointers are made only then. */
    private static boolean isFractional(JsonNode node) {
        if (node.isContainerNode()) {
            for (JsonNode inner : node) {
                if (isFractional(inner)) {
                    return true;
                }
            }
        }
        return node.isFloatingPointNumber();
    }

    private static void walk(JsonNode node, String pointer, List<Fault> faults) {
        if (node.isFloatingPointNumber()) {
            check(node, pointer, faults);
        } else if (node.isObject()) {
            node.properties()
                    .forEach(field -> walk(field.getValue(), Sentences.child(pointer, field.getKey()), faults));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                walk(node.get(i), pointer + "/" + i, faults);
            }
        }
    }

    private static void check(JsonNode number, String pointer, List<Fault> faults) {
        String field = Sentences.dotted(pointer);
        if (!pointer.startsWith("/metadata/")) {
            faults.add(new Fault(pointer, field + " must be a whole number written without point or exponent"));
        } else if (!number.isBigDecimal() && !Double.isFinite(number.doubleValue())
                || Math.abs((long) number.decimalValue().scale()) > SANE_SCALE) {
            faults.add(new Fault(pointer, field + " is a number too large or too fine to keep"));
        }
    }
}
