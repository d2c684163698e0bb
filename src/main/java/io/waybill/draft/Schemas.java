package io.waybill.draft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Turns the schemas of others into the form that a carrier folder has: rules only, and no field that is not named. */
final class Schemas {

    private static final List<String> RULES = List.of(
            "type",
            "enum",
            "const",
            "minLength",
            "maxLength",
            "pattern",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minItems",
            "maxItems",
            "uniqueItems");

    private Schemas() {}

    /** A copy with the rules that a request can break; in a form every value is a text. */
    static ObjectNode tidy(JsonNode schema, boolean form) {
        ObjectNode tidy = JsonNodeFactory.instance.objectNode();
        RULES.stream().filter(schema::has).forEach(rule -> tidy.set(rule, schema.get(rule)));
        limit(tidy, "exclusiveMinimum", "minimum");
        limit(tidy, "exclusiveMaximum", "maximum");
        type(tidy, schema);
        if (schema.has("properties")) {
            object(tidy, schema, form);
        } else if (schema.has("items")) {
            tidy.set("items", tidy(schema.path("items"), form));
        } else if (form) {
            List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
                    .forEach(tidy::remove);
            tidy.put("type", "string");
        }
        if (tidy.has("pattern")) {
            tidy.put("x-expected", "a text of the form " + tidy.path("pattern").asText());
        }
        return tidy;
    }

    /** OpenAPI 3.0 says that the limit itself is excluded, JSON Schema says which number is. */
    private static void limit(ObjectNode tidy, String excluded, String limit) {
        if (tidy.path(excluded).isBoolean()) {
            boolean exclusive = tidy.remove(excluded).booleanValue();
            if (exclusive && tidy.has(limit)) {
                tidy.set(excluded, tidy.remove(limit));
            }
        }
    }

    /** What may be null is simply not sent. */
    private static void type(ObjectNode tidy, JsonNode schema) {
        if (tidy.path("type").isArray()) {
            for (JsonNode type : tidy.path("type")) {
                if (!type.asText().equals("null")) {
                    tidy.set("type", type);
                    return;
                }
            }
        } else if (!tidy.has("type")) {
            if (schema.has("properties")) {
                tidy.put("type", "object");
            } else if (schema.has("items")) {
                tidy.put("type", "array");
            }
        }
    }

    private static void object(ObjectNode tidy, JsonNode schema, boolean form) {
        tidy.put("additionalProperties", false);
        ArrayNode required = tidy.putArray("required");
        ObjectNode properties = tidy.putObject("properties");
        schema.path("properties").properties().forEach(property -> {
            if (!property.getValue().path("readOnly").asBoolean()) {
                properties.set(property.getKey(), tidy(property.getValue(), form));
            }
        });
        schema.path("required").forEach(name -> {
            if (properties.has(name.asText())) {
                required.add(name.asText());
            }
        });
    }
}
