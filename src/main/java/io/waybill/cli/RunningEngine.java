package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.io.Reader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Properties;

/** The engine that runs with these settings, reached through its management port with the first user of its users file. */
final class RunningEngine {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OPERATIONS = "io.waybill:type=Operations";

    private final URI jolokia;
    private final String authorization;

    RunningEngine(Settings settings) {
        String host = settings.get("waybill.management.host");
        this.jolokia =
                URI.create("http://" + host + ":" + settings.number("waybill.management.port") + "/hawtio/jolokia");
        this.authorization = authorization(settings.path("waybill.management.users"));
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
        try {
            return value(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (ConnectException e) {
            throw new IllegalStateException(
                    "no engine answers at " + jolokia + "; is it running with these settings?", e);
        }
    }

    private static JsonNode value(HttpResponse<String> response) throws IOException {
        if (response.statusCode() != 200) {
            throw new IllegalStateException("the engine answered " + response.statusCode()
                    + "; do the users file and the engine belong together?");
        }
        JsonNode answer = JSON.readTree(response.body());
        if (answer.path("status").asInt() != 200) {
            // some errors come with the name of their class before them
            throw new IllegalStateException(
                    answer.path("error").asText().replaceFirst("^[\\w.$]+(Exception|Error) : ", ""));
        }
        return answer.path("value");
    }

    private static String authorization(Path users) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(users)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "users file '" + users + "' cannot be read; is the work folder the engine's?", e);
        }
        String user = properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith("user."))
                .sorted()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("users file '" + users + "' names no user"));
        String password = properties.getProperty(user).split(",", 2)[0].trim();
        String both = user.substring("user.".length()) + ":" + password;
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }
}
