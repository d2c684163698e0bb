package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.waybill.order.Fault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads what one carrier answered, each answer by the response mapping of its operation. */
record Answers(Mappings mappings, Results results) {

    /** Of a booking, or of whatever is asked in its place: the canonical fields of a shipment. */
    ObjectNode result(Step step, Known known, ObjectNode full, Answer answer, Map<String, String> account) {
        List<Fault> met = new ArrayList<>();
        Map<String, JsonNode> variables = mappings.variables(account, known);
        variables.put("order", full);
        variables.put("operation", TextNode.valueOf(step.operation().name()));
        JsonNode body = read(step, answer).json();
        JsonNode mapped = apply(step, variables, body, met);
        if (!body.isObject() || !(mapped instanceof ObjectNode result)) {
            throw new MappingRefused(
                    List.of(new Fault("", mappings.carrier() + " gave an answer that holds no shipment")));
        }
        return results.finish(result, full, variables.get("account"), met);
    }

    /** Of one call of several: whatever its mapping makes of it. */
    ObjectNode answered(Step step, Known known, ObjectNode full, Answer answer, Map<String, String> account) {
        List<Fault> met = new ArrayList<>();
        Map<String, JsonNode> variables = mappings.variables(account, known);
        variables.put("order", full);
        JsonNode mapped = apply(step, variables, read(step, answer).json(), met);
        if (!met.isEmpty()) {
            throw new MappingRefused(met);
        }
        return mapped instanceof ObjectNode brought ? brought : JsonNodeFactory.instance.objectNode();
    }

    /** Of a call after the booking: only the fields that it names. */
    ObjectNode later(Step step, Known known, ObjectNode full, Answer answer, Map<String, String> account) {
        Map<String, JsonNode> variables = mappings.variables(account, known);
        variables.put("order", full);
        JsonNode body = Bodies.read(read(step, answer).body());
        List<Fault> met = new ArrayList<>();
        JsonNode mapped = apply(step, variables, body, met);
        if (!body.isObject() || !(mapped instanceof ObjectNode later)) {
            throw new MappingRefused(
                    met.isEmpty()
                            ? List.of(new Fault(
                                    "", mappings.carrier() + " gave an answer that says nothing of the shipment"))
                            : met);
        }
        return results.checked(later, met);
    }

    /** Of a look-up: whether the booking is there. */
    Found found(Step step, Known known, JsonNode request, Answer answer) {
        Map<String, JsonNode> variables = mappings.variables(Map.of(), known);
        variables.put("request", request);
        JsonNode body = read(step, answer).json();
        JsonNode found = apply(step, variables, body, new ArrayList<>());
        JsonNode same = found.path("answer");
        return new Found(
                found.path("match").asText("other"),
                same.isMissingNode()
                        ? null
                        : new Answer(200, Map.of(), same.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** The answer without what an operation's server is known to write before it. */
    static Answer read(Step step, Answer answer) {
        return step.operation().htmlBefore() ? answer.afterHtml() : answer;
    }

    private JsonNode apply(Step step, Map<String, JsonNode> variables, JsonNode body, List<Fault> met) {
        return mappings.apply(step.response(), step.operation().name() + ".response.jslt", variables, body, met);
    }
}
