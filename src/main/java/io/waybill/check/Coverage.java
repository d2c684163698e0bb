package io.waybill.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.check.Fields.Field;
import io.waybill.mapping.Declaration;
import io.waybill.mapping.MappingRefused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Nothing is dropped in silence: every field of the order goes somewhere, and every key of a request is proven by a case.
 *
 * <ol>
 *   <li>Every case holds.
 *   <li>A field of the order is taken away in each case that has it; in one at least this must change the request, refuse it
 *       or change the result. Else the field must be listed under {@code not-sent}, and the carrier does not read it.
 *   <li>A key of a request that is empty in every case is misspelt or untested.
 * </ol>
 */
record Coverage(CarrierFolder carrier, List<Case> cases, Findings findings) {

    /** The fields of an order that this carrier never reads; none where that cannot be told. */
    Set<String> check(JsonNode orderSchema) {
        if (!holds()) {
            return Set.of();
        }
        List<Case> sent =
                cases.stream().filter(each -> each.has("request.json")).toList();
        checkKeys(sent);
        return checkFields(Fields.of(orderSchema), sent);
    }

    /** Only cases that hold prove anything; 'waybill test' shows all that is wrong with one. */
    private boolean holds() {
        boolean holds = true;
        for (Case each : cases) {
            List<String> differences = each.differences();
            if (!differences.isEmpty()) {
                holds = false;
                findings.untidy(
                        each.folder().resolve("order.json") + ":1: the case does not hold: " + differences.get(0));
            }
        }
        return holds;
    }

    private Set<String> checkFields(Fields fields, List<Case> sent) {
        Map<Case, String> told = new HashMap<>();
        sent.forEach(each -> told.put(each, told(each, each.order())));
        Set<String> unread = new HashSet<>();
        for (Field field : fields.leaves()) {
            if (OrderFields.isKept(field.path())) {
                continue;
            }
            Optional<JsonNode> listed = unsent(field);
            boolean isRead = listed.isEmpty()
                    && sent.stream().anyMatch(each -> makesADifference(each, field.path(), told.get(each)));
            if (listed.isEmpty() && !isRead) {
                findings.untidy(carrier.facts()
                        .finding(
                                "/not-sent",
                                "field '" + field.path()
                                        + "' of an order changes nothing in any case, and is not listed here"));
            }
            if (!isRead && listed.stream().noneMatch(entry -> entry.has("when"))) {
                unread.add(field.path());
            }
        }
        return unread;
    }

    /** Where carrier.yaml says that the field is not sent; with {@code when}, only some orders' field is not. */
    private Optional<JsonNode> unsent(Field field) {
        return Spot.root(carrier.facts()).child("not-sent").children().stream()
                .map(Spot::value)
                .filter(entry -> field.isOf(entry.path("field").asText()))
                .findFirst();
    }

    private static boolean makesADifference(Case each, String field, String told) {
        ObjectNode changed = each.order();
        return OrderFields.remove(changed, field) && !told.equals(told(each, changed));
    }

    private static String told(Case each, ObjectNode order) {
        try {
            String request = each.request(order).json().toString();
            return each.has("rejected.json") ? request : request + each.brought(order);
        } catch (MappingRefused e) {
            return e.getMessage();
        }
    }

    private void checkKeys(List<Case> sent) {
        Map<String, Set<String>> met = new HashMap<>();
        for (Case each : sent) {
            paths(
                    each.request(each.order()).json(),
                    "",
                    met.computeIfAbsent(carrier.like(each.operation()), operation -> new HashSet<>()));
        }
        met.forEach((operation, paths) -> {
            Declaration schema = carrier.schema(operation);
            for (Field key : new ArrayList<>(Fields.of(schema.root()).leaves())) {
                if (!key.path().startsWith("_") && !paths.contains(key.path())) {
                    findings.untidy(schema.finding(
                            key.pointer(),
                            "'" + key.path() + "' is empty in every case of " + operation + ": misspelt or untested"));
                }
            }
        });
    }

    private static void paths(JsonNode node, String path, Set<String> paths) {
        paths.add(path);
        if (node.isArray()) {
            node.forEach(entry -> paths(entry, path, paths));
        }
        node.properties()
                .forEach(field ->
                        paths(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey(), paths));
    }
}
