package io.waybill.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.access.LocalToken;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the management port of a running process tells about its orders; nothing while it does not answer. */
final class Console {

    private static final String OPERATIONS = "\"mbean\": \"io.waybill:type=Operations\"";
    private static final Set<String> ENDS = Set.of("completed", "awaiting", "dead-letter", "cancelled");

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI jolokia;
    private final Path token;

    Console(String port, Path work) {
        this.jolokia = URI.create("http://127.0.0.1:" + port + "/hawtio/jolokia");
        this.token = work.resolve("conf/waybill.token");
    }

    /** How many orders are at their end or in doubt at a carrier that cannot be asked; -1 if any other order is open. */
    int settled() {
        JsonNode states = states();
        int sum = 0;
        for (var state : states.properties()) {
            if (state.getKey().equals("in-doubt")) {
                sum += inDoubt().size();
            } else if (!ENDS.contains(state.getKey())) {
                return -1;
            } else {
                sum += state.getValue().asInt();
            }
        }
        return sum;
    }

    /** How many orders are in each state. */
    JsonNode states() {
        return ask("\"type\": \"read\", \"attribute\": \"Orders\"");
    }

    /** The ids of the orders in doubt at a carrier that cannot be asked. */
    List<String> inDoubt() {
        List<String> ids = new ArrayList<>();
        for (JsonNode line : ask("\"type\": \"exec\", \"operation\": \"listInDoubt\"")) {
            if (line.path("carrier").asText().equals("mabang")) {
                ids.add(line.path("order").asText());
            }
        }
        return ids;
    }

    /** What an operation answers, nothing while the engine does not. */
    JsonNode call(String operation, Object... arguments) {
        return ask("\"type\": \"exec\", \"operation\": \"" + operation + "\", \"arguments\": "
                + new ObjectMapper().valueToTree(arguments));
    }

    /** The whole chain of an order; nothing if there is none. */
    JsonNode trace(String order) {
        String chain = call("trace", "default", order, 0).asText();
        return Orders.json(chain.isEmpty() ? "{}" : chain);
    }

    private JsonNode ask(String what) {
        HttpRequest request = HttpRequest.newBuilder(jolokia)
                .header("Authorization", authorization())
                .header("Content-Type", "application/json")
                .timeout(Patience.LIMIT)
                .POST(HttpRequest.BodyPublishers.ofString("{" + OPERATIONS + ", " + what + "}"))
                .build();
        try {
            String answer =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return Orders.json(answer).path("value");
        } catch (IOException dead) {
            return Orders.json("{}");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String authorization() {
        try {
            return "Bearer " + LocalToken.read(token);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
