package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.waybill.order.Json;
import java.io.IOException;
import java.util.Arrays;

/** Reads carriers' answers: strictly, with room for a label of some megabytes. */
final class Bodies {

    private static final ObjectMapper ANSWERS = Json.strict(16 << 20, 12 << 20);

    /** A warning may itself show a brace or two. */
    private static final int TRIES = 8;

    private Bodies() {}

    /** Where the one document begins that follows HTML, 0 where there is no HTML before it or no document after it. */
    static int afterHtml(byte[] body) {
        if (body.length == 0 || body[0] != '<') {
            return 0;
        }
        int tries = 0;
        for (int at = 1; at < body.length && tries < TRIES; at++) {
            if (body[at] == '{') {
                tries++;
                if (read(Arrays.copyOfRange(body, at, body.length)).isObject()) {
                    return at;
                }
            }
        }
        return 0;
    }

    /** The document, or a missing node where the bytes are not exactly one JSON document in UTF-8. */
    static JsonNode read(byte[] body) {
        // Jackson would also take UTF-16 and UTF-32; every NUL byte marks one of them
        for (int i = 0; i < Math.min(4, body.length); i++) {
            if (body[i] == 0) {
                return MissingNode.getInstance();
            }
        }
        try {
            return ANSWERS.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }
}
