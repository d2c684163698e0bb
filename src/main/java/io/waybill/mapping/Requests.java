package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.waybill.order.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes the requests of one carrier.
 *
 * <ol>
 *   <li>The account's settings are complete.
 *   <li>The order is mapped, and what the carrier takes only in part is cut.
 *   <li>The mapped request keeps every rule of its schema, and nothing of what reads the answer is left to fill in. All faults
 *       are told at once.
 *   <li>What begins with {@code _} is taken out, the rest is encoded and signed.
 * </ol>
 */
record Requests(Mappings mappings) {

    Request request(Step step, Known known, ObjectNode full, String reference, Map<String, String> account) {
        String operation = step.operation().name();
        List<Fault> faults =
                new ArrayList<>(missingSettings(full.path("account").asText(), account));
        Map<String, JsonNode> variables = mappings.variables(account, known);
        variables.put("reference", TextNode.valueOf(reference));
        variables.put("operation", TextNode.valueOf(operation));
        JsonNode mapped = mappings.apply(step.request(), operation + ".request.jslt", variables, full, faults);
        step.cuts().apply(mapped);
        for (Fault found : step.rules().faults(mapped)) {
            Fault fault = placed(found, known.part());
            if (faults.stream().noneMatch(met -> met.pointer().equals(fault.pointer()))) {
                faults.add(fault);
            }
        }
        faults.addAll(step.unwritten());
        if (!faults.isEmpty()) {
            throw new MappingRefused(faults);
        }
        JsonNode query =
                step.query() == null ? NullNode.getInstance() : step.query().apply(variables, full);
        return step.recipe().request(step.operation(), withoutFacts(mapped), query, account);
    }

    /** What of an order is sent otherwise than it came; one sentence each. */
    List<String> changes(Step step, ObjectNode full, Map<String, String> account) {
        if (step.cuts().isEmpty()) {
            return List.of();
        }
        String operation = step.operation().name();
        Map<String, JsonNode> variables = mappings.variables(account, Known.NOTHING);
        variables.put("reference", TextNode.valueOf(""));
        variables.put("operation", TextNode.valueOf(operation));
        return step.cuts()
                .apply(mappings.apply(step.request(), operation + ".request.jslt", variables, full, new ArrayList<>()));
    }

    private List<Fault> missingSettings(String name, Map<String, String> account) {
        List<Fault> missing = new ArrayList<>();
        mappings.facts().path("settings").properties().forEach(setting -> {
            String key = setting.getKey();
            if (setting.getValue().path("required").asBoolean()
                    && account.getOrDefault(key, "").isBlank()) {
                String full = "waybill.account." + name + "." + mappings.carrier() + "." + key;
                missing.add(new Fault(
                        "/account",
                        "the setting " + full + " is missing: "
                                + setting.getValue().path("description").asText()));
            }
        });
        return missing;
    }

    /** In a schema of a repeated call, {@code #} stands for the number of the entry. */
    private static Fault placed(Fault fault, Part part) {
        if (!fault.pointer().contains("/#")) {
            return fault;
        }
        return new Fault(
                fault.pointer().replaceFirst("^/[a-z_]+/#", part.at()),
                fault.message().replaceFirst("^[a-z_]+\\.#", Sentences.dotted(part.at())));
    }

    private static JsonNode withoutFacts(JsonNode mapped) {
        ObjectNode sent = JsonNodeFactory.instance.objectNode();
        mapped.properties().forEach(field -> {
            if (!field.getKey().startsWith("_")) {
                sent.set(field.getKey(), field.getValue());
            }
        });
        return sent;
    }
}
