package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Compiles what a carrier folder declares about what comes after a booking: what is asked for it, and what is awaited. */
record FollowUpFolder(
        Declaration facts, DeclaredOperations operations, Expressions expressions, List<String> findings) {

    /** Who brings what an order lacks where nothing is published to ask by: people, once they are told. */
    private static final String NOBODY = "operator";

    List<FollowUpRule> compile() {
        List<FollowUpRule> rules = new ArrayList<>();
        facts.root().path("follow-ups").properties().forEach(entry -> {
            String pointer = "/follow-ups/" + entry.getKey();
            JsonNode declared = entry.getValue();
            if (operations.isDeclared(pointer, entry.getKey()) && !operations.isOff(entry.getKey())) {
                rules.add(new FollowUpRule(
                        entry.getKey(),
                        declared.has("when") ? expressions.condition(pointer + "/when", declared.path("when")) : null,
                        expressions.condition(pointer + "/until", declared.path("until")),
                        new FollowUpRule.Wait(
                                Duration.parse(declared.path("first").asText()),
                                Duration.parse(declared.path("longest").asText()),
                                Duration.parse(declared.path("for").asText()),
                                declared.path("once").asBoolean()),
                        awaits(entry.getKey())));
            }
        });
        facts.root().path("awaits").properties().forEach(entry -> {
            String pointer = "/awaits/" + entry.getKey();
            JsonNode declared = entry.getValue();
            String by = bringer(declared);
            if (isPush(by) || by.equals(NOBODY)) {
                rules.add(FollowUpRule.told(by, awaits(by)));
            }
            String named = declared.path("by").asText();
            if (!isPush(named)
                    && !named.equals(NOBODY)
                    && !facts.root().path("follow-ups").has(named)) {
                findings.add(facts.finding(
                        pointer + "/by", "'" + named + "' is none of the follow-ups, and no kind of push"));
            }
            if (declared.has("else") && !isPush(declared.path("else").asText())) {
                findings.add(facts.finding(
                        pointer + "/else", "'" + declared.path("else").asText() + "' is no kind of push"));
            }
        });
        return rules;
    }

    private boolean isPush(String kind) {
        return facts.root().at("/pushes/kinds").has(kind);
    }

    /** Who brings what is awaited: where the follow-up is off, a push. */
    private String bringer(JsonNode awaited) {
        String by = awaited.path("by").asText();
        return awaited.has("else") && operations.isOff(by)
                ? awaited.path("else").asText()
                : by;
    }

    private List<FollowUpRule.Await> awaits(String by) {
        List<FollowUpRule.Await> awaits = new ArrayList<>();
        facts.root().path("awaits").properties().forEach(entry -> {
            JsonNode declared = entry.getValue();
            if (bringer(declared).equals(by)) {
                awaits.add(new FollowUpRule.Await(
                        entry.getKey(),
                        Duration.parse(declared.path("deadline").asText()),
                        declared.has("when")
                                ? expressions.condition("/awaits/" + entry.getKey() + "/when", declared.path("when"))
                                : null));
            }
        });
        return awaits;
    }
}
