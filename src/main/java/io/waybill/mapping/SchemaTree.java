package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.path.NodePath;

/** A JSON Schema as a document: what it says about a field, about a failed keyword, and about our field behind theirs. */
record SchemaTree(JsonNode rules) {

    /** The field of our order behind a field of the carrier, found by the {@code x-order} notes on the way down. */
    String ours(String theirs) {
        String ours = "";
        JsonNode at = rules;
        for (String name : steps(theirs)) {
            at = below(at, name);
            String note = at.path("x-order").asText();
            if (at.isMissingNode() || note.startsWith("/")) {
                ours = at.isMissingNode() ? ours : note;
            } else {
                ours = note.isEmpty() ? ours + (name.matches("[0-9]+") ? "/" + name : "") : ours + "/" + note;
            }
        }
        return ours;
    }

    /** What the schema says about the value at a pointer. */
    JsonNode schemaOf(String pointer) {
        JsonNode at = rules;
        for (String name : steps(pointer)) {
            at = below(at, name);
        }
        return at;
    }

    /** The schema that holds the failed keyword. */
    JsonNode holderOf(NodePath path) {
        JsonNode at = rules;
        for (int i = 0; i < path.getNameCount() - 1; i++) {
            at = step(at, path.getElement(i));
        }
        return at;
    }

    /** Why the rule exists that a keyword stands in: the description of its allOf entry, empty if it has none. */
    String rule(NodePath path) {
        JsonNode at = rules;
        String rule = "";
        for (int i = 0; i < path.getNameCount(); i++) {
            at = step(at, path.getElement(i));
            boolean inAllOf = i > 0 && "allOf".equals(String.valueOf(path.getElement(i - 1)));
            rule = inAllOf ? at.path("description").asText(rule) : rule;
        }
        return rule;
    }

    private JsonNode below(JsonNode schema, String name) {
        JsonNode holder = resolved(rules, schema);
        return name.matches("[0-9]+") && holder.has("items")
                ? holder.path("items")
                : holder.path("properties").path(name);
    }

    private static String[] steps(String pointer) {
        return pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/");
    }

    private static JsonNode step(JsonNode at, Object name) {
        return at.isArray() ? at.path(Integer.parseInt(name.toString())) : at.path(name.toString());
    }

    /** The schema itself, or what its local {@code $ref} points at. */
    static JsonNode resolved(JsonNode rules, JsonNode schema) {
        String ref = schema.path("$ref").asText();
        return ref.startsWith("#/") ? rules.at(ref.substring(1)) : ref.isEmpty() ? schema : MissingNode.getInstance();
    }
}
