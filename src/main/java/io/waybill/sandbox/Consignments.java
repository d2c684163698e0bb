package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Carrier.Refusal;
import io.waybill.sandbox.Ledger.Entry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What can be done to BirdSystem's orders: the steps 3 to 6 of {@link BirdSystem}. Throws a {@link Refusal} for the rest. */
final class Consignments {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyMMdd");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Ledger ledger;
    private final Clock clock;
    private final Consignment consignment;
    private final ConsignmentStore store;
    private final ConsignmentGoods goods;
    private final Warehouse warehouse;

    Consignments(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
        this.consignment = new Consignment(clock);
        this.store = new ConsignmentStore(ledger, clock);
        this.goods = new ConsignmentGoods(store);
        this.warehouse = new Warehouse(store, clock);
    }

    synchronized ObjectNode create(String company, Map<String, String> fields) {
        Entry entry = prepared(company, fields);
        ledger.book(entry);
        return consignment.show(entry);
    }

    /**
     * Flow C: orders with their goods, submitted, or none of them (B2); those of AGENT_DIRECT are FINISHED unless they say
     * {@code "status":"PENDING"} (B12). With a label if it is one of those and the only one (B11); where the label stands in the
     * answer is not published.
     */
    synchronized ArrayNode createAtOnce(String company, JsonNode orders, boolean withLabel) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode order : orders) {
            Entry entry = pending(company, order);
            if (entries.stream()
                    .anyMatch(other -> other.key() != null && other.key().equals(entry.key()))) {
                throw new Refusal(500, "Duplicate consignment identity reference [" + entry.reference() + "]");
            }
            entries.add(entry);
        }
        if (entries.isEmpty()) {
            throw new Refusal(500, "No consignments");
        }
        boolean own = Consignment.isAgent(entries.get(0)) && entries.size() == 1;
        if (withLabel && !own) {
            throw new Refusal(500, "returnLabel is for one AGENT_DIRECT consignment");
        }
        ArrayNode shown = JSON.arrayNode();
        entries.forEach(entry -> {
            ledger.book(entry);
            ObjectNode record = consignment.show(submitted(entry));
            shown.add(withLabel ? record.put("label", PdfLabel.of(entry)) : record);
        });
        return shown;
    }

    private Entry pending(String company, JsonNode order) {
        Map<String, String> fields = new LinkedHashMap<>();
        order.properties().forEach(field -> {
            if (!List.of("products", "status").contains(field.getKey())) {
                fields.put(field.getKey(), field.getValue().asText(""));
            }
        });
        String status = order.path("status").asText("");
        if (!List.of("", "PENDING").contains(status)) {
            throw new Refusal(500, "Field [status] is invalid");
        }
        Entry entry = prepared(company, fields);
        if (order.path("products").isEmpty()) {
            throw new Refusal(500, "Field [products] is required");
        }
        ObjectNode details = (ObjectNode) entry.detail();
        order.get("products")
                .forEach(product ->
                        ConsignmentGoods.addLine(entry, details, Goods.atOnce(product, Consignment.isAgent(entry))));
        details.put("final", Consignment.isAgent(entry) && status.isEmpty() ? "FINISHED" : "PENDING");
        return entry.changed(entry.state(), null, Consignment.bytes(details));
    }

    private Entry submitted(Entry entry) {
        ObjectNode details = (ObjectNode) entry.detail();
        String status = details.remove("final").asText();
        details.put("submits", 1);
        return store.move(entry.changed(entry.state(), null, Consignment.bytes(details)), status);
    }

    private Entry prepared(String company, Map<String, String> fields) {
        ConsignmentRules.check(fields);
        String reference = fields.getOrDefault("custom_identity_reference", "");
        String key =
                reference.isEmpty() ? null : ConsignmentStore.key(company, ConsignmentRules.type(fields), reference);
        ZonedDateTime now = ZonedDateTime.now(clock);
        Entry earlier = key == null ? null : ledger.byKey(BirdSystem.NAME, key);
        if (earlier != null && now.minusMonths(6).toInstant().isBefore(Instant.ofEpochMilli(earlier.at()))) {
            throw new Refusal(500, "Duplicate consignment identity reference [" + reference + "]");
        }
        // yyMMdd, the site in 3 digits, a sequence of 7 (c, from the published ids)
        String id = "%s%03d%07d".formatted(DAY.format(now), Integer.parseInt(company), ledger.next());
        return new Entry(
                BirdSystem.NAME,
                company,
                key,
                reference.isEmpty() ? null : reference,
                id,
                null,
                "PREPARING",
                now.toInstant().toEpochMilli(),
                Consignment.bytes(Consignment.details(fields)));
    }

    synchronized ArrayNode query(String company, Map<String, String> by) {
        Stream<Entry> found;
        if (by.containsKey("id")) {
            found = Stream.of(by.get("id")).map(id -> ledger.byId(BirdSystem.NAME, company, id));
        } else if (by.containsKey("custom_identity_reference")) {
            found = store.withReference(company, by.get("custom_identity_reference"));
        } else {
            throw new Refusal(500, "Filter [id] or [custom_identity_reference] is required");
        }
        ArrayNode shown = JSON.arrayNode();
        found.filter(entry -> entry != null)
                .map(warehouse::poll)
                .map(consignment::show)
                .forEach(shown::add);
        return shown;
    }

    /** The trace of a parcel, the newest point first; null if no parcel has this number (B15). */
    synchronized ObjectNode trace(String number) {
        return store.booked(booked -> number.equals(booked.trackingNumber()))
                .findFirst()
                .map(consignment::trace)
                .orElse(null);
    }

    /** See {@link Warehouse#work}. */
    synchronized void work(JsonNode work) {
        warehouse.work(work);
    }

    synchronized ObjectNode add(String company, Map<String, String> fields, boolean agent) {
        return goods.add(company, fields, agent);
    }

    synchronized JsonNode items(String company, Map<String, String> by) {
        return goods.items(company, by);
    }

    synchronized void remove(String company, String itemId) {
        goods.remove(company, itemId);
    }

    synchronized void update(String company, Map<String, String> fields) {
        List<Entry> chosen = store.chosen(company, fields);
        String status = fields.getOrDefault("status", "");
        if (!List.of("PENDING", "CANCELLED").contains(status)) {
            throw new Refusal(500, "Field [status] is invalid");
        }
        chosen.forEach(entry -> checkUpdate(entry, status));
        chosen.forEach(entry -> {
            ObjectNode details = (ObjectNode) entry.detail();
            if (status.equals("PENDING")) {
                details.put("submits", details.path("submits").asInt() + 1);
                store.log(details, status);
            }
            store.change(entry, status, entry.tracking(), details);
        });
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
}
