package io.waybill.mapping;

import java.util.Map;
import java.util.TreeMap;

/**
 * What came back from a carrier, byte for byte.
 *
 * @param status the HTTP status
 * @param headers header names in any case; looked up without regard to case
 * @param body the bytes as they came, possibly cut or no JSON at all
 */
public record Answer(int status, Map<String, String> headers, byte[] body) {

    public Answer {
        Map<String, String> any = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        any.putAll(headers);
        headers = any;
    }

    /** Status and size only: the body holds personal data. */
    @Override
    public String toString() {
        return "answer " + status + " of " + body.length + " bytes";
    }
}
