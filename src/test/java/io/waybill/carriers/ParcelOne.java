package io.waybill.carriers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A simulated carrier of another kind: REST, a bearer token, errors by HTTP status, number, PDF label and rate in the answer.
 *
 * <ol>
 *   <li>{@code POST /v1/shipments} books: 201 with the shipment; 409 {@code duplicate} for a reference that is taken, without
 *       the shipment; 422 for what is missing; 401 for another token.
 *   <li>{@code GET /v1/shipments?reference=} lists the shipments of a reference, each as its creation answered.
 *   <li>{@link #next} is what happens to the next booking of a reference.
 * </ol>
 */
final class ParcelOne implements AutoCloseable {

    static final String TOKEN = "demo-token";

    /** What happens to a booking. */
    sealed interface Trouble {}

    /** The connection ends without an answer, with or without a booking. */
    record Lost(boolean booked) implements Trouble {}

    /** Another answer, and no booking. */
    record Answered(int status, Map<String, String> headers, String body) implements Trouble {}

    /** Booked, and answered when the latch is open. */
    record Held(CountDownLatch latch) implements Trouble {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "parcelone");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();
    private final Map<String, Integer> posts = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> shipments = new LinkedHashMap<>();

    private ParcelOne(HttpServer server) {
        this.server = server;
    }

    static ParcelOne start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            ParcelOne carrier = new ParcelOne(server);
            server.createContext("/v1/shipments", carrier::serve);
            server.setExecutor(carrier.threads);
            server.start();
            return carrier;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    void next(String reference, Trouble trouble) {
        troubles.put(reference, trouble);
    }

    /** How many shipments a reference has; more than one is what must never be. */
    synchronized long bookings(String reference) {
        return shipments.values().stream()
                .filter(shipment -> shipment.path("reference").asText().equals(reference))
                .count();
    }

    /** How often a booking of a reference was asked for. */
    int posts(String reference) {
        return posts.getOrDefault(reference, 0);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                answer(exchange, 401, error("unauthorized", "the token is unknown"));
            } else if (exchange.getRequestMethod().equals("GET")) {
                answer(exchange, 200, listed(exchange.getRequestURI().getRawQuery()));
            } else {
                book(exchange, body);
            }
        }
    }

    private void book(HttpExchange exchange, JsonNode body) throws IOException {
        String reference = body.path("reference").asText();
        posts.merge(reference, 1, Integer::sum);
        Trouble trouble = troubles.remove(reference);
        if (trouble instanceof Answered other) {
            other.headers().forEach(exchange.getResponseHeaders()::set);
            answer(exchange, other.status(), JSON.readTree(other.body()));
        } else if (!(trouble instanceof Lost lost) || lost.booked()) {
            ObjectNode made = made(body);
            if (trouble instanceof Held held) {
                await(held.latch());
            }
            if (!(trouble instanceof Lost)) {
                answer(exchange, made.has("error") ? made.remove("status").asInt() : 201, made);
            }
        }
    }

    private synchronized ObjectNode made(JsonNode body) {
        String reference = body.path("reference").asText();
        for (String needed : List.of("reference", "product", "ship_to", "parcels", "weight_kg", "contents")) {
            if (!body.has(needed)) {
                return error("invalid", needed + " is missing").put("status", 422);
            }
        }
        if (bookings(reference) > 0) {
            return error("duplicate", "reference " + reference + " is taken").put("status", 409);
        }
        int number = shipments.size() + 1;
        ObjectNode shipment = JsonNodeFactory.instance
                .objectNode()
                .put("id", "po_%06d".formatted(number))
                .put("reference", reference)
                .put("state", "label_ready")
                .put("tracking_code", "P1NZ%09d".formatted(number))
                .put("created", "2026-03-01T10:00:00+13:00");
        shipment.set("product", body.path("product"));
        shipment.set("ship_to", body.path("ship_to"));
        shipment.putObject("rate")
                .put("base", new BigDecimal("12.40"))
                .put("fuel", new BigDecimal("1.15"))
                .put("currency", "NZD");
        byte[] pdf = ("%PDF-1.4\n% " + shipment.path("tracking_code").asText() + "\n%%EOF\n")
                .getBytes(StandardCharsets.US_ASCII);
        shipment.putObject("label").put("pdf", Base64.getEncoder().encodeToString(pdf));
        shipments.put(shipment.path("id").asText(), shipment);
        return shipment;
    }

    private synchronized ObjectNode listed(String query) {
        String reference = URLDecoder.decode(query.replaceFirst("^reference=", ""), StandardCharsets.UTF_8);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode found = answer.putArray("shipments");
        shipments.values().stream()
                .filter(shipment -> shipment.path("reference").asText().equals(reference))
                .forEach(found::add);
        return answer;
    }

    private static ObjectNode error(String code, String message) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.putObject("error").put("code", code).put("message", message);
        return error;
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
