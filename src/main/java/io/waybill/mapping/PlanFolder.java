package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compiles what a carrier folder declares about the calls that a booking takes, and about what stands in for them. */
record PlanFolder(Declaration facts, DeclaredOperations operations, Expressions expressions) {

    private static final String BOOK = Part.BOOK.operation();

    Plan compile() {
        facts.root().path("operations").properties().forEach(operation -> {
            checkLookup(operation.getKey());
            if (operation.getValue().has("like")) {
                operations.isDeclared(
                        "/operations/" + operation.getKey() + "/like",
                        operation.getValue().path("like").asText());
            }
        });
        Map<String, Plan.StandIn> standIns = standIns();
        Map<String, Plan.Around> own = new LinkedHashMap<>();
        Optional.ofNullable(standIns.get(BOOK))
                .map(Plan.StandIn::operation)
                .filter(name -> operations.declared(name).has("before")
                        || operations.declared(name).has("then"))
                .ifPresent(name -> own.put(name, around(name)));
        return new Plan(around(BOOK), standIns, own);
    }

    private Plan.Around around(String operation) {
        return new Plan.Around(rules(operation, "before", true), rules(operation, "then", false));
    }

    private Map<String, Plan.StandIn> standIns() {
        Map<String, Plan.StandIn> standIns = new LinkedHashMap<>();
        facts.root().path("operations").properties().forEach(operation -> {
            JsonNode declared = operation.getValue().path("instead");
            String pointer = "/operations/" + operation.getKey() + "/instead";
            if (declared.isObject()
                    && operations.isDeclared(pointer, declared.path("by").asText())) {
                standIns.put(
                        operation.getKey(),
                        new Plan.StandIn(
                                declared.path("by").asText(),
                                expressions.condition(pointer + "/when", declared.path("when"))));
            }
        });
        return standIns;
    }

    private void checkLookup(String operation) {
        JsonNode way = facts.root().path("operations").path(operation).path("in-doubt");
        if (way.path("way").asText().equals("lookup")) {
            operations.isDeclared(
                    "/operations/" + operation + "/in-doubt", way.path("by").asText("lookup"));
        }
    }

    private List<Plan.Rule> rules(String operation, String list, boolean asks) {
        List<Plan.Rule> rules = new ArrayList<>();
        String pointer = "/operations/" + operation + "/" + list;
        for (String name : Declaration.texts(facts.root().at(pointer))) {
            JsonNode declared = operations.declared(name);
            if (operations.isDeclared(pointer, name) && !operations.isOff(name)) {
                String each = declared.path("for-each").textValue();
                rules.add(new Plan.Rule(
                        name,
                        each == null ? null : each.substring(1),
                        declared.has("when")
                                ? expressions.condition("/operations/" + name + "/when", declared.path("when"))
                                : null,
                        asks));
            }
        }
        return rules;
    }
}
