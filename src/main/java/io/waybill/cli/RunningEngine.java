package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.access.LocalToken;
import io.waybill.engine.Engine;
import io.waybill.management.Tls;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * The engine that runs with these settings, reached through its management port: with the token that it left in the work
 * folder for its own user, or by name and password.
 */
final class RunningEngine {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OPERATIONS = "io.waybill:type=Operations";

    private final URI jolokia;
    private final String authorization;
    private final HttpClient client;

    /**
     * Reaches an engine.
     *
     * @param user who logs in with a password; null for the token
     */
    RunningEngine(Settings settings, String user) {
        Optional<Tls> tls = Engine.tls(settings);
        this.jolokia = URI.create((tls.isPresent() ? "https://" : "http://")
                + reached(settings.get("waybill.management.host")) + ":"
                + settings.number("waybill.management.port") + "/hawtio/jolokia");
        this.authorization = user == null ? token(Engine.tokenFile(settings)) : password(user);
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10));
        tls.ifPresent(own -> builder.sslContext(OwnCertificate.context(own.certificate())));
        this.client = builder.build();
    }

    /**
     * Calls an operation of the engine.
     *
     * @throws IllegalStateException with the engine's own sentence if it refuses, or if it cannot be reached
     */
    JsonNode operation(String name, Object... arguments) throws IOException, InterruptedException {
        ObjectNode call = JSON.createObjectNode();
        call.put("type", "exec").put("mbean", OPERATIONS).put("operation", name);
        call.set("arguments", JSON.valueToTree(arguments));
        return answer(call);
    }

    /** Reads an attribute of the engine; see {@link #operation} for errors. */
    JsonNode attribute(String name) throws IOException, InterruptedException {
        return answer(JSON.createObjectNode()
                .put("type", "read")
                .put("mbean", OPERATIONS)
                .put("attribute", name));
    }

    private JsonNode answer(ObjectNode call) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(jolokia)
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString(call.toString()))
                .build();
        return value(sent(request));
    }

    private HttpResponse<String> sent(HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new IllegalStateException(
                    "no engine answers at " + jolokia + "; is it running with these settings?", e);
        } catch (HttpTimeoutException e) {
            throw new IllegalStateException("the engine at " + jolokia + " did not answer in time; ask again later", e);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "what answers at " + jolokia + " does not speak " + jolokia.getScheme()
                            + "; does waybill.management.key-store say the same here and where the engine runs?",
                    e);
        }
    }

    private static JsonNode value(HttpResponse<String> response) throws IOException {
        if (response.statusCode() != 200) {
            throw new IllegalStateException("the engine answered " + response.statusCode() + ": "
                    + response.body().strip());
        }
        JsonNode answer = JSON.readTree(response.body());
        if (answer.path("status").asInt() == 403) {
            throw new IllegalStateException("the engine refused: a viewer may not do this");
        }
        if (answer.path("status").asInt() != 200) {
            // some errors come with the name of their class before them
            throw new IllegalStateException(
                    answer.path("error").asText().replaceFirst("^[\\w.$]+(Exception|Error) : ", ""));
        }
        return answer.path("value");
    }

    /** Where an engine is reached that listens at this address, as it stands in a URL. */
    static String reached(String host) {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::", "[::]" -> "[::1]";
            default -> inUrl(host);
        };
    }

    static String inUrl(String host) {
        return host.contains(":") && !host.startsWith("[") ? '[' + host + ']' : host;
    }

    private static String token(Path file) {
        try {
            return "Bearer " + LocalToken.read(file);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "token '" + file + "' cannot be read; is the engine running with these settings, and as your user?"
                            + " Otherwise log in with --user",
                    e);
        }
    }

    private static String password(String user) {
        String given = System.getenv("WAYBILL_PASSWORD");
        String both = user + ":" + (given == null ? Typed.password("password of " + user) : given);
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }
}
