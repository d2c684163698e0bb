package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * One call to a carrier, ready to be sent: mapped, checked, encoded and signed.
 *
 * @param method the HTTP method
 * @param path the documented path below the carrier's configured URL
 * @param query the encoded query string, null where there is none
 * @param contentType the content type with its charset, null where there is no body
 * @param headers the authentication headers; secrets
 * @param body exactly the bytes to send; a signature in it covers them
 * @param json what was mapped, before encoding and signing; may hold the account's passwords
 */
public record Request(
        String method,
        String path,
        String query,
        String contentType,
        Map<String, String> headers,
        byte[] body,
        JsonNode json) {

    /** Method, path and size only: headers and body hold secrets and personal data. */
    @Override
    public String toString() {
        return method + " " + path + " of " + body.length + " bytes";
    }
}
