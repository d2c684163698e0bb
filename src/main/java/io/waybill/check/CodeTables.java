package io.waybill.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.check.Fields.Field;
import io.waybill.mapping.Declaration;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Code tables and the mappings agree: each table is used and each table that is used is there, the same for a code that is
 * named by itself, and a code that goes straight into a field is one that the field accepts. A table for a field of an order
 * with a list of words has exactly those words.
 *
 * @param orders the fields of an order
 */
record CodeTables(CarrierFolder carrier, Fields orders, Findings findings) {

    private static final String SERVICES = "service";
    private static final String WORD = "(?:\"([^\"]+)\"|([A-Za-z_][A-Za-z0-9_-]*))";
    private static final Pattern USE = Pattern.compile("\\$codes\\." + WORD + "(?:\\." + WORD + ")?");
    private static final Pattern FIELD = Pattern.compile(
            "\"([^\"]+)\"\\s*:\\s*(?:if\\s*\\([^\\n]*\\)\\s*)?code\\(\\s*\\$codes\\.([A-Za-z_][A-Za-z0-9_-]*)");
    private static final Pattern WORDS =
            Pattern.compile("code\\(\\s*\\$codes\\.([A-Za-z_][A-Za-z0-9_-]*)\\s*,[^,]*,\\s*\"/([^\"]+)\"\\s*\\)");

    void check() {
        Declaration codes = carrier.codes();
        if (codes.root().isMissingNode()) {
            return;
        }
        Set<String> used = new HashSet<>();
        Set<String> whole = new HashSet<>();
        for (MappingText mapping : carrier.mappings()) {
            for (MatchResult use : mapping.matches(USE)) {
                checkUse(mapping, use, used, whole);
            }
            for (MatchResult use : mapping.matches(WORDS)) {
                checkWords(mapping, use);
            }
        }
        codes.root().properties().forEach(table -> {
            String name = table.getKey();
            if (name.equals(SERVICES) && !used.contains(name)) {
                // orders and rules name its words, also where the carrier is told no code
                return;
            }
            if (!used.contains(name)) {
                findings.untidy(codes.finding("/" + name, "table '" + name + "' is used by no mapping"));
            } else if (!whole.contains(name)) {
                table.getValue().fieldNames().forEachRemaining(code -> {
                    if (!used.contains(name + "." + code)) {
                        findings.untidy(codes.finding(
                                "/" + name + "/" + code, "code '" + code + "' of " + name + " is used by no mapping"));
                    }
                });
            }
        });
        carrier.operations().forEach(this::checkFields);
    }

    private void checkUse(MappingText mapping, MatchResult use, Set<String> used, Set<String> whole) {
        String table = word(use, 1);
        String code = word(use, 3);
        used.add(table);
        JsonNode declared = carrier.codes().root().path(table);
        if (declared.isMissingNode()) {
            findings.broken(mapping.finding(use, "table '" + table + "' is missing in codes.json"));
        } else if (code == null) {
            whole.add(table);
        } else {
            used.add(table + "." + code);
            if (!declared.has(code)) {
                findings.broken(mapping.finding(use, "code '" + code + "' of " + table + " is missing in codes.json"));
            }
        }
    }

    private void checkWords(MappingText mapping, MatchResult use) {
        String table = use.group(1);
        String path = use.group(2).replaceAll("/[0-9]+(?=/|$)", "").replace('/', '.');
        JsonNode codes = carrier.codes().root().path(table);
        List<String> words = orders.all().stream()
                .filter(field -> field.path().equals(path))
                .flatMap(field -> Declaration.texts(orders.words(field)).stream())
                .toList();
        if (words.isEmpty()) {
            return;
        }
        words.stream()
                .filter(word -> codes.isObject() && !codes.has(word))
                .forEach(word -> findings.untidy(mapping.finding(
                        use,
                        "code '" + word + "' of " + table + " is missing in codes.json; '" + path + "' may be it")));
        codes.fieldNames().forEachRemaining(word -> {
            if (!words.contains(word)) {
                findings.untidy(carrier.codes()
                        .finding(
                                "/" + table + "/" + word,
                                "code '" + word + "' of " + table + " is used by no order; '" + path + "' is one of "
                                        + String.join(", ", words)));
            }
        });
    }

    private static String word(MatchResult use, int group) {
        return use.group(group) == null ? use.group(group + 1) : use.group(group);
    }

    private void checkFields(String operation) {
        Fields fields = Fields.of(carrier.schema(operation).root());
        for (MatchResult match : carrier.request(operation).matches(FIELD)) {
            List<Field> named = fields.all().stream()
                    .filter(field -> field.name().equals(match.group(1)))
                    .toList();
            if (named.size() == 1) {
                checkCodes(operation, match.group(2), fields, named.get(0));
            }
        }
    }

    private void checkCodes(String operation, String table, Fields fields, Field field) {
        JsonNode accepted = fields.rule(field, "enum");
        int longest = fields.rule(field, "maxLength").asInt(Integer.MAX_VALUE);
        carrier.codes().root().path(table).properties().forEach(code -> {
            JsonNode value = code.getValue();
            boolean listed = accepted.isMissingNode() || contains(accepted, value);
            if (!listed || value.asText().length() > longest) {
                Path schema =
                        carrier.folder().relativize(carrier.schema(operation).file());
                findings.broken(carrier.codes()
                        .finding(
                                "/" + table + "/" + code.getKey(),
                                "code '" + value.asText() + "' is none that '" + field.path() + "' of " + schema
                                        + " accepts"));
            }
        });
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode entry : list) {
            if (entry.equals(value)) {
                return true;
            }
        }
        return false;
    }
}
