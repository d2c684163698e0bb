package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.schibsted.spt.data.jslt.Expression;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** Compiles what a carrier folder declares about its pushes. */
record PushFolder(Declaration facts, Expressions expressions) {

    private static final String AT = "/pushes";

    /** Null where the carrier tells nothing by itself. */
    PushDeclaration compile() {
        JsonNode declared = facts.root().path("pushes");
        if (declared.isMissingNode()) {
            return null;
        }
        List<PushDeclaration.Kind> kinds = new ArrayList<>();
        declared.path("kinds")
                .properties()
                .forEach(kind -> kinds.add(new PushDeclaration.Kind(
                        kind.getKey(),
                        expression("/kinds/" + kind.getKey() + "/when"),
                        expressions.mapping(kind.getKey() + ".response.jslt"))));
        return new PushDeclaration(
                declared,
                ZoneId.of(facts.root().path("zone").asText()),
                new PushDeclaration.Expressions(
                        expression("/account/named"),
                        expression("/entries"),
                        expression("/order/reference"),
                        expression("/order/carrier-order-id"),
                        expression("/order/tracking-number"),
                        expression("/answer")),
                kinds);
    }

    private Expression expression(String below) {
        JsonNode text = facts.root().at(AT + below);
        return text.isMissingNode() ? null : expressions.condition(AT + below, text);
    }
}
