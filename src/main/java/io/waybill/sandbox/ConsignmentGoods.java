package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Carrier.Refusal;
import io.waybill.sandbox.Ledger.Entry;
import java.util.Map;

/** The goods of BirdSystem's orders, line by line. */
record ConsignmentGoods(ConsignmentStore store) {

    ObjectNode add(String company, Map<String, String> fields, boolean agent) {
        Entry entry = store.entry(company, fields.getOrDefault("consignment_id", ""));
        if (agent != Consignment.isAgent(entry)) {
            throw new Refusal(500, "You consignment " + entry.orderId() + " is of another type");
        }
        ObjectNode goods = Goods.line(fields, agent);
        if (!entry.state().equals("PREPARING")) {
            throw new Refusal(500, "You consignment " + entry.orderId() + " is " + entry.state());
        }
        ObjectNode details = (ObjectNode) entry.detail();
        ObjectNode item = addLine(entry, details, goods);
        store.change(entry, entry.state(), null, details);
        return item;
    }

    /** Adds a line to an order that was not written yet. */
    static ObjectNode addLine(Entry entry, ObjectNode details, ObjectNode goods) {
        ArrayNode items = (ArrayNode) details.get("items");
        long line = items.isEmpty() ? 1 : items.get(items.size() - 1).get("id").asLong() % 1000 + 1;
        ObjectNode item = items.addObject()
                .put("id", Long.parseLong(entry.orderId().substring(9)) * 1000 + line)
                .put("consignment_id", Long.parseLong(entry.orderId()));
        item.setAll(goods);
        return item;
    }

    JsonNode items(String company, Map<String, String> by) {
        return store.entry(company, by.getOrDefault("consignment_id", ""))
                .detail()
                .get("items");
    }

    void remove(String company, String itemId) {
        // an item id is the order's number and three digits for its line
        String number = itemId.length() > 3 ? itemId.substring(0, itemId.length() - 3) : "";
        Entry entry = store.booked(booked -> booked.account().equals(company)
                        && String.valueOf(Long.parseLong(booked.carrierOrderId().substring(9)))
                                .equals(number))
                .findFirst()
                .orElseThrow(() -> new Refusal(500, "Consignment product [" + itemId + "] not found"));
        ObjectNode details = (ObjectNode) entry.detail();
        ArrayNode items = (ArrayNode) details.get("items");
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).get("id").asText().equals(itemId)) {
                items.remove(i);
                store.change(entry, entry.state(), null, details);
                return;
            }
        }
        throw new Refusal(500, "Consignment product [" + itemId + "] not found");
    }
}
