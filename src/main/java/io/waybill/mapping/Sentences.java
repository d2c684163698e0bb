package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import io.waybill.order.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Turns what a schema validator found into sentences that a warehouse clerk understands.
 *
 * <p>The schema helps with its own words: {@code description} says what a missing field is, {@code x-expected} what a text
 * must look like, {@code x-hints} what to write instead of a common mistake. In a carrier's request schema {@code x-order}
 * names the field of our order behind a field of theirs, and the {@code description} of an {@code allOf} rule says why.
 * Values are repeated only where the schema lists the allowed ones.
 */
final class Sentences {

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{1,20}");
    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}]");
    private static final int LISTED = 16;

    private final SchemaTree rules;
    private final String carrier;

    /**
     * @param rules the schema whose errors are told
     * @param carrier whose request it describes, empty for a document of our own
     */
    Sentences(JsonNode rules, String carrier) {
        this.rules = new SchemaTree(rules);
        this.carrier = carrier;
    }

    /** One fault per field, in the order in which the validator met them. */
    List<Fault> faults(List<Error> errors) {
        Map<String, Fault> faults = new LinkedHashMap<>();
        for (Error error : errors) {
            String theirs = pointer(error);
            String ours = carrier.isEmpty() ? theirs : rules.ours(theirs);
            String message = dotted(ours.isEmpty() ? theirs : ours) + " " + what(error) + tail(error, theirs);
            faults.putIfAbsent(theirs, new Fault(ours, message));
        }
        return new ArrayList<>(faults.values());
    }

    private String what(Error error) {
        Object[] arguments = error.getArguments();
        return switch (error.getKeyword()) {
            case "required" -> "is missing" + described(error);
            case "additionalProperties" -> "is no field that is known here; correct its spelling or remove it";
            case "type" -> "must be " + type(String.valueOf(arguments[1])) + ", was "
                    + type(String.valueOf(arguments[0]));
            case "enum", "const" -> choice(error);
            case "maxLength" -> "has " + length(error) + " characters, at most " + arguments[0] + " are allowed";
            case "minLength" -> "must not be empty";
            case "maximum" -> rules.holderOf(at(error)).has("x-expected")
                    ? expected(error)
                    : "must be at most " + arguments[0];
            case "minimum" -> "must be at least " + arguments[0];
            case "maxItems" -> "has " + error.getInstanceNode().size() + " entries, at most " + arguments[0]
                    + " are allowed";
            case "minItems" -> "must have at least " + arguments[0] + " entry";
            case "uniqueItems" -> "must not name the same entry twice";
            case "format" -> "must be a date and time with offset, such as 2026-01-31T09:30:00+08:00";
            case "not", "false" -> "must not be given here";
            default -> expected(error);
        };
    }

    private String described(Error error) {
        String text = rules.schemaOf(pointer(error)).path("description").asText();
        return text.isEmpty() || !carrier.isEmpty() ? "" : ": " + text;
    }

    private String choice(Error error) {
        JsonNode declared = rules.holderOf(at(error));
        String value = error.getInstanceNode().asText();
        String is = WORD.matcher(value).matches() ? "is '" + value + "'; " : "is unknown; ";
        JsonNode hint = declared.path("x-hints").path(value);
        if (hint.isTextual()) {
            return is + "write '" + hint.asText() + "'";
        }
        JsonNode words = declared.has("const") ? declared.path("const") : declared.path("enum");
        return is + "expected "
                + (words.size() > LISTED ? declared.path("x-expected").asText() : listed(words));
    }

    private static String listed(JsonNode words) {
        return words.isArray() ? String.join(", ", Declaration.texts(words)) : words.asText();
    }

    private String expected(Error error) {
        String expected = rules.holderOf(at(error)).path("x-expected").asText();
        return expected.isEmpty() ? "is not as expected" : "must be " + expected;
    }

    private static int length(Error error) {
        String text = error.getInstanceNode().asText();
        return text.codePointCount(0, text.length());
    }

    private static String type(String type) {
        return switch (type) {
            case "string" -> "a text";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "array" -> "a list";
            case "object" -> "a group of fields";
            case "boolean" -> "true or false";
            case "null" -> "null";
            default -> type;
        };
    }

    /** For a carrier's schema: their name of the field, and why the rule exists. */
    private String tail(Error error, String theirs) {
        if (carrier.isEmpty()) {
            return "";
        }
        String rule = rules.rule(at(error));
        // what begins with _ is a fact for the rules, no field of theirs
        String field = theirs.startsWith("/_") ? "" : " field '" + dotted(theirs) + "'";
        String why = rule.isEmpty() ? "" : ": " + rule;
        return " (" + carrier + field + why + ")";
    }

    private static NodePath at(Error error) {
        return error.getSchemaLocation().getFragment();
    }

    private static String pointer(Error error) {
        StringBuilder pointer = new StringBuilder();
        NodePath path = error.getInstanceLocation();
        for (int i = 0; i < path.getNameCount(); i++) {
            pointer.append(child("", String.valueOf(path.getElement(i))));
        }
        boolean named = "required".equals(error.getKeyword()) || "additionalProperties".equals(error.getKeyword());
        return named ? child(pointer.toString(), error.getProperty()) : pointer.toString();
    }

    /** One step down; a name is shown without characters that a database or a terminal would stumble over. */
    static String child(String pointer, String name) {
        String clean = UNSAFE.matcher(name).replaceAll("?");
        return pointer + "/" + clean.replace("~", "~0").replace("/", "~1");
    }

    /** A pointer as people write it: {@code items[0].sku}. */
    static String dotted(String pointer) {
        if (pointer.isEmpty()) {
            return "the document";
        }
        return pointer.substring(1)
                .replaceAll("/([0-9]+)(?=/|$)", "[$1]")
                .replace('/', '.')
                .replace("~1", "/")
                .replace("~0", "~");
    }
}
