package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import io.waybill.order.Fault;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Applies the mappings of one carrier's folder.
 *
 * @param facts {@code carrier.yaml}, whose zone is the carrier's where the account names none
 * @param options what mappings know as {@code $options}
 */
record Mappings(String carrier, JsonNode facts, Codes codes, Functions functions, ObjectNode options) {

    /**
     * What a mapping makes of its input.
     *
     * @param file the mapping's name, for people
     * @param met where what its functions say goes
     * @throws MappingRefused if it fails
     */
    JsonNode apply(Expression mapping, String file, Map<String, JsonNode> variables, JsonNode input, List<Fault> met) {
        try {
            return functions.collecting(met, () -> mapping.apply(variables, input));
        } catch (JsltException e) {
            String at = e.getSource() == null
                    ? file
                    : Path.of(e.getSource()).getFileName().toString();
            String why = carrier + "/" + at + ":" + e.getLine() + ": " + e.getMessageWithoutLocation();
            throw new MappingRefused(List.of(new Fault("", "the mapping failed: " + why)));
        }
    }

    /** What every mapping of a call knows; more may be added. */
    Map<String, JsonNode> variables(Map<String, String> account, Known known) {
        ObjectNode settings = given(account);
        Map<String, JsonNode> variables = new HashMap<>();
        variables.put("account", settings);
        variables.put("codes", codes.with(account));
        variables.put("zone", settings.path("zone").isTextual() ? settings.get("zone") : facts.path("zone"));
        variables.put("options", options);
        variables.put("done", known.done());
        variables.put("at", TextNode.valueOf(known.part().at()));
        variables.put("number", TextNode.valueOf(known.part().number()));
        variables.put(
                "each",
                known.part().each() == null
                        ? NullNode.getInstance()
                        : known.part().each());
        return variables;
    }

    /** The settings of an account that say something. */
    static ObjectNode given(Map<String, String> account) {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        account.forEach((key, value) -> {
            // an empty line in a settings file sets nothing
            if (!value.isBlank()) {
                settings.put(key, value);
            }
        });
        return settings;
    }
}
