package io.waybill.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.OrderParser;
import io.waybill.mapping.OrderSchema;
import io.waybill.order.Json;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;

/** Makes the canonical order of a legal document; from the same text always the same. */
public final class CanonicalOrders implements OrderParser {

    private final OrderSchema schema;

    public CanonicalOrders(OrderSchema schema) {
        this.schema = schema;
    }

    /** A legal document as an order; it belongs to {@code account} unless it names another. */
    Order of(ObjectNode document, String raw, String account, String source) {
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        named.setAll(document);
        if (!named.has("account")) {
            named.put("account", account);
        }
        ObjectNode full = schema.withDefaults(named);
        OrderKey key = new OrderKey(
                full.get("account").asText(),
                full.get("order_id").asText(),
                full.get("reissue").asInt());
        return new Order(key, full, raw, source);
    }

    @Override
    public Order parse(OrderKey key, String raw, String source) {
        try {
            String text = raw.startsWith("\ufeff") ? raw.substring(1) : raw;
            return of((ObjectNode) Json.orders().readTree(text), raw, key.account(), source);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("order " + key + ": what the ledger keeps of it cannot be read", e);
        }
    }
}
