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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What can be done to BirdSystem's orders: the steps 3 to 6 of {@link BirdSystem}. Throws a {@link Refusal} for the rest. */
final class Consignments {

    private static final int POLLS_UNTIL_FINISHED = 3;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyMMdd");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Ledger ledger;
    private final Clock clock;
    private final Consignment consignment;
    private final Map<String, Integer> polls = new HashMap<>();

    Consignments(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
        this.consignment = new Consignment(clock);
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
        boolean own = isAgent(entries.get(0)) && entries.size() == 1;
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
        order.get("products").forEach(product -> addLine(entry, details, Goods.atOnce(product, isAgent(entry))));
        details.put("final", isAgent(entry) && status.isEmpty() ? "FINISHED" : "PENDING");
        return entry.changed(entry.state(), null, Consignment.bytes(details));
    }

    private Entry submitted(Entry entry) {
        ObjectNode details = (ObjectNode) entry.detail();
        String status = details.remove("final").asText();
        details.put("submits", 1);
        return move(entry.changed(entry.state(), null, Consignment.bytes(details)), status);
    }

    private static boolean isAgent(Entry entry) {
        return entry.detail().at("/fields/type").asText().equals("AGENT_DIRECT");
    }

    private Entry prepared(String company, Map<String, String> fields) {
        ConsignmentRules.check(fields);
        String reference = fields.getOrDefault("custom_identity_reference", "");
        String key = reference.isEmpty() ? null : key(company, ConsignmentRules.type(fields), reference);
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
            found = withReference(company, by.get("custom_identity_reference"));
        } else {
            throw new Refusal(500, "Filter [id] or [custom_identity_reference] is required");
        }
        ArrayNode shown = JSON.arrayNode();
        found.filter(entry -> entry != null)
                .map(this::poll)
                .map(consignment::show)
                .forEach(shown::add);
        return shown;
    }

    private Stream<Entry> withReference(String company, String reference) {
        return Stream.of("LOCAL", "DIRECT", "RETURN", "AGENT_DIRECT")
                .map(type -> ledger.byKey(BirdSystem.NAME, key(company, type, reference)))
                .filter(entry -> entry != null);
    }

    private Entry poll(Entry entry) {
        if (!entry.state().equals("PENDING")
                || entry.detail().has("by_hand")
                || polls.merge(entry.orderId(), 1, Integer::sum) < POLLS_UNTIL_FINISHED) {
            return entry;
        }
        polls.remove(entry.orderId());
        return move(entry, "FINISHED");
    }

    /**
     * What the warehouse and the parcel's carrier do, for tests: {@code {reference, status, without_number, delivery_fee,
     * handling_fee, note, at}}, each but the reference may be absent. An order whose status was set moves on by itself no more.
     */
    synchronized void work(JsonNode work) {
        List<Entry> chosen = ledger.booked().stream()
                .filter(booked -> booked.carrier().equals(BirdSystem.NAME)
                        && work.path("reference").asText().equals(booked.reference()))
                .map(booked -> ledger.byId(BirdSystem.NAME, booked.account(), booked.carrierOrderId()))
                .toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("work: no consignment has the reference '"
                    + work.path("reference").asText() + "'");
        }
        chosen.forEach(entry -> work(entry, work));
    }

    private void work(Entry entry, JsonNode work) {
        ObjectNode details = (ObjectNode) entry.detail();
        for (String fee : List.of("delivery_fee", "handling_fee")) {
            if (work.has(fee)) {
                details.set(fee, work.get(fee));
            }
        }
        if (work.has("note")) {
            String at = work.path("at").asText(clock.instant().toString());
            details.withArray("points")
                    .addObject()
                    .put("at", at)
                    .put("note", work.get("note").asText());
        }
        if (!work.has("status")) {
            change(entry, entry.state(), entry.tracking(), details);
            return;
        }
        details.put("by_hand", true);
        Entry held = entry.changed(entry.state(), entry.tracking(), Consignment.bytes(details));
        Entry moved = move(held, work.get("status").asText());
        if (work.path("without_number").asBoolean()) {
            change(moved, moved.state(), null, (ObjectNode) moved.detail());
        }
    }

    /** A finished consignment has its number and is waiting for dispatch (B15). */
    private Entry move(Entry entry, String status) {
        ObjectNode details = (ObjectNode) entry.detail();
        boolean finished = status.equals("FINISHED");
        if (finished && !details.has("finished")) {
            details.put("finished", clock.millis());
        }
        log(details, status);
        boolean numbered = finished && !hidesNumber(details);
        return change(entry, status, numbered ? "SBX" + entry.orderId() : entry.tracking(), details);
    }

    private static boolean hidesNumber(JsonNode details) {
        return DeliveryService.find(details.at("/fields/delivery_service_id").asText())
                .filter(DeliveryService::hidden)
                .isPresent();
    }

    private void log(ObjectNode details, String status) {
        details.withArray("log")
                .addObject()
                .put("at", clock.instant().toString())
                .put("status", status);
    }

    /** The trace of a parcel, the newest point first; null if no parcel has this number (B15). */
    synchronized ObjectNode trace(String number) {
        Entry entry = ledger.booked().stream()
                .filter(booked -> booked.carrier().equals(BirdSystem.NAME) && number.equals(booked.trackingNumber()))
                .map(booked -> ledger.byId(BirdSystem.NAME, booked.account(), booked.carrierOrderId()))
                .findFirst()
                .orElse(null);
        return entry == null ? null : consignment.trace(entry);
    }

    synchronized ObjectNode add(String company, Map<String, String> fields, boolean agent) {
        Entry entry = entry(company, fields.getOrDefault("consignment_id", ""));
        if (agent != isAgent(entry)) {
            throw new Refusal(500, "You consignment " + entry.orderId() + " is of another type");
        }
        ObjectNode goods = Goods.line(fields, agent);
        if (!entry.state().equals("PREPARING")) {
            throw new Refusal(500, "You consignment " + entry.orderId() + " is " + entry.state());
        }
        ObjectNode details = (ObjectNode) entry.detail();
        ObjectNode item = addLine(entry, details, goods);
        change(entry, entry.state(), null, details);
        return item;
    }

    private static ObjectNode addLine(Entry entry, ObjectNode details, ObjectNode goods) {
        ArrayNode items = (ArrayNode) details.get("items");
        long line = items.isEmpty() ? 1 : items.get(items.size() - 1).get("id").asLong() % 1000 + 1;
        ObjectNode item = items.addObject()
                .put("id", Long.parseLong(entry.orderId().substring(9)) * 1000 + line)
                .put("consignment_id", Long.parseLong(entry.orderId()));
        item.setAll(goods);
        return item;
    }

    synchronized JsonNode items(String company, Map<String, String> by) {
        return entry(company, by.getOrDefault("consignment_id", "")).detail().get("items");
    }

    synchronized void remove(String company, String itemId) {
        // an item id is the order's number and three digits for its line
        String number = itemId.length() > 3 ? itemId.substring(0, itemId.length() - 3) : "";
        Entry entry = ledger.booked().stream()
                .filter(booked -> booked.carrier().equals(BirdSystem.NAME)
                        && booked.account().equals(company))
                .map(Booked::carrierOrderId)
                .filter(id -> String.valueOf(Long.parseLong(id.substring(9))).equals(number))
                .map(id -> ledger.byId(BirdSystem.NAME, company, id))
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

    synchronized void update(String company, Map<String, String> fields) {
        List<Entry> chosen = chosen(company, fields);
        String status = fields.getOrDefault("status", "");
        if (!List.of("PENDING", "CANCELLED").contains(status)) {
            throw new Refusal(500, "Field [status] is invalid");
        }
        chosen.forEach(entry -> checkUpdate(entry, status));
        chosen.forEach(entry -> {
            ObjectNode details = (ObjectNode) entry.detail();
            if (status.equals("PENDING")) {
                details.put("submits", details.path("submits").asInt() + 1);
                log(details, status);
            }
            change(entry, status, entry.tracking(), details);
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
                .filter(booked -> booked.carrier().equals(BirdSystem.NAME)
                        && booked.account().equals(company))
                .map(booked -> ledger.byId(BirdSystem.NAME, company, booked.carrierOrderId()))
                .filter(entry -> references.contains(
                        entry.detail().get("fields").path("sales_reference").asText("")))
                .toList();
    }

    private static List<String> split(Map<String, String> fields, String name, String by) {
        String joined = fields.getOrDefault(name, "");
        return joined.isEmpty() ? List.of() : List.of(joined.split(by));
    }

    private Entry change(Entry entry, String state, String tracking, ObjectNode details) {
        details.put("updated", clock.millis());
        Entry changed = entry.changed(state, tracking, Consignment.bytes(details));
        ledger.change(changed);
        return changed;
    }

    private Entry entry(String company, String id) {
        Entry entry = ledger.byId(BirdSystem.NAME, company, id);
        if (entry == null) {
            throw new Refusal(500, "Consignment [" + id + "] not found");
        }
        return entry;
    }

    private static String key(String company, String type, String reference) {
        return company + '|' + type + '|' + reference;
    }
}
