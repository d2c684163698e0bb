package io.waybill.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.testing.Orders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Orders of every carrier, and of none, for folder and queue: some alone in a file or message, some together in one.
 *
 * @param tag the beginning of all their ids
 * @param alone by id
 */
record Batch(String tag, Map<String, JsonNode> alone, Map<String, JsonNode> together) {

    static final List<String> CARRIERS = List.of("birdsystem", "kdniao", "mabang");

    /** The carrier of orders that no rule gives to any. */
    static final String NOBODY = "nobody";

    static final String FOLDER = "F";
    static final String QUEUE = "Q";

    /** Of each carrier so many alone and so many together, both in the folder and on the queue. */
    static Batch of(String tag, int ofEach) {
        Map<String, JsonNode> alone = new LinkedHashMap<>();
        Map<String, JsonNode> together = new LinkedHashMap<>();
        for (String input : List.of(FOLDER, QUEUE)) {
            for (int i = 1; i <= ofEach; i++) {
                for (String carrier : CARRIERS) {
                    put(alone, id(tag, carrier, input, i), carrier);
                    put(together, id(tag, carrier, input, i + ofEach), carrier);
                }
            }
            put(alone, id(tag, NOBODY, input, 1), NOBODY);
        }
        return new Batch(tag, alone, together);
    }

    /** So many orders of Mabang in one file, which cannot be asked about any of them. */
    static Batch ofMabang(String tag, int orders) {
        Map<String, JsonNode> together = new LinkedHashMap<>();
        for (int i = 1; i <= orders; i++) {
            put(together, id(tag, "mabang", FOLDER, i), "mabang");
        }
        return new Batch(tag, Map.of(), together);
    }

    static String id(String tag, String carrier, String input, int number) {
        return tag + "-" + carrier + "-" + input + number;
    }

    List<String> ids() {
        List<String> ids = new ArrayList<>(alone.keySet());
        ids.addAll(together.keySet());
        return ids;
    }

    /** Hands all of it in. */
    void drop(Site site) {
        for (String input : List.of(FOLDER, QUEUE)) {
            List<JsonNode> several = together.entrySet().stream()
                    .filter(each -> isFor(input, each.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
            if (!several.isEmpty()) {
                drop(site, input, tag + "-" + input + "-together", several);
            }
            alone.forEach((id, order) -> {
                if (isFor(input, id)) {
                    drop(site, input, id, List.of(order));
                }
            });
        }
    }

    private static void drop(Site site, String input, String name, List<JsonNode> orders) {
        if (input.equals(FOLDER)) {
            site.file(name, orders);
        } else {
            site.message(orders);
        }
    }

    private static boolean isFor(String input, String id) {
        return id.matches(".*-" + input + "\\d+");
    }

    private static void put(Map<String, JsonNode> orders, String id, String carrier) {
        orders.put(
                id,
                switch (carrier) {
                    case "birdsystem" -> Orders.british(id);
                    case "kdniao" -> Orders.chinese(id);
                    case "mabang" -> Orders.malaysian(id);
                    default -> nobodys(Orders.british(id));
                });
    }

    /** No rule knows this country. */
    private static JsonNode nobodys(ObjectNode order) {
        ((ObjectNode) order.get("recipient")).put("country_code", "BR");
        return order;
    }
}
