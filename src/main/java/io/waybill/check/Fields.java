package io.waybill.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The fields that a JSON Schema declares, through lists and local {@code $ref}. */
record Fields(JsonNode schema, List<Field> all) {

    /**
     * One field.
     *
     * @param path as people write it: {@code items.sku}
     * @param pointer where the schema declares it
     * @param holds whether it has fields of its own
     */
    record Field(String path, String name, String pointer, boolean required, boolean holds) {

        /** Whether it is the named one or stands in it. */
        boolean isOf(String named) {
            return path.equals(named) || path.startsWith(named + ".");
        }
    }

    static Fields of(JsonNode schema) {
        Fields fields = new Fields(schema, new ArrayList<>());
        fields.add("", "");
        return fields;
    }

    List<Field> leaves() {
        return all.stream().filter(field -> !field.holds()).toList();
    }

    /** What the schema says about a field, with what its {@code $ref} adds. */
    JsonNode rule(Field field, String keyword) {
        JsonNode own = schema.at(field.pointer()).path(keyword);
        return own.isMissingNode() ? schema.at(resolved(field.pointer())).path(keyword) : own;
    }

    /** The words that a field, or each entry of it, may be; missing where it is free. */
    JsonNode words(Field field) {
        JsonNode own = rule(field, "enum");
        return own.isMissingNode() ? schema.at(holder(field.pointer())).path("enum") : own;
    }

    private void add(String pointer, String path) {
        String holder = holder(pointer);
        List<String> required = new ArrayList<>();
        schema.at(holder).path("required").forEach(name -> required.add(name.asText()));
        schema.at(holder).path("properties").fieldNames().forEachRemaining(name -> {
            String below = holder + "/properties/" + name.replace("~", "~0").replace("/", "~1");
            String full = path.isEmpty() ? name : path + "." + name;
            boolean holds = !schema.at(holder(below)).path("properties").isEmpty();
            all.add(new Field(full, name, below, required.contains(name), holds));
            add(below, full);
        });
    }

    private String holder(String pointer) {
        String at = resolved(pointer);
        return schema.at(at).has("items") ? resolved(at + "/items") : at;
    }

    private String resolved(String pointer) {
        String ref = schema.at(pointer).path("$ref").asText();
        return ref.startsWith("#/") ? ref.substring(1) : pointer;
    }
}
