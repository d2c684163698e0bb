package io.waybill.check;

import io.waybill.check.Fields.Field;
import io.waybill.mapping.Declaration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A request mapping and its schema name the same keys, and the carrier's number of an order fits into the field it goes to.
 * JSLT drops a misspelt key in silence, and a schema that nobody maps to refuses every order.
 */
record RequestKeys(CarrierFolder carrier, Findings findings) {

    private static final Pattern REFERENCE = Pattern.compile("\"([^\"]+)\"\\s*:\\s*\\$reference");

    /** What becomes of an order id that the carrier does not accept: see References. */
    private static final String SHORT_FORM = "A-ABCDEFGHIJKLM234";

    void check() {
        carrier.operations().forEach(operation -> {
            Declaration schema = carrier.schema(operation);
            MappingText mapping = carrier.request(operation);
            if (!schema.root().isMissingNode() && !mapping.text().isEmpty()) {
                checkKeys(schema, mapping);
            }
        });
        checkReference();
    }

    private void checkKeys(Declaration schema, MappingText mapping) {
        Fields fields = Fields.of(schema.root());
        Set<String> mapped = new HashSet<>(mapping.keyNames());
        for (Field field : fields.all()) {
            if (mapped.contains(field.name())) {
                continue;
            }
            if (field.required()) {
                findings.broken(schema.finding(
                        field.pointer(),
                        "'" + field.path() + "' is required, and "
                                + mapping.file().getFileName() + " does not map it"));
            } else {
                findings.untidy(schema.finding(
                        field.pointer(),
                        "'" + field.path() + "' is not mapped in "
                                + mapping.file().getFileName()));
            }
        }
        List<String> known = fields.all().stream().map(Field::name).toList();
        for (MatchResult key : mapping.keys()) {
            if (!known.contains(key.group(1))) {
                findings.untidy(mapping.finding(
                        key,
                        "'" + key.group(1) + "' is no field of " + schema.file().getFileName()));
            }
        }
    }

    private void checkReference() {
        Declaration facts = carrier.facts();
        String pattern = facts.root().path("reference").path("pattern").asText();
        if (!pattern.isEmpty() && !matches("^(?:" + pattern + ")$", SHORT_FORM)) {
            findings.broken(facts.finding(
                    "/reference/pattern",
                    "the pattern refuses '" + SHORT_FORM + "', the form that a long order id takes"));
        }
        Fields fields = Fields.of(carrier.schema("book").root());
        for (MatchResult match : carrier.request("book").matches(REFERENCE)) {
            fields.all().stream()
                    .filter(field -> field.name().equals(match.group(1)))
                    .forEach(field -> checkReference(fields, field));
        }
    }

    private void checkReference(Fields fields, Field field) {
        Declaration facts = carrier.facts();
        int length = facts.root().path("reference").path("length").asInt();
        int longest = fields.rule(field, "maxLength").asInt(Integer.MAX_VALUE);
        if (length > longest) {
            findings.broken(facts.finding(
                    "/reference/length",
                    "length is " + length + ", but '" + field.path() + "' of book.request.schema.json takes " + longest
                            + " characters"));
        }
        String pattern = fields.rule(field, "pattern").asText();
        if (!pattern.isEmpty() && !matches(pattern, SHORT_FORM)) {
            findings.broken(facts.finding(
                    "/reference/pattern",
                    "'" + field.path() + "' of book.request.schema.json refuses '" + SHORT_FORM
                            + "', the form that a long order id takes"));
        }
    }

    private static boolean matches(String pattern, String text) {
        try {
            return Pattern.compile(pattern).matcher(text).find();
        } catch (PatternSyntaxException e) {
            // the loader's finding
            return true;
        }
    }
}
