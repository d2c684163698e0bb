package io.waybill.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Ledger.Entry;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The simulated BirdSystem, under {@code /client}.
 *
 * <ol>
 *   <li>Every call carries api_key and company_id as headers or query parameters (B1, B4, B11), else {@code Login
 *       Required!} (B19). A business error is HTTP 500 with {@code success:false} (B1).
 *   <li>A body is a form or JSON by its content type (B1); paths match in any case (c).
 *   <li>{@code POST Consignment} makes an order in PREPARING (a:002). The same custom_identity_reference within six months,
 *       of the same type and site, is refused and the first order is not returned (B4, B9).
 *   <li>{@code POST Consignment-Product} adds a line each time, again for a repeat (B5); GET lists, DELETE removes (B19).
 *       {@code Agent-Direct-Consignment-Product} adds one to AGENT_DIRECT orders (B6). {@code GET Product} finds the product
 *       ids, see {@link Goods}.
 *   <li>{@code POST Consignment/Batch-Update-Status} submits, which needs a product (B7), or cancels (B8).
 *   <li>{@code POST Consignment/Post-Pending-Consignment-With-Products-Json} does all of it in one call for an array of orders,
 *       or for none of them (B2, B9, B10), with {@code returnLabel=1} for one AGENT_DIRECT order (B11).
 *   <li>{@code GET delivery-service} lists what may be ordered, see {@link DeliveryService} (B14).
 *   <li>After that a query shows fees, and from the third one on the delivery reference and FINISHED (B15, B19). {@code work}
 *       lets tests decide instead what the warehouse does.
 *   <li>{@code GET /consignment/tracking}, on a host of its own, tells the way of parcels (B15).
 * </ol>
 */
final class BirdSystem implements Carrier {

    static final String NAME = "birdsystem";
    static final String PATH = "/client/";

    /** Its tracking host; no page says that it wants the keys, so none are asked for. */
    static final String TRACKING = "/consignment/";

    private static final String AT_ONCE = "post-pending-consignment-with-products-json";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Ledger ledger;
    private final SandboxOptions options;
    private final Consignments orders;

    BirdSystem(Ledger ledger, SandboxOptions options) {
        this.ledger = ledger;
        this.options = options;
        this.orders = new Consignments(ledger, options.clock());
    }

    @Override
    public String name() {
        return NAME;
    }

    /** What the warehouse does, see {@link Consignments#work}. */
    void work(JsonNode work) {
        orders.work(work);
    }

    @Override
    public Answer answer(Call call) {
        if (call.path().toLowerCase(Locale.ROOT).startsWith(TRACKING)) {
            return trace(call);
        }
        try {
            String company = company(call);
            ObjectNode answer = JSON.objectNode();
            route(call, company, answer);
            return new Answer(200, answer.put("success", true).put("moduleName", "client"));
        } catch (Refusal refusal) {
            ObjectNode failure = JSON.objectNode().put("success", false).put("message", refusal.getMessage());
            return new Answer(refusal.code(), failure);
        }
    }

    private Answer trace(Call call) {
        String numbers = call.parameters().getOrDefault("tracking_references", "");
        if (!call.path().substring(TRACKING.length()).replaceAll("/+$", "").equals("tracking") || numbers.isEmpty()) {
            ObjectNode failure =
                    JSON.objectNode().put("success", false).put("message", "tracking_references is required");
            return new Answer(500, failure);
        }
        ObjectNode traces = JSON.objectNode();
        for (String number : numbers.split(",")) {
            ObjectNode trace = orders.trace(number);
            if (trace != null) {
                traces.set(number, trace);
            }
        }
        ObjectNode answer = JSON.objectNode().put("success", true);
        // an empty list of its language
        answer.set("data", traces.isEmpty() ? JSON.arrayNode() : traces);
        answer.putArray("message");
        return new Answer(200, answer);
    }

