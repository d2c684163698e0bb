package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What differs between two documents, one line each: {@code request.json /Receiver/Name: expected "Ann", was "Bob"}. */
public final class Difference {

    private static final int LONG = 120;
    private static final int BEFORE = 20;

    private final String file;
    private final String words;
    private final List<String> lines = new ArrayList<>();

    private Difference(String file, String words) {
        this.file = file;
        this.words = words;
    }

    /** All differences, in the order of the expected document; none if both say the same in the same order. */
    public static List<String> between(String file, JsonNode expected, JsonNode actual) {
        Difference difference = new Difference(file, "expected %s, was %s");
        difference.compare("", expected, actual);
        return difference.lines;
    }

    /** All differences between what was and what would be: {@code /Receiver/Name: then "Ann", now "Bob"}. */
    public static List<String> since(JsonNode then, JsonNode now) {
        Difference difference = new Difference("", "then %s, now %s");
        difference.compare("", then, now);
        return difference.lines;
    }

    private void compare(String pointer, JsonNode expected, JsonNode actual) {
        if (expected.isObject() && actual.isObject()) {
            Set<String> names = new LinkedHashSet<>();
            expected.fieldNames().forEachRemaining(names::add);
            actual.fieldNames().forEachRemaining(names::add);
            int before = lines.size();
            names.forEach(name -> compare(pointer + "/" + name, expected.path(name), actual.path(name)));
            if (lines.size() == before && !names(expected).equals(names(actual))) {
                tell(
                        pointer,
                        "the keys " + String.join(", ", names(expected)),
                        "in the order " + String.join(", ", names(actual)));
            }
        } else if (expected.isArray() && actual.isArray()) {
            for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
                compare(pointer + "/" + i, expected.path(i), actual.path(i));
            }
        } else if (!expected.toString().equals(actual.toString())) {
            String one = text(expected);
            String other = text(actual);
            tell(pointer, shown(one, other), shown(other, one));
        }
    }

    private void tell(String pointer, String expected, String actual) {
        lines.add((file + " " + pointer).strip() + ": " + words.formatted(expected, actual));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String text(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.toString();
    }

    /** A long text is shown from shortly before the first character that differs. */
    private static String shown(String text, String other) {
        if (text.length() <= LONG) {
            return text;
        }
        int same = 0;
        while (same < Math.min(text.length(), other.length()) && text.charAt(same) == other.charAt(same)) {
            same++;
        }
        int from = Math.max(0, same - BEFORE);
        int to = Math.min(text.length(), from + LONG);
        return (from > 0 ? "..." : "") + text.substring(from, to) + (to < text.length() ? "..." : "");
    }
}
