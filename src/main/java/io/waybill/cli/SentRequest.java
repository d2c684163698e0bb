package io.waybill.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.mapping.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A request for people: method and path, the names of the headers, the body as JSON before it is encoded and signed.
 *
 * @param secrets values that are hidden wherever they stand
 */
record SentRequest(Set<String> secrets) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HIDDEN = "(hidden)";

    List<String> lines(Request request) {
        List<String> lines = new ArrayList<>();
        lines.add(request.method() + " " + request.path());
        // what authenticates is a secret, whatever it is called
        request.headers().keySet().forEach(name -> lines.add(name + ": " + HIDDEN));
        lines.add(request.contentType() == null ? "as the query:" : "Content-Type: " + request.contentType());
        lines.add("");
        try {
            lines.add(JSON.writerWithDefaultPrettyPrinter()
                    .writeValueAsString(hidden(request.json().deepCopy())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree is always writable", e);
        }
        return lines;
    }

    private JsonNode hidden(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                if (isSecret(field.getValue())) {
                    object.put(field.getKey(), HIDDEN);
                } else {
                    hidden(field.getValue());
                }
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (isSecret(array.get(i))) {
                    array.set(i, HIDDEN);
                } else {
                    hidden(array.get(i));
                }
            }
        }
        return node;
    }

    private boolean isSecret(JsonNode value) {
        return value.isValueNode() && secrets.contains(value.asText());
    }
}