    @Override
    public String reference(Call call) {
        if (call.path().toLowerCase(Locale.ROOT).startsWith(TRACKING)) {
            return null;
        }
        try {
            if (call.method().equals("POST")
                    && call.path().toLowerCase(Locale.ROOT).endsWith(AT_ONCE)) {
                return array(call).at("/0/custom_identity_reference").textValue();
            }
            Map<String, String> fields = call.method().equals("POST") ? fields(call) : call.parameters();
            String reference = fields.getOrDefault(
                    "custom_identity_reference", fields.getOrDefault("custom_identity_references", ""));
            if (!reference.isEmpty()) {
                return reference;
            }
            String id = Stream.of("consignment_id", "ids", "id")
                    .map(fields::get)
                    .filter(value -> value != null)
                    .findFirst()
                    .orElse("");
            Entry entry = ledger.byId(NAME, company(call), id);
            return entry == null ? null : entry.reference();
        } catch (Refusal | IllegalArgumentException e) {
            return null;
        }
    }

    private void route(Call call, String company, ObjectNode answer) {
        String resource =
                call.path().substring(PATH.length()).toLowerCase(Locale.ROOT).replaceAll("/+$", "");
        switch (call.method() + ' ' + resource) {
            case "POST consignment" -> answer.set("data", orders.create(company, fields(call)));
            case "POST consignment/" + AT_ONCE -> answer.set(
                    "data",
                    orders.createAtOnce(
                            company, array(call), "1".equals(call.parameters().get("returnLabel"))));
            case "GET consignment" -> list(answer, orders.query(company, call.parameters()));
            case "POST consignment-product" -> answer.set("data", orders.add(company, fields(call), false));
            case "POST agent-direct-consignment-product" -> answer.set("data", orders.add(company, fields(call), true));
            case "GET consignment-product" -> list(answer, orders.items(company, call.parameters()));
            case "POST consignment/batch-update-status" -> {
                orders.update(company, fields(call));
                answer.put("refresh", false);
            }
            case "GET delivery-service" -> list(answer, services(company, call.parameters()));
            case "GET product" -> list(answer, Goods.products(call.parameters()));
            default -> {
                if (!call.method().equals("DELETE") || !resource.startsWith("consignment-product/")) {
                    throw new Refusal(404, "No such resource [" + resource + "]");
                }
                orders.remove(company, resource.substring(resource.indexOf('/') + 1));
            }
        }
    }

    private String company(Call call) {
        Map<String, String> query = call.parameters();
        String company = header(call, query, "company_id");
        String key = header(call, query, "api_key");
        if (options.accounts().stream().noneMatch(account -> account.matches(NAME, company, key))) {
            throw new Refusal(500, "Login Required!");
        }
        return company;
    }

    private static String header(Call call, Map<String, String> query, String name) {
        String value = call.header().apply(name);
        return value == null ? query.get(name) : value;
    }

    private ArrayNode services(String company, Map<String, String> by) {
        ArrayNode services = JSON.arrayNode();
        DeliveryService.ALL.stream()
                .filter(service -> matches(by, "id", String.valueOf(service.id())))
                .filter(service -> matches(by, "status", service.status()))
                .filter(service -> matches(by, "consignment_type", service.type()))
                .forEach(service -> services.add(service.record(Integer.parseInt(company))));
        return services;
    }

    private static boolean matches(Map<String, String> by, String name, String value) {
        return by.getOrDefault(name, value).equals(value);
    }

    private static void list(ObjectNode answer, JsonNode data) {
        answer.put("total", data.size()).set("data", data);
    }

    private static JsonNode array(Call call) {
        try {
            JsonNode body = call.json();
            if (body.isArray()) {
                return body;
            }
        } catch (JsonProcessingException e) {
            // as below
        }
        throw new Refusal(500, "Malformed request body");
    }

    private static Map<String, String> fields(Call call) {
        try {
            return call.hasContentType("application/json") ? scalars(call.json()) : call.form();
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new Refusal(500, "Malformed request body");
        }
    }

    private static Map<String, String> scalars(JsonNode body) {
        Map<String, String> fields = new LinkedHashMap<>();
        body.properties().forEach(field -> {
            if (field.getValue().isContainerNode()) {
                throw new Refusal(500, "Field [" + field.getKey() + "] is invalid");
            }
            fields.put(
                    field.getKey(),
                    field.getValue().isNull() ? "" : field.getValue().asText());
        });
        return fields;
    }
}
