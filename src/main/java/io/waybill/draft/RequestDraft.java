package io.waybill.draft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.draft.Guesses.Guess;
import io.waybill.draft.Guesses.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The request mapping of a draft: each field of the carrier with what it is in our order, or {@code fill-in}, which refuses every
 * order until somebody writes what belongs there or takes the field out of mapping and schema. Notes in the schema which
 * field of ours stands behind each of theirs.
 */
final class RequestDraft {

    private final Set<String> ours = new TreeSet<>();
    private final StringBuilder text = new StringBuilder();
    private final List<String> services = new ArrayList<>();
    private JsonNode reference;

    RequestDraft(String title, ObjectNode schema) {
        text.append("// order -> ").append(title).append('\n');
        object(schema, "", Place.REQUEST, 0);
        text.append('\n');
    }

    String text() {
        return text.toString();
    }

    /** The fields of our order that it reads. */
    Set<String> ours() {
        return ours;
    }

    /** The schema of the field that takes our reference, null if none was found. */
    JsonNode reference() {
        return reference;
    }

    /** The codes of services that the document lists, none if it lists none. */
    List<String> services() {
        return services;
    }

    private void object(JsonNode schema, String path, Place place, int depth) {
        List<String> names = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        text.append("{\n");
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            indent(depth + 1).append(quoted(name)).append(": ");
            field(
                    (ObjectNode) schema.path("properties").path(name),
                    path.isEmpty() ? name : path + "." + name,
                    place,
                    depth);
            text.append(i + 1 < names.size() ? ",\n" : "\n");
        }
        indent(depth).append('}');
    }

    private void field(ObjectNode schema, String path, Place place, int depth) {
        String name = path.substring(path.lastIndexOf('.') + 1);
        Place inner = Guesses.place(name).orElse(place);
        if (schema.has("properties")) {
            note(schema, inner == place ? "" : "/" + inner.ours());
            object(schema, path, inner == Place.ITEM ? place : inner, depth + 1);
        } else if (schema.path("items").has("properties") && inner == Place.ITEM && place == Place.REQUEST) {
            note(schema, "/items");
            text.append("[for (.items) ");
            object(schema.path("items"), path, Place.ITEM, depth + 1);
            text.append(']');
        } else if (schema.path("items").has("properties")) {
            text.append('[');
            object(schema.path("items"), path, place, depth + 1);
            text.append(']');
        } else {
            leaf(schema, path, name, place);
        }
    }

    private void leaf(ObjectNode schema, String path, String name, Place place) {
        Optional<Guess> guess = Guesses.of(place, name);
        if (schema.path("type").asText().equals("array") || guess.isEmpty()) {
            text.append("fill-in(").append(quoted(path)).append(')');
            return;
        }
        Guess known = guess.get();
        if (known.path().equals("$reference")) {
            if (reference != null) {
                text.append("fill-in(").append(quoted(path)).append(')');
                return;
            }
            reference = schema;
            note(schema, "/order_id");
            text.append("$reference");
            return;
        }
        String full = place == Place.REQUEST || place == Place.ITEM ? known.path() : place.ours() + "." + known.path();
        ours.add((place == Place.ITEM ? "items." : "") + full.replaceAll("\\[[0-9]]", ""));
        if ("service".equals(known.code())) {
            schema.path("enum").forEach(code -> services.add(code.asText()));
        }
        String pointer = "/" + full.replace('.', '/').replaceAll("\\[([0-9])]", "/$1");
        note(schema, place == Place.ITEM ? pointer.substring(1) : pointer);
        text.append(expression(schema, known, "." + full, (place == Place.ITEM ? "/items" : "") + pointer));
    }

    private static String expression(ObjectNode schema, Guess guess, String path, String pointer) {
        if (guess.code() != null) {
            return "code($codes." + guess.code() + ", " + path + ", " + quoted(pointer) + ")";
        }
        boolean number = schema.path("type").asText().equals("number")
                || schema.path("type").asText().equals("integer");
        if (path.endsWith(".amount")) {
            return number ? "decimal(" + path + ", " + quoted(pointer) + ")" : path;
        }
        if (path.endsWith("address_lines")) {
            return "join(" + path + ", \", \")";
        }
        boolean counted = path.endsWith("quantity") || path.endsWith("count") || path.endsWith("weight_g");
        return counted && !number ? "string(" + path + ")" : path;
    }

    private static void note(ObjectNode schema, String ours) {
        if (!ours.isEmpty()) {
            schema.put("x-order", ours);
        }
    }

    private StringBuilder indent(int depth) {
        return text.append("  ".repeat(depth));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
