package io.waybill.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The fields of one order, and what taking one away changes. Paths are as people write them: {@code items.sku}. */
public final class OrderFields {

    /** Identity, routing, what only rules see, and what only the result and the charge rows carry. */
    private static final Set<String> KEPT = Set.of(
            "account",
            "order_id",
            "validate_now",
            "reissue",
            "created_at",
            "carrier",
            "metadata",
            "billing.cost_center",
            "billing.reference",
            "recipient.country_code",
            "sender.country_code",
            "billing.cash_on_delivery.currency",
            "billing.insured_value.currency");

    private OrderFields() {}

    /**
     * The fields that an order has and that change nothing.
     *
     * @param full fills in defaults; a field that says what its default says is none of these
     * @param told what is made of an order
     */
    public static List<String> unused(
            ObjectNode order, UnaryOperator<ObjectNode> full, Function<ObjectNode, String> told) {
        String whole = told.apply(order);
        return paths(order).stream()
                .filter(path -> !isKept(path))
                .filter(path -> {
                    ObjectNode changed = order.deepCopy();
                    remove(changed, path);
                    return !full.apply(changed).equals(full.apply(order))
                            && told.apply(changed).equals(whole);
                })
                .toList();
    }

    static boolean isKept(String path) {
        return KEPT.stream().anyMatch(kept -> path.equals(kept) || path.startsWith(kept + "."));
    }

    /** Takes a field away, in each entry of a list; whether there was one. */
    static boolean remove(JsonNode at, String path) {
        int dot = path.indexOf('.');
        if (at.isArray()) {
            boolean removed = false;
            for (JsonNode entry : at) {
                removed |= remove(entry, path);
            }
            return removed;
        }
        if (dot > 0) {
            return remove(at.path(path.substring(0, dot)), path.substring(dot + 1));
        }
        return at instanceof ObjectNode object && object.remove(path) != null;
    }

    private static Set<String> paths(JsonNode order) {
        Set<String> paths = new LinkedHashSet<>();
        order.properties().forEach(field -> paths(field.getValue(), field.getKey(), paths));
        return paths;
    }

    private static void paths(JsonNode at, String path, Set<String> paths) {
        if (at.isObject()) {
            at.properties().forEach(field -> paths(field.getValue(), path + "." + field.getKey(), paths));
        } else if (at.isArray() && at.path(0).isObject()) {
            at.forEach(entry -> paths(entry, path, paths));
        } else {
            paths.add(path);
        }
    }
}
