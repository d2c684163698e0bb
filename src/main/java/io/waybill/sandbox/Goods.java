package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Carrier.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The products that a simulated BirdSystem account has, and the lines that are made of them.
 *
 * <ol>
 *   <li>Every SKU is a product, with an id made from it, but for those that begin with {@code UNKNOWN}. The products of SKUs
 *       that begin with {@code NOSTOCK} are known and cannot be added; the vendor's words for that are not published.
 *   <li>A line of LOCAL, DIRECT and RETURN orders names a product id (B5), one of AGENT_DIRECT orders all about the goods (B6).
 * </ol>
 */
final class Goods {

    private static final int FIRST = 100_000;
    private static final int FIRST_WITHOUT_STOCK = 999_000;
    private static final int END = 1_000_000;
    private static final List<String> OF_AGENTS = List.of(
            "product_name",
            "product_name_cn",
            "client_ref",
            "price_customs_export",
            "weight",
            "product_customs_property[]");

    private Goods() {}

    static ArrayNode products(Map<String, String> by) {
        ArrayNode products = JsonNodeFactory.instance.arrayNode();
        String sku = by.getOrDefault("client_ref", "ALB-908");
        if (!sku.startsWith("UNKNOWN")) {
            products.addObject().put("id", id(sku)).put("client_ref", sku).put("status", "ACTIVE");
        }
        return products;
    }

    private static int id(String sku) {
        boolean stock = !sku.startsWith("NOSTOCK");
        int first = stock ? FIRST : FIRST_WITHOUT_STOCK;
        int end = stock ? FIRST_WITHOUT_STOCK : END;
        return first + Math.floorMod(sku.hashCode(), end - first);
    }

    /** A line without its ids; throws a {@link Refusal} for what is no line of an order of this type. */
    static ObjectNode line(Map<String, String> fields, boolean agent) {
        if (!fields.getOrDefault("quantity", "").matches("[1-9]\\d{0,5}")) {
            throw new Refusal(500, "Field [quantity] is invalid");
        }
        return agent ? ofAgent(fields) : ofWarehouse(fields);
    }

    /** A line of flow C: a product by its id, its SKU or its reference, or all about the goods of an agent (B9, B10). */
    static ObjectNode atOnce(JsonNode product, boolean agent) {
        Map<String, String> fields = new HashMap<>();
        product.properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asText()));
        if (agent) {
            JsonNode names = product.path("product_customs_property");
            boolean named = names.isArray() && !names.isEmpty() && names.get(0).isTextual();
            fields.put("product_customs_property[]", named ? names.get(0).asText() : "");
            return line(fields, true);
        }
        if (fields.getOrDefault("sales_price", "").isEmpty()) {
            throw new Refusal(500, "Field [sales_price] is required");
        }
        fields.computeIfAbsent(
                "product_id",
                name -> product.has("id")
                        ? product.get("id").asText()
                        : named(fields.getOrDefault("client_sku", fields.getOrDefault("reference", ""))));
        return line(fields, false);
    }

    private static String named(String sku) {
        if (sku.isEmpty() || sku.startsWith("UNKNOWN")) {
            throw new Refusal(500, "Product [" + sku + "] not found");
        }
        return String.valueOf(id(sku));
    }

    private static ObjectNode ofWarehouse(Map<String, String> fields) {
        String id = fields.getOrDefault("product_id", "");
        if (!id.matches("[1-9]\\d{5}")) {
            throw new Refusal(500, "Product [" + id + "] not found");
        }
        if (!List.of("", "NORMAL", "DIRECTIONAL").contains(fields.getOrDefault("product_type", ""))) {
            throw new Refusal(500, "Field [product_type] is invalid");
        }
        if (Integer.parseInt(id) >= FIRST_WITHOUT_STOCK) {
            throw new Refusal(500, "Product [" + id + "] is out of stock");
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put("product_id", Long.parseLong(id))
                .put("quantity", fields.get("quantity"))
                .put("product_type", fields.getOrDefault("product_type", "NORMAL"));
    }

    private static ObjectNode ofAgent(Map<String, String> fields) {
        for (String name : OF_AGENTS) {
            if (fields.getOrDefault(name, "").isEmpty()) {
                throw new Refusal(500, "Field [" + name + "] is required");
            }
        }
        for (String name : List.of("product_name", "product_name_cn")) {
            if (fields.get(name).length() > 50) {
                throw new Refusal(500, "Field [" + name + "] is longer than 50");
            }
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put("client_ref", fields.get("client_ref"))
                .put("product_name", fields.get("product_name"))
                .put("quantity", fields.get("quantity"));
    }
}
