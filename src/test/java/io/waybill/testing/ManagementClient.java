package io.waybill.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The management port of a running Waybill, as its administrator sees it. */
public final class ManagementClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final String address;
    private final String authorization;

    private ManagementClient(String address, String authorization) {
        this.address = address;
        this.authorization = authorization;
    }

    /** The administrator of a Waybill that was started with a management port. */
    public static ManagementClient of(RunningWaybill waybill) {
        String pair = "admin:" + RunningWaybill.ADMINS_PASSWORD;
        return new ManagementClient(
                "http://127.0.0.1:" + waybill.engine().managementPort(),
                "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(address + path)));
    }

    /** What an operation of an MBean of ours answers, as Jolokia tells it: {@code value}, or {@code error}. */
    public JsonNode operation(String bean, String operation, Object... arguments) {
        ObjectNode call = JSON.createObjectNode();
        call.put("type", "exec").put("mbean", "io.waybill:" + bean).put("operation", operation);
        call.set("arguments", JSON.valueToTree(arguments));
        return jolokia(call);
    }

    /** The attributes of an MBean of ours. */
    public JsonNode attributes(String bean) {
        return jolokia(JSON.createObjectNode().put("type", "read").put("mbean", "io.waybill:" + bean))
                .path("value");
    }

    /** The answer to any request of Jolokia. */
    public JsonNode jolokia(JsonNode call) {
        String body = send(HttpRequest.newBuilder(URI.create(address + "/hawtio/jolokia"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(call.toString())))
                .body();
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(body, e);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(
                    request.header("Authorization", authorization)
                            .timeout(Patience.LIMIT)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
