package io.waybill.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.testing.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

/** A carrier that pushes to a Waybill; signs by the rules of KDNiao (K1, K3) and shares no code with ours. */
final class Carrier {

    static final String KEY = "demo-api-key";
    static final String MERCHANT = "1000001";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String waybill;

    Carrier(int port) {
        this.waybill = "http://127.0.0.1:" + port;
    }

    static ObjectNode entry(String order, Object state, String createTime) {
        return JSON.createObjectNode()
                .put("OrderCode", order)
                .put("State", String.valueOf(state))
                .put("CreateTime", createTime);
    }

    static ObjectNode trace(String order, String state, String... timesAndTexts) {
        ObjectNode entry = JSON.createObjectNode()
                .put("OrderCode", order)
                .put("Success", true)
                .put("State", state.substring(0, 1))
                .put("StateEx", state);
        ArrayNode traces = entry.putArray("Traces");
        for (int i = 0; i < timesAndTexts.length; i += 2) {
            traces.addObject().put("AcceptTime", timesAndTexts[i]).put("AcceptStation", timesAndTexts[i + 1]);
        }
        return entry;
    }

    static ArrayNode list(JsonNode... entries) {
        ArrayNode list = JSON.createArrayNode();
        for (JsonNode entry : entries) {
            list.add(entry);
        }
        return list;
    }

    /** RequestData with these entries. */
    static String data(String pushTime, JsonNode entries) {
        ObjectNode data = JSON.createObjectNode()
                .put("EBusinessID", MERCHANT)
                .put("PushTime", pushTime)
                .put("Count", String.valueOf(entries.size()));
        data.set("Data", entries);
        return data.toString();
    }

    static String sign(String data, String key) {
        try {
            byte[] md5 = MessageDigest.getInstance("MD5").digest((data + key).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder()
                    .encodeToString(HexFormat.of().formatHex(md5).getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String form(String type, String data, String sign) {
        return "RequestData=" + encoded(data) + "&RequestType=" + type
                + (sign == null ? "" : "&DataSign=" + encoded(sign));
    }

    /** A push as KDNiao sends it. */
    HttpResponse<String> push(String type, String data) {
        return post("/push/kdniao", form(type, data, sign(data, KEY)));
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path, BodyPublishers.ofString(body)));
    }

    HttpResponse<String> post(String path, BodyPublisher body, String... headers) {
        return send(request(path, body).headers(headers));
    }

    CompletableFuture<HttpResponse<String>> pushLater(String type, String data) {
        String body = form(type, data, sign(data, KEY));
        return http.sendAsync(
                request("/push/kdniao", BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    HttpRequest.Builder request(String path, BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create(waybill + path))
                .timeout(Patience.LIMIT)
                .header("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
                .POST(body);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
