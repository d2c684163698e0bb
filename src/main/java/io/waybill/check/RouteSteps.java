package io.waybill.check;

import io.waybill.check.RouteFile.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every step can be seen and found again: canonical form, and an id that no other step of any file has. */
record RouteSteps(List<RouteFile> files, Findings findings) {

    private static final Set<String> LANGUAGES =
            Set.of("simple", "constant", "jsonpath", "jq", "xpath", "groovy", "exchangeProperty", "variable", "header");

    void check() {
        Map<String, Spot> ids = new HashMap<>();
        for (RouteFile file : files) {
            for (Spot route : file.routes()) {
                RouteFile.steps(route).forEach(step -> check(step, ids));
            }
        }
    }

    private void check(Step step, Map<String, Spot> ids) {
        if (step.body().value().isTextual()) {
            findings.untidy(step.body()
                    .finding("is the short form of a step; write '" + step.kind() + ":' with its fields below it"));
            return;
        }
        if (step.id().isEmpty()) {
            findings.untidy(step.body().finding("step '" + step.kind() + "' has no id; name it as verb-noun"));
        } else {
            Spot first = ids.putIfAbsent(step.id(), step.body());
            if (first != null) {
                findings.broken(step.body()
                        .child("id")
                        .finding("step id '" + step.id() + "' is also one of "
                                + first.file().file().getFileName()));
            }
        }
        step.body().children().stream()
                .filter(field ->
                        LANGUAGES.contains(field.name()) && field.value().isTextual())
                .forEach(field -> findings.untidy(field.finding(
                        "is the short form of an expression; write 'expression:' below '" + field.name() + "'")));
    }
}
