package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** The code tables of a carrier: our word, their code; an account may set its own service codes. */
final class Codes {

    private static final String SERVICE = "service.";

    private final JsonNode tables;

    Codes(JsonNode tables) {
        this.tables = tables;
    }

    /** The tables with {@code service.<word>} of the account laid over them. */
    JsonNode with(Map<String, String> account) {
        if (!hasServices(account)) {
            return tables;
        }
        ObjectNode copy = tables.deepCopy();
        ObjectNode services = copy.withObjectProperty("service");
        account.forEach((key, code) -> {
            if (key.startsWith(SERVICE)) {
                services.put(key.substring(SERVICE.length()), code);
            }
        });
        return copy;
    }

    // asked for every mapping of every order
    private static boolean hasServices(Map<String, String> account) {
        for (String key : account.keySet()) {
            if (key.startsWith(SERVICE)) {
                return true;
            }
        }
        return false;
    }
}
