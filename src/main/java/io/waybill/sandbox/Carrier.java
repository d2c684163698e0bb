package io.waybill.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.order.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** One simulated carrier: takes a call, changes the ledger, answers in the carrier's own shape. Called by one thread only. */
interface Carrier {

    /** The name in the ledger, the fault scripts and the settings. */
    String name();

    /** Does what the call asks for, durably, and returns what the carrier would answer. */
    Answer answer(Call call);

    /** The customer's key that the call is about, null if it names none; never changes anything, never throws. */
    String reference(Call call);

    /**
     * One HTTP request, read completely.
     *
     * @param path without the query
     * @param query the raw query, null if there is none
     * @param header a header's value by its name in any case, null if absent
     */
    record Call(String method, String path, String query, UnaryOperator<String> header, String body) {

        boolean hasContentType(String type) {
            String value = header.apply("Content-Type");
            return value != null && value.toLowerCase(Locale.ROOT).startsWith(type);
        }

        Map<String, String> parameters() {
            return decoded(query);
        }

        /** The body as {@code application/x-www-form-urlencoded}; throws {@link IllegalArgumentException} on a broken escape. */
        Map<String, String> form() {
            return decoded(body);
        }

        JsonNode json() throws JsonProcessingException {
            return Json.orders().readTree(body);
        }

        private static Map<String, String> decoded(String encoded) {
            Map<String, String> values = new LinkedHashMap<>();
            if (encoded == null || encoded.isEmpty()) {
                return values;
            }
            for (String pair : encoded.split("&")) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                values.put(decode(name), decode(value));
            }
            return values;
        }

        private static String decode(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
    }

    /** What goes back: an HTTP status and a JSON document. */
    record Answer(int status, JsonNode body) {}

    /** A call that the carrier turns down: an HTTP status or the carrier's own code, and its words. */
    final class Refusal extends RuntimeException {

        private final int code;

        Refusal(int code, String message) {
            // a refusal is an answer, not an error: no stack trace to pay for
            super(message, null, false, false);
            this.code = code;
        }

        int code() {
            return code;
        }
    }
}
