package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * One call to a carrier, ready to be sent: mapped, checked, encoded and signed.
 *
 * @param method the HTTP method
 * @param path the documented path below the carrier's configured URL
 * @param contentType the content type with its charset
 * @param headers the authentication headers; secrets
 * @param body exactly the bytes to send; a signature in it covers them
 * @param json what was mapped, before encoding and signing; may hold the account's passwords
 */
public record Request(
        String method, String path, String contentType, Map<String, String> headers, byte[] body, JsonNode json) {

    /** Method, path and size only: headers and body hold secrets and personal data. */
    @Override
    public String toString() {
        return method + " " + path + " of " + body.length + " bytes";
    }
}
