package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.order.Fingerprint;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The fields in which two orders differ, named as people write them. The order of keys does not count; no value is told, nor a
 * name that is not the schema's own.
 */
record Differing(OrderSchema schema, Set<String> pointers) {

    static List<String> fields(OrderSchema schema, JsonNode first, JsonNode other) {
        Differing differing = new Differing(schema, new LinkedHashSet<>());
        differing.compare("", "", first, other);
        return differing.pointers.stream().map(Sentences::dotted).toList();
    }

    private void compare(String pointer, String path, JsonNode first, JsonNode other) {
        if (first.isObject() && other.isObject()) {
            Set<String> names = new LinkedHashSet<>();
            first.fieldNames().forEachRemaining(names::add);
            other.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> below(pointer, path, name, first.path(name), other.path(name)));
        } else if (first.isArray() && other.isArray()) {
            for (int i = 0; i < Math.max(first.size(), other.size()); i++) {
                compare(pointer + "/" + i, path, first.path(i), other.path(i));
            }
        } else if (isOther(first, other)) {
            pointers.add(pointer);
        }
    }

    private void below(String pointer, String path, String name, JsonNode first, JsonNode other) {
        String field = path.isEmpty() ? name : path + "." + name;
        if (schema.declares(field)) {
            compare(Sentences.child(pointer, name), field, first, other);
        } else if (isOther(first, other)) {
            pointers.add(pointer);
        }
    }

    private static boolean isOther(JsonNode first, JsonNode other) {
        return !Fingerprint.of(first).equals(Fingerprint.of(other));
    }
}
