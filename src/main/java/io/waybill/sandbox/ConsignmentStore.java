package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Carrier.Refusal;
import io.waybill.sandbox.Ledger.Entry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** BirdSystem's orders in the ledger: found as its calls name them, and written as they change. */
record ConsignmentStore(Ledger ledger, Clock clock) {

    Entry entry(String company, String id) {
        Entry entry = ledger.byId(BirdSystem.NAME, company, id);
        if (entry == null) {
            throw new Refusal(500, "Consignment [" + id + "] not found");
        }
        return entry;
    }

    Stream<Entry> withReference(String company, String reference) {
        return Stream.of("LOCAL", "DIRECT", "RETURN", "AGENT_DIRECT")
                .map(type -> ledger.byKey(BirdSystem.NAME, key(company, type, reference)))
                .filter(entry -> entry != null);
    }

    /** Looks at all orders of all sites. */
    Stream<Entry> booked(Predicate<Booked> which) {
        return ledger.booked().stream()
                .filter(booked -> booked.carrier().equals(BirdSystem.NAME) && which.test(booked))
                .map(booked -> ledger.byId(BirdSystem.NAME, booked.account(), booked.carrierOrderId()));
    }

    /** By ids joined with {@code _}, or by either reference joined with {@code |} (B7, B8). */
    List<Entry> chosen(String company, Map<String, String> fields) {
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
        return booked(booked -> booked.account().equals(company))
                .filter(entry -> references.contains(
                        entry.detail().get("fields").path("sales_reference").asText("")))
                .toList();
    }

    private static List<String> split(Map<String, String> fields, String name, String by) {
        String joined = fields.getOrDefault(name, "");
        return joined.isEmpty() ? List.of() : List.of(joined.split(by));
    }

    Entry change(Entry entry, String state, String tracking, ObjectNode details) {
        details.put("updated", clock.millis());
        Entry changed = entry.changed(state, tracking, Consignment.bytes(details));
        ledger.change(changed);
        return changed;
    }

    /** A finished consignment has its number and is waiting for dispatch (B15). */
    Entry move(Entry entry, String status) {
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

    /** Adds to what became of an order, and when. */
    void log(ObjectNode details, String status) {
        details.withArray("log")
                .addObject()
                .put("at", clock.instant().toString())
                .put("status", status);
    }

    /** The identity of an order: its reference is taken for its site and its kind. */
    static String key(String company, String type, String reference) {
        return company + '|' + type + '|' + reference;
    }
}
