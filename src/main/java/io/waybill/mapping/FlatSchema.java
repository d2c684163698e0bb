package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A JSON Schema as a validator is quickest with it: each keyword and each {@code $ref} costs time for each value.
 *
 * <ol>
 *   <li>{@code written}: what a {@code $ref} to {@code $defs} points at stands in its place, where that means the same: no
 *       keyword stands on both sides, and none beside the {@code $ref} is read together with others. A definition that
 *       refers to itself stays one.
 *   <li>{@code bare}: the same without what only people and {@link Sentences} read. What is left keeps its place, so that an
 *       error found in the one is told with the words of the other.
 * </ol>
 */
record FlatSchema(JsonNode written, JsonNode bare) {

    private static final Set<String> NAMED = Set.of("properties", "patternProperties", "dependentSchemas", "$defs");
    private static final Set<String> LISTED = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
    private static final Set<String> SINGLE =
            Set.of("items", "contains", "not", "if", "then", "else", "additionalProperties", "propertyNames");
    private static final Set<String> READ_TOGETHER = Set.of(
            "properties",
            "patternProperties",
            "additionalProperties",
            "unevaluatedProperties",
            "items",
            "prefixItems",
            "unevaluatedItems",
            "contains",
            "minContains",
            "maxContains",
            "if",
            "then",
            "else");
    private static final Set<String> TITLES = Set.of("title", "description");
    private static final Set<String> NOTES = Set.of("title", "description", "default", "examples", "$comment");

    static FlatSchema of(JsonNode rules) {
        JsonNode written = written(rules, rules, Set.of());
        JsonNode bare = bare(written);
        if (bare instanceof ObjectNode root) {
            JsonNode definitions = root.remove("$defs");
            if (root.findValue("$ref") != null) {
                root.set("$defs", definitions);
            }
        }
        return new FlatSchema(written, bare);
    }

    private static JsonNode written(JsonNode rules, JsonNode schema, Set<String> within) {
        String ref = schema.path("$ref").asText();
        JsonNode meant = ref.startsWith("#/$defs/") ? rules.at(ref.substring(1)) : schema.path("none");
        if (within.contains(ref) || !meant.isObject() || !meansTheSame(schema, meant)) {
            return below(schema, inner -> written(rules, inner, within));
        }
        Set<String> deeper = new HashSet<>(within);
        deeper.add(ref);
        return written(rules, merged((ObjectNode) schema, meant), deeper);
    }

    private static boolean meansTheSame(JsonNode beside, JsonNode meant) {
        return beside.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !TITLES.contains(name) && !name.equals("$ref"))
                .noneMatch(name -> meant.has(name) || READ_TOGETHER.contains(name));
    }

    private static ObjectNode merged(ObjectNode beside, JsonNode meant) {
        ObjectNode merged = beside.objectNode();
        beside.properties().forEach(keyword -> {
            if (!keyword.getKey().equals("$ref")) {
                merged.set(keyword.getKey(), keyword.getValue());
                return;
            }
            meant.properties().stream()
                    .filter(other -> !TITLES.contains(other.getKey()))
                    .forEach(other -> merged.set(other.getKey(), other.getValue()));
        });
        return merged;
    }

    private static JsonNode bare(JsonNode schema) {
        JsonNode bare = below(schema, FlatSchema::bare);
        if (bare instanceof ObjectNode object) {
            object.remove(NOTES);
            object.properties().removeIf(keyword -> keyword.getKey().startsWith("x-"));
        }
        return bare;
    }

    /** A copy in which each schema right below this one is changed. */
    private static JsonNode below(JsonNode schema, UnaryOperator<JsonNode> change) {
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        ObjectNode changed = object.objectNode();
        object.properties().forEach(keyword -> {
            String name = keyword.getKey();
            JsonNode value = keyword.getValue();
            if (SINGLE.contains(name)) {
                changed.set(name, change.apply(value));
            } else if (NAMED.contains(name) && value.isObject()) {
                ObjectNode schemas = changed.putObject(name);
                value.properties().forEach(entry -> schemas.set(entry.getKey(), change.apply(entry.getValue())));
            } else if (LISTED.contains(name) && value.isArray()) {
                ArrayNode schemas = changed.putArray(name);
                value.forEach(entry -> schemas.add(change.apply(entry)));
            } else {
                changed.set(name, value);
            }
        });
        return changed;
    }
}
