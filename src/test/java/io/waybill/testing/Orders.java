package io.waybill.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Orders that their carriers accept. */
public final class Orders {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Orders() {}

    /** To Britain: the rules choose BirdSystem, service standard. */
    public static ObjectNode british(String id) {
        return order(
                id,
                """
                {"recipient": {"name": "Ann Sample", "phone": "02000000000", "email": "ann@example.com",
                  "country_code": "GB", "city": "London", "postal_code": "E1 6AN", "address_lines": ["1 Main St"]},
                 "items": [{"sku": "ALB-908", "quantity": 2}],
                 "sales_price": {"amount": "19.90", "currency": "GBP"}}
                """);
    }

    /** Within China: the rules choose KDNiao, service yto. */
    public static ObjectNode chinese(String id) {
        return order(
                id,
                """
                {"sender": {"name": "发件人", "phone": "13800000001", "country_code": "CN", "province": "广东省",
                  "city": "深圳市", "district": "福田区", "address_lines": ["科技路 1 号"]},
                 "recipient": {"name": "收件人", "phone": "13800000002", "country_code": "CN", "province": "北京",
                  "city": "北京市", "district": "海淀区", "address_lines": ["中关村大街 2 号"]},
                 "items": [{"sku": "TEA-1", "name": "茶叶", "quantity": 1, "weight_g": 500}]}
                """);
    }

    /** To Malaysia: the rules choose Mabang, service standard; its waybill number comes with the booking. */
    public static ObjectNode malaysian(String id) {
        return numberedLater(id).put("validate_now", true);
    }

    /** To Malaysia: Mabang books it, and does not say its waybill number. */
    public static ObjectNode numberedLater(String id) {
        return order(
                id,
                """
                {"recipient": {"name": "Aisyah Sample", "phone": "60120000000", "country_code": "MY", "province": "Selangor",
                  "city": "Petaling Jaya", "postal_code": "47800", "address_lines": ["2 Jalan Satu"]},
                 "items": [{"sku": "CASE-7", "quantity": 3, "unit_price": {"amount": "12.50", "currency": "MYR"}}]}
                """);
    }

    /** A document as a tree. */
    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static ObjectNode order(String id, String rest) {
        ObjectNode order = JSON.createObjectNode().put("order_id", id);
        return order.setAll((ObjectNode) json(rest));
    }
}
