package io.waybill.draft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What is known of the create of a carrier.
 *
 * @param method the HTTP method
 * @param path the documented path, its server's included
 * @param form whether the request is a form; else it is JSON
 * @param auth the {@code auth} part of carrier.yaml as far as it is known: {@code recipe} and its names
 * @param request the JSON Schema of the request, no reference in it
 * @param response the JSON Schema of the answer, empty if it is not known
 * @param success the HTTP status of a success
 * @param samples requests and answers, {@code {request, response}} each
 */
record CarrierApi(
        String method,
        String path,
        boolean form,
        ObjectNode auth,
        ObjectNode request,
        ObjectNode response,
        int success,
        List<JsonNode> samples) {

    private static final ObjectMapper JSON = Json.strict(16 << 20, 1 << 20, 16 << 20);

    /**
     * Reads an OpenAPI 3 document, or an array of samples {@code {request, response}}.
     *
     * @param operation the operationId, or the path; null where there is only one that can be meant
     * @throws IllegalArgumentException with a sentence if nothing can be made of it
     */
    static CarrierApi read(Path file, String operation) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            JsonNode document = JSON.readTree(bytes);
            if (document.isArray()) {
                return Samples.read(file, document);
            }
            if (document.path("openapi").asText().startsWith("3.")) {
                return OpenApi.read(file, document, operation);
            }
            throw new IllegalArgumentException(
                    file + ":1: expected an OpenAPI 3 document or an array of {request, response}");
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new IllegalArgumentException(file + ":" + line + ": cannot be read: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ":1: is missing or cannot be read", e);
        }
    }
}
