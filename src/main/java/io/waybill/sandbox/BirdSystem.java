package io.waybill.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Ledger.Entry;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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
 *   <li>{@code POST Consignment/Batch-Update-Status} submits, which needs a product (B7), or cancels (B8).
 *   <li>After that a query shows fees, and from the third one on the delivery reference and FINISHED (B15, B19).
 * </ol>
 */
final class BirdSystem implements Carrier {

    static final String NAME = "birdsystem";
    static final String PATH = "/client/";

    private static final int POLLS_UNTIL_FINISHED = 3;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyMMdd");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Ledger ledger;
    private final SandboxOptions options;
    private final Consignment consignment;
    private final Map<String, Integer> polls = new HashMap<>();

    BirdSystem(Ledger ledger, SandboxOptions options) {
        this.ledger = ledger;
        this.options = options;
        this.consignment = new Consignment(options.clock());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Answer answer(Call call) {
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

    @Override
    public String reference(Call call) {
        try {
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
        String resource = call.path().substring(PATH.length()).toLowerCase(Locale.ROOT).replaceAll("/+$", "");
        switch (call.method() + ' ' + resource) {
            case "POST consignment" -> answer.set("data", create(company, fields(call)));
            case "GET consignment" -> list(answer, query(company, call.parameters()));
            case "POST consignment-product" -> answer.set("data", add(company, fields(call)));
            case "GET consignment-product" -> list(answer, items(company, call.parameters()));
            case "POST consignment/batch-update-status" -> update(company, fields(call), answer);
            case "GET delivery-service" -> list(answer, services(company, call.parameters()));
            case "GET product" -> list(answer, products(call.parameters()));
            default -> {
                if (!call.method().equals("DELETE") || !resource.startsWith("consignment-product/")) {
                    throw new Refusal(404, "No such resource [" + resource + "]");
                }
                remove(company, resource.substring(resource.indexOf('/') + 1));
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

    private ObjectNode create(String company, Map<String, String> fields) {
        ConsignmentRules.check(fields);
        String reference = fields.getOrDefault("custom_identity_reference", "");
        String key = reference.isEmpty() ? null : key(company, ConsignmentRules.type(fields), reference);
        ZonedDateTime now = ZonedDateTime.now(options.clock());
        Entry earlier = key == null ? null : ledger.byKey(NAME, key);
        if (earlier != null && now.minusMonths(6).toInstant().isBefore(Instant.ofEpochMilli(earlier.at()))) {
            throw new Refusal(500, "Duplicate consignment identity reference [" + reference + "]");
        }
        // yyMMdd, the site in 3 digits, a sequence of 7 (c, from the published ids)
        String id = "%s%03d%07d".formatted(DAY.format(now), Integer.parseInt(company), ledger.next());
        Entry entry = new Entry(
                NAME,
                company,
                key,
                reference.isEmpty() ? null : reference,
                id,
                null,
                "PREPARING",
                now.toInstant().toEpochMilli(),
                Consignment.bytes(Consignment.details(fields)));
        ledger.book(entry);
        return consignment.show(entry);
    }

    private ArrayNode query(String company, Map<String, String> by) {
        Stream<Entry> found;
        if (by.containsKey("id")) {
            found = Stream.of(by.get("id")).map(id -> ledger.byId(NAME, company, id));
        } else if (by.containsKey("custom_identity_reference")) {
            found = withReference(company, by.get("custom_identity_reference"));
        } else {
            throw new Refusal(500, "Filter [id] or [custom_identity_reference] is required");
        }
        ArrayNode shown = JSON.arrayNode();
        found.filter(entry -> entry != null).map(this::poll).map(consignment::show).forEach(shown::add);
        return shown;
    }

    private Stream<Entry> withReference(String company, String reference) {
        return Stream.of("LOCAL", "DIRECT", "RETURN", "AGENT_DIRECT")
                .map(type -> ledger.byKey(NAME, key(company, type, reference)))
                .filter(entry -> entry != null);
    }

    private Entry poll(Entry entry) {
        if (!entry.state().equals("PENDING")
                || polls.merge(entry.orderId(), 1, Integer::sum) < POLLS_UNTIL_FINISHED) {
            return entry;
        }
        polls.remove(entry.orderId());
        return change(entry, "FINISHED", "SBX" + entry.orderId(), (ObjectNode) entry.detail());
    }

    private ObjectNode add(String company, Map<String, String> fields) {
        Entry entry = entry(company, fields.getOrDefault("consignment_id", ""));
        if (!fields.getOrDefault("product_id", "").matches("[1-9]\\d{5}")) {
            throw new Refusal(500, "Product [" + fields.get("product_id") + "] not found");
        }
        if (!fields.getOrDefault("quantity", "").matches("[1-9]\\d{0,5}")) {
            throw new Refusal(500, "Field [quantity] is invalid");
        }
        if (!List.of("", "NORMAL", "DIRECTIONAL").contains(fields.getOrDefault("product_type", ""))) {
            throw new Refusal(500, "Field [product_type] is invalid");
        }
        if (!entry.state().equals("PREPARING")) {
            throw new Refusal(500, "You consignment " + entry.orderId() + " is " + entry.state());
        }
        ObjectNode details = (ObjectNode) entry.detail();
        ArrayNode items = (ArrayNode) details.get("items");
        long line = items.isEmpty() ? 1 : items.get(items.size() - 1).get("id").asLong() % 1000 + 1;
        ObjectNode item = items.addObject()
                .put("id", Long.parseLong(entry.orderId().substring(9)) * 1000 + line)
                .put("consignment_id", Long.parseLong(entry.orderId()))
                .put("product_id", Long.parseLong(fields.get("product_id")))
                .put("quantity", fields.get("quantity"))
                .put("product_type", fields.getOrDefault("product_type", "NORMAL"));
        change(entry, entry.state(), null, details);
        return item;
    }

    private JsonNode items(String company, Map<String, String> by) {
        return entry(company, by.getOrDefault("consignment_id", "")).detail().get("items");
    }

    private void remove(String company, String itemId) {
        // an item id is the order's number and three digits for its line
        String number = itemId.length() > 3 ? itemId.substring(0, itemId.length() - 3) : "";
        Entry entry = ledger.booked().stream()
                .filter(booked -> booked.carrier().equals(NAME) && booked.account().equals(company))
                .map(Booked::carrierOrderId)
                .filter(id -> String.valueOf(Long.parseLong(id.substring(9))).equals(number))
                .map(id -> ledger.byId(NAME, company, id))
                .findFirst()
                .orElseThrow(() -> new Refusal(500, "Consignment product [" + itemId + "] not found"));
        ObjectNode details = (ObjectNode) entry.detail();
        ArrayNode items = (ArrayNode) details.get("items");
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).get("id").asText().equals(itemId)) {
                items.remove(i);
                change(entry, entry.state(), null, details);
                return;
            }
        }
        throw new Refusal(500, "Consignment product [" + itemId + "] not found");
    }

    private void update(String company, Map<String, String> fields, ObjectNode answer) {
        List<Entry> chosen = chosen(company, fields);
        String status = fields.getOrDefault("status", "");
        if (!List.of("PENDING", "CANCELLED").contains(status)) {
            throw new Refusal(500, "Field [status] is invalid");
        }
        chosen.forEach(entry -> checkUpdate(entry, status));
        chosen.forEach(entry -> change(entry, status, entry.tracking(), (ObjectNode) entry.detail()));
        answer.put("refresh", false);
    }

    private void checkUpdate(Entry entry, String status) {
        String id = entry.orderId();
        if (status.equals("PENDING") && entry.detail().get("items").isEmpty()) {
            throw new Refusal(
                    500,
                    "You consignment " + id + " does not have product associated, please add product first before"
                            + " changing the consignment status to Pending.");
        }
        // which states may still be cancelled is not published (c: the warehouse must not be done)
        if (!List.of("PREPARING", "PENDING", status).contains(entry.state())) {
            throw new Refusal(500, "You consignment " + id + " is " + entry.state());
        }
    }

    /** By ids joined with {@code _}, or by either reference joined with {@code |} (B7, B8). */
    private List<Entry> chosen(String company, Map<String, String> fields) {
        List<Entry> chosen = new ArrayList<>();
        for (String id : split(fields, "ids", "_")) {
            chosen.add(entry(company, id));
        }
        for (String reference : split(fields, "custom_identity_references", "\\|")) {
            List<Entry> found = withReference(company, reference).toList();
            if (found.isEmpty()) {
                throw new Refusal(500, "Consignment [" + reference + "] not found");
            }
            chosen.addAll(found);
        }
        List<String> sales = split(fields, "sales_references", "\\|");
        if (!sales.isEmpty()) {
            chosen.addAll(withSalesReference(company, sales));
        }
        if (chosen.isEmpty()) {
            throw new Refusal(500, "Field [ids] is required");
        }
        return chosen;
    }

    /** A rare call: looks at every order rather than keep an index. */
    private List<Entry> withSalesReference(String company, List<String> references) {
        return ledger.booked().stream()
                .filter(booked -> booked.carrier().equals(NAME) && booked.account().equals(company))
                .map(booked -> ledger.byId(NAME, company, booked.carrierOrderId()))
                .filter(entry -> references.contains(
                        entry.detail().get("fields").path("sales_reference").asText("")))
                .toList();
    }

    private static List<String> split(Map<String, String> fields, String name, String by) {
        String joined = fields.getOrDefault(name, "");
        return joined.isEmpty() ? List.of() : List.of(joined.split(by));
    }

    private Entry change(Entry entry, String state, String tracking, ObjectNode details) {
        details.put("updated", options.clock().millis());
        Entry changed = entry.changed(state, tracking, Consignment.bytes(details));
        ledger.change(changed);
        return changed;
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

    /** Every SKU exists, with a product id made from it, but for those that begin with {@code UNKNOWN}. */
    private static ArrayNode products(Map<String, String> by) {
        ArrayNode products = JSON.arrayNode();
        String sku = by.getOrDefault("client_ref", "ALB-908");
        if (!sku.startsWith("UNKNOWN")) {
            products.addObject()
                    .put("id", 100_000 + Math.floorMod(sku.hashCode(), 900_000))
                    .put("client_ref", sku)
                    .put("status", "ACTIVE");
        }
        return products;
    }

    private Entry entry(String company, String id) {
        Entry entry = ledger.byId(NAME, company, id);
        if (entry == null) {
            throw new Refusal(500, "Consignment [" + id + "] not found");
        }
        return entry;
    }

    private static void list(ObjectNode answer, JsonNode data) {
        answer.put("total", data.size()).set("data", data);
    }

    private static String key(String company, String type, String reference) {
        return company + '|' + type + '|' + reference;
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
        body.fields().forEachRemaining(field -> {
            if (field.getValue().isContainerNode()) {
                throw new Refusal(500, "Field [" + field.getKey() + "] is invalid");
            }
            fields.put(field.getKey(), field.getValue().isNull() ? "" : field.getValue().asText());
        });
        return fields;
    }
}
