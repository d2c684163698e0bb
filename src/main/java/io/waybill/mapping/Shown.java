package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * A mapped request as people may see it, and as the ledger keeps it.
 *
 * @param secrets values that are hidden wherever they stand, see {@link Carrier#secrets}
 */
public record Shown(Set<String> secrets) {

    /** What stands in the place of a secret. */
    public static final String HIDDEN = "(hidden)";

    /** A copy without the secrets. */
    public JsonNode of(JsonNode request) {
        return hidden(request.deepCopy());
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
