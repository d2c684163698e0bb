package io.waybill.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a mapped request becomes bytes and headers; chosen by name in {@code carrier.yaml}.
 *
 * <ul>
 *   <li>{@code header-keys}: account settings as headers (BirdSystem: {@code api_key}, {@code company_id}; B1).
 *   <li>{@code bearer}: {@code Authorization: Bearer <token>} (Mabang: best guess from the sibling product; M2, inferred); the
 *       options {@code auth-header} and {@code auth-scheme}, where declared, name another header, and another word before the
 *       token or {@code none}.
 *   <li>{@code kdniao-sign}: form with {@code RequestData} and its {@code DataSign} = Base64 of the lower-case hex MD5 of
 *       RequestData + ApiKey, encoded once (KDNiao; K1, K13). The bytes that are signed are the bytes that are sent.
 * </ul>
 */
final class Recipe {

    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final String FORM = "application/x-www-form-urlencoded; charset=utf-8";

    private final JsonNode auth;
    private final JsonNode parameters;
    private final String header;
    private final String before;

    /**
     * @param auth the {@code auth} part of carrier.yaml
     * @param parameters the {@code parameters} of the operation: fixed form fields such as RequestType
     * @param options see {@link Options}
     */
    Recipe(JsonNode auth, JsonNode parameters, JsonNode options) {
        this.auth = auth;
        this.parameters = parameters;
        this.header = options.path("auth-header").asText("Authorization");
        String scheme = options.path("auth-scheme").asText("Bearer");
        this.before = scheme.equals("none") ? "" : scheme + " ";
    }

    /** @param further the query parameters of a call with a body, an empty node where there are none */
    Request request(Operation operation, JsonNode json, JsonNode further, Map<String, String> account) {
        if ("query".equals(operation.encoding())) {
            String query = form(json).toString();
            return new Request(operation.method(), operation.path(), query, null, headers(account), new byte[0], json);
        }
        String type = operation.encoding().startsWith("json") ? "application/json; charset=utf-8" : FORM;
        byte[] body = body(operation, json, account);
        String query = further.isEmpty() ? null : form(further).toString();
        return new Request(operation.method(), operation.path(), query, type, headers(account), body, json);
    }

    private Map<String, String> headers(Map<String, String> account) {
        Map<String, String> headers = new TreeMap<>();
        auth.path("headers")
                .properties()
                .forEach(header -> headers.put(
                        header.getKey(), account.get(header.getValue().asText())));
        if (auth.has("token")) {
            headers.put(header, before + account.get(auth.path("token").asText()));
        }
        return headers;
    }

    private byte[] body(Operation operation, JsonNode json, Map<String, String> account) {
        return switch (operation.encoding()) {
            case "form" -> form(json).bytes();
            case "signed-form" -> signed(text(json), account).bytes();
            case "json-list" -> text(JsonNodeFactory.instance.arrayNode().add(json));
            default -> text(json);
        };
    }

    private static FormText form(JsonNode json) {
        FormText form = new FormText();
        json.properties()
                .forEach(field -> form.add(field.getKey(), field.getValue().asText()));
        return form;
    }

    private FormText signed(byte[] data, Map<String, String> account) {
        FormText form = new FormText();
        form.add("RequestData", data);
        form.add("EBusinessID", account.get(auth.path("id").asText()));
        parameters
                .properties()
                .forEach(field -> form.add(field.getKey(), field.getValue().asText()));
        form.add("DataSign", sign(data, account.get(auth.path("key").asText())));
        return form;
    }

    /** KDNiao's DataSign of a text: Base64 over the 32 hex characters, not over the 16 bytes (K1, K13). */
    static String sign(String data, String key) {
        return sign(data.getBytes(StandardCharsets.UTF_8), key);
    }

    private static String sign(byte[] data, String key) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(data);
            String hex = HexFormat.of().formatHex(md5.digest(key.getBytes(StandardCharsets.UTF_8)));
            return Base64.getEncoder().encodeToString(hex.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    private static byte[] text(JsonNode json) {
        try {
            // not as bytes at once: Jackson would then escape what lies outside the basic plane
            return JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree is always writable", e);
        }
    }
}
