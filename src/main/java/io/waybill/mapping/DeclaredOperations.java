package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;

/** The operations that a carrier folder declares, as the carrier's own settings change them. */
record DeclaredOperations(Declaration facts, Options options, List<String> findings) {

    /** What is declared of one. */
    JsonNode declared(String operation) {
        return facts.root().path("operations").path(operation);
    }

    /** Whether there is one of that name; a finding if not. */
    boolean isDeclared(String pointer, String name) {
        boolean known = facts.root().path("operations").has(name);
        if (!known) {
            findings.add(facts.finding(pointer, "operation '" + name + "' is not declared"));
        }
        return known;
    }

    boolean isOff(String name) {
        return options.isOff(name);
    }

    Operation compile(String name) {
        JsonNode declared = declared(name);
        return new Operation(
                name,
                options.method(name),
                options.path(name),
                options.encoding(name),
                Duration.parse(declared.path("connect-timeout").asText()),
                Duration.parse(declared.path("response-timeout").asText()),
                inDoubt(declared.path("in-doubt")),
                declared.path("url").asText("url"),
                declared.has("rate") ? declared.path("rate").path("per-second").asInt() : null,
                declared.at("/keep/minutes").textValue(),
                declared.has("html-before"));
    }

    /** What nobody can be asked by is a person's. */
    private String inDoubt(JsonNode declared) {
        String way = declared.path("way").asText();
        return way.equals("lookup") && options.isOff(declared.path("by").asText("lookup")) ? "operator" : way;
    }
}
