package io.waybill.check;

import io.waybill.check.RouteFile.Step;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What must not happen twice stands inside its guard, {@code once-<route>}: an {@code idempotentConsumer} over the ledger that
 * marks the step before it does it. Inside a guard, the carrier is called only after the request was journalled.
 */
record RouteGuards(List<RouteFile> files, Findings findings) {

    /** Steps in Java that write what an order may have once. */
    private static final Set<String> WRITERS = Set.of("journalRequest", "storeLabel", "shipment");

    private static final Set<String> WRITING = Set.of("jdbc", "sql", "sql-stored", "mongodb", "kafka", "smtp", "smtps");
    private static final String CALL = "${variable.call}";

    void check() {
        for (RouteFile file : files) {
            for (Spot route : file.routes()) {
                List<Step> steps = RouteFile.steps(route);
                Set<String> guarded = new HashSet<>();
                steps.stream().filter(RouteGuards::isGuard).forEach(guard -> {
                    List<Step> inside = RouteFile.steps(guard.body());
                    inside.forEach(step -> guarded.add(step.body().pointer()));
                    checkGuard(file, guard);
                    checkJournal(inside);
                });
                steps.stream()
                        .filter(step -> !guarded.contains(step.body().pointer()) && isSideEffect(step))
                        .forEach(step -> findings.broken(step.body()
                                .finding("step '" + step.id() + "' is not inside once-" + file.name()
                                        + ", so a replay does it again")));
            }
        }
    }

    private static boolean isGuard(Step step) {
        return step.kind().equals("idempotentConsumer");
    }

    private static boolean isSideEffect(Step step) {
        Spot body = step.body();
        String uri = body.value().isTextual() ? body.value().asText() : body.text("uri");
        int colon = uri.indexOf(':');
        return step.kind().equals("process") && WRITERS.contains(body.text("ref"))
                || step.kind().matches("to|toD|wireTap") && colon > 0 && WRITING.contains(uri.substring(0, colon));
    }

    private void checkGuard(RouteFile file, Step guard) {
        Spot body = guard.body();
        expect(body, "id", "once-" + file.name());
        expect(body, "idempotentRepository", "ledger");
        if (!body.value().path("completionEager").asBoolean()) {
            findings.broken(body.child("completionEager")
                    .finding("completionEager must be true, else the step is marked only after the whole route"));
        }
        String key = body.child("simple").text("expression");
        if (!key.equals("${variable.order}/" + file.name()) && !key.equals("${variable.order}/${variable.step}")) {
            findings.broken(body.child("simple")
                    .child("expression")
                    .finding("the key of '" + guard.id() + "' is '" + key + "'; expected '${variable.order}/"
                            + file.name() + "'"));
        }
    }

    private void expect(Spot guard, String field, String expected) {
        if (!guard.text(field).equals(expected)) {
            findings.broken(guard.child(field)
                    .finding(field + " of the guard is '" + guard.text(field) + "'; expected '" + expected + "'"));
        }
    }

    private void checkJournal(List<Step> inside) {
        boolean journalled = false;
        for (Step step : inside) {
            journalled |= step.body().text("ref").equals("journalRequest");
            if (step.body().text("uri").equals(CALL) && !journalled) {
                findings.broken(step.body()
                        .finding("step '" + step.id()
                                + "' calls the carrier before 'journalRequest', so a crash would lose what was sent"));
            }
        }
    }
}
