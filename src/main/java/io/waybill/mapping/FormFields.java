package io.waybill.mapping;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of an {@code application/x-www-form-urlencoded} text that a stranger wrote. */
final class FormFields {

    private static final int MOST = 64;

    private FormFields() {}

    /** The fields; none at all where the text is broken, names a field twice or has too many of them. */
    static Map<String, String> read(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        String[] pairs = text.split("&", MOST + 1);
        if (pairs.length > MOST) {
            return Map.of();
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1 || fields.put(decoded(pair, 0, equals), decoded(pair, equals + 1, pair.length())) != null) {
                return Map.of();
            }
        }
        return fields;
    }

    private static String decoded(String text, int from, int to) {
        try {
            return URLDecoder.decode(text.substring(from, to), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // a broken escape: no signature is over that
            return "";
        }
    }
}
