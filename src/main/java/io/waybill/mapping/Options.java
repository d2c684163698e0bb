package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What a carrier's own settings {@code waybill.carrier.<carrier>.<name>} say, for facts that nobody publishes.
 *
 * <ol>
 *   <li>{@code options} of {@code carrier.yaml} declares them, with their defaults; mappings and conditions know them as
 *       {@code $options}, without those that are set to nothing.
 *   <li>An operation with {@code by-setting: <word>} takes its path from the setting {@code <word>-path} and its method from
 *       {@code <word>-method}. Without a path it is off: nothing calls it, and what would need it does without.
 * </ol>
 */
final class Options {

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+/?");
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");

    private final Declaration facts;
    private final Map<String, String> settings;
    private final List<String> findings;
    private final ObjectNode values = JsonNodeFactory.instance.objectNode();

    Options(Declaration facts, Map<String, String> settings, List<String> findings) {
        this.facts = facts;
        this.settings = settings;
        this.findings = findings;
        facts.root().path("options").properties().forEach(option -> {
            String value =
                    setting(option.getKey(), option.getValue().path("default").asText(""));
            if (!value.isEmpty()) {
                values.put(option.getKey(), value);
                check(option.getKey(), option.getValue(), value);
            }
        });
    }

    /** The declared ones, by name. */
    ObjectNode values() {
        return values;
    }

    /** The path of an operation, empty if it is off. */
    String path(String operation) {
        JsonNode declared = declared(operation);
        if (!declared.has("by-setting")) {
            return declared.path("path").asText();
        }
        String name = declared.path("by-setting").asText() + "-path";
        String path = setting(name, "");
        if (!path.isEmpty() && !PATH.matcher(path).matches()) {
            wrong(operation, name, "expected a path such as /apicenter/api/order");
            return "";
        }
        return path;
    }

    /** The method of an operation. */
    String method(String operation) {
        JsonNode declared = declared(operation);
        String method = declared.path("method").asText();
        if (declared.has("by-setting")) {
            String name = declared.path("by-setting").asText() + "-method";
            method = setting(name, method);
            if (!METHODS.contains(method)) {
                wrong(operation, name, "expected one of " + String.join(", ", METHODS));
            }
        }
        return method;
    }

    /** How the fields of an operation travel: where a setting makes it a GET, in its query. */
    String encoding(String operation) {
        JsonNode declared = declared(operation);
        return declared.has("by-setting") && method(operation).equals("GET")
                ? "query"
                : declared.path("encoding").asText();
    }

    boolean isOff(String operation) {
        return declared(operation).has("by-setting") && path(operation).isEmpty();
    }

    private JsonNode declared(String operation) {
        return facts.root().path("operations").path(operation);
    }

    private String setting(String name, String otherwise) {
        String value = settings.getOrDefault(name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    private void check(String name, JsonNode declared, String value) {
        if (declared.path("regex").asBoolean()) {
            try {
                Pattern.compile(value);
            } catch (PatternSyntaxException e) {
                findings.add(facts.finding(
                        "/options/" + name, "option '" + name + "' is no regular expression: " + e.getDescription()));
            }
        } else if (!value.matches(declared.path("pattern").asText(".*"))) {
            findings.add(facts.finding(
                    "/options/" + name,
                    "option '" + name + "' is '" + value + "', expected "
                            + declared.path("pattern").asText()));
        }
    }

    private void wrong(String operation, String name, String expected) {
        String finding = facts.finding(
                "/operations/" + operation + "/by-setting",
                "setting 'waybill.carrier." + facts.root().path("carrier").asText() + "." + name + "': " + expected);
        if (!findings.contains(finding)) {
            findings.add(finding);
        }
    }
}
