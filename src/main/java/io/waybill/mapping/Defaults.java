package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The defaults that a schema declares for the fields of an object and of the objects in it. */
record Defaults(List<Field> fields) {

    /**
     * A field with a default, or with defaults below it.
     *
     * @param value null where the field itself has none
     */
    private record Field(String name, JsonNode value, Defaults below) {}

    /** Collects the defaults of an object; {@code rules} is the whole schema, for what {@code declared} refers to. */
    static Defaults of(JsonNode rules, JsonNode declared) {
        List<Field> fields = new ArrayList<>();
        declared.path("properties").properties().forEach(property -> {
            JsonNode schema = property.getValue();
            Defaults below = of(rules, schema.has("$ref") ? SchemaTree.resolved(rules, schema) : schema);
            if (schema.has("default") || !below.fields.isEmpty()) {
                fields.add(new Field(property.getKey(), schema.get("default"), below));
            }
        });
        return new Defaults(fields);
    }

    /** The object itself if it lacks nothing, else a copy with every default; what lacks nothing is shared. */
    ObjectNode fill(ObjectNode object) {
        ObjectNode full = object;
        for (Field field : fields) {
            JsonNode given = object.get(field.name);
            JsonNode value = given == null && field.value != null ? field.value.deepCopy() : given;
            JsonNode filled = value instanceof ObjectNode inner ? field.below.fill(inner) : value;
            if (filled != given) {
                if (full == object) {
                    full = object.objectNode();
                    full.setAll(object);
                }
                full.set(field.name, filled);
            }
        }
        return full;
    }
}
