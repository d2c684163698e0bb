package io.waybill.draft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the create of a carrier from samples: what is in all of them is taken to be required. */
final class Samples {

    private Samples() {}

    static CarrierApi read(Path file, JsonNode samples) {
        List<JsonNode> requests = new ArrayList<>();
        List<JsonNode> responses = new ArrayList<>();
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode sample : samples) {
            if (!sample.path("request").isObject()) {
                throw new IllegalArgumentException(file + ":1: sample " + (all.size() + 1) + " has no request object");
            }
            all.add(sample);
            requests.add(sample.path("request"));
            if (sample.path("response").isObject()) {
                responses.add(sample.path("response"));
            }
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException(file + ":1: there is no sample in it");
        }
        ObjectNode none = JsonNodeFactory.instance.objectNode();
        return new CarrierApi(
                "POST",
                "/",
                false,
                none,
                Schemas.tidy(shape(requests), false),
                responses.isEmpty() ? none : Schemas.tidy(shape(responses), false),
                200,
                all);
    }

    /** What all of these values have in common. */
    private static ObjectNode shape(List<JsonNode> values) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        List<JsonNode> given = values.stream().filter(value -> !value.isNull()).toList();
        if (given.isEmpty()) {
            return schema.put("type", "string");
        }
        if (given.stream().allMatch(JsonNode::isObject)) {
            return object(schema, given);
        }
        if (given.stream().allMatch(JsonNode::isArray)) {
            List<JsonNode> entries = new ArrayList<>();
            given.forEach(list -> list.forEach(entries::add));
            schema.put("type", "array").set("items", shape(entries));
            return schema;
        }
        return schema.put("type", type(given));
    }

    private static ObjectNode object(ObjectNode schema, List<JsonNode> values) {
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (JsonNode value : values) {
            value.fieldNames().forEachRemaining(name -> {
                if (!properties.has(name)) {
                    List<JsonNode> those = values.stream()
                            .map(each -> each.path(name))
                            .filter(each -> !each.isMissingNode())
                            .toList();
                    properties.set(name, shape(those));
                    if (those.size() == values.size()) {
                        required.add(name);
                    }
                }
            });
        }
        return schema;
    }

    private static String type(List<JsonNode> values) {
        if (values.stream().allMatch(JsonNode::isIntegralNumber)) {
            return "integer";
        }
        if (values.stream().allMatch(JsonNode::isNumber)) {
            return "number";
        }
        return values.stream().allMatch(JsonNode::isBoolean) ? "boolean" : "string";
    }
}
