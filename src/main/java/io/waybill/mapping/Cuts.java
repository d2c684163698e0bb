package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The declared cuts of one operation: texts that are shortened to what the carrier takes. Nothing else is ever cut. */
record Cuts(String carrier, List<Cut> cuts) {

    /**
     * One declared cut.
     *
     * @param field the carrier's field, its names with dots between
     * @param length the most characters, counted as people do and not as Java does
     */
    record Cut(String field, int length, String reason) {}

    static Cuts of(String carrier, JsonNode facts, String operation) {
        List<Cut> cuts = new ArrayList<>();
        for (JsonNode declared : facts.path("cuts")) {
            if (declared.path("operation").asText("book").equals(operation)) {
                cuts.add(new Cut(
                        declared.path("field").asText(),
                        declared.path("length").asInt(),
                        declared.path("reason").asText()));
            }
        }
        return new Cuts(carrier, cuts);
    }

    boolean isEmpty() {
        return cuts.isEmpty();
    }

    /** Cuts what is too long, in place; what was cut, one sentence each. */
    List<String> apply(JsonNode request) {
        List<String> told = new ArrayList<>();
        for (Cut cut : cuts) {
            apply(request, cut.field(), cut, told);
        }
        return told;
    }

    private void apply(JsonNode at, String rest, Cut cut, List<String> told) {
        if (at.isArray()) {
            at.forEach(entry -> apply(entry, rest, cut, told));
            return;
        }
        int dot = rest.indexOf('.');
        if (dot > 0) {
            apply(at.path(rest.substring(0, dot)), rest.substring(dot + 1), cut, told);
        } else if (at instanceof ObjectNode object && object.path(rest).isTextual()) {
            String text = object.path(rest).asText();
            int length = text.codePointCount(0, text.length());
            if (length > cut.length()) {
                object.put(rest, text.substring(0, text.offsetByCodePoints(0, cut.length())));
                told.add("cut for " + carrier + ": '" + cut.field() + "' from " + length + " to " + cut.length()
                        + " characters (" + cut.reason() + ")");
            }
        }
    }
}
