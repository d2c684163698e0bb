package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What came back from a carrier, byte for byte. */
public final class Answer {

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;
    private JsonNode json;

    /**
     * An answer.
     *
     * @param status the HTTP status
     * @param headers header names in any case; looked up without regard to case
     * @param body the bytes as they came, possibly cut or no JSON at all
     */
    public Answer(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        this.headers.putAll(headers);
        this.body = body;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The headers, looked up without regard to case. */
    public Map<String, String> headers() {
        return headers;
    }

    /** The bytes as they came. */
    public byte[] body() {
        return body;
    }

    /** The body as a document, read once; missing where it is none. Nobody changes it. */
    synchronized JsonNode json() {
        if (json == null) {
            json = Bodies.read(body);
        }
        return json;
    }

    /** The same without the warnings in HTML that a server put before its document; itself where it put none. */
    Answer afterHtml() {
        int start = Bodies.afterHtml(body);
        return start == 0 ? this : new Answer(status, headers, Arrays.copyOfRange(body, start, body.length));
    }

    /** Status and size only: the body holds personal data. */
    @Override
    public String toString() {
        return "answer " + status + " of " + body.length + " bytes";
    }
}
