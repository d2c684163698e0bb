package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.sandbox.Carrier.Refusal;
import java.util.Iterator;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What Mabang accepts as an order: the fields of the documented table (a:003) and those that the sibling product adds to the
 * package and the flags (M3, M4).
 *
 * <p>Documented are the types, the TikTok fields, the values of client_type, process_type and special_order_tag, and that
 * package.order_number holds no special characters. Which fields are required was lost from the page; it is taken from the
 * sample (c).
 */
final class MabangRules {

    /** The service code of a customer who brings his own waybill number (a:003). */
    static final String OWN_WAYBILL = "manual_tracking_no";

    private static final Pattern ORDER_NUMBER = Pattern.compile("[A-Za-z0-9-]+");
    private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final Pattern PRICE = Pattern.compile("\\d+(\\.\\d+)?");
    private static final Set<String> ORDER = words("centre_code client_code client_type special_order_tag platform_type"
            + " platform_order_number real_time_response process_type customer_logistics desc package_id"
            + " shipping_provider_id shipping_provider_name logistics_provider package receiver sender items"
            + " inventory_validation callback_foms_required order_type trade_mode estimated_outbound_date");
    private static final Set<String> PROVIDER = words("code tracking_number label_url label_base64");
    private static final Set<String> PACKAGE = words("order_number platform_order_id declared_value"
            + " declared_value_currency length width height actual_weight shipment_term payment_method"
            + " cod_value_currency is_block remarks");
    private static final Set<String> PARTY =
            words("name address city province district country_code post_code phone email");
    private static final Set<String> ITEM = words("sku currency unit_price qty platform_sku_id");

    private MabangRules() {}

    /** Throws the first {@link Refusal}. */
    static void check(JsonNode order) {
        onlyKnown(order, "", ORDER);
        requireText(order, "", "centre_code", "client_code", "platform_order_number");
        requireIn(order, "client_type", 1, 2);
        requireIn(order, "process_type", 1, 3);
        if (order.has("special_order_tag")) {
            requireIn(order, "special_order_tag", 1, 3);
        }
        JsonNode now = order.path("real_time_response");
        wrongIf(!now.isMissingNode() && !now.isBoolean(), "real_time_response");
        onlyText(order, "", "platform_type", "customer_logistics", "desc");
        boolean tiktok = order.path("platform_type").asText("").equals("tiktok");
        if (tiktok) {
            requireText(order, "", "package_id", "shipping_provider_id", "shipping_provider_name");
        }
        checkShipment(order);
        checkItems(order.path("items"), tiktok);
    }

    private static void checkShipment(JsonNode order) {
        JsonNode provider = block(order, "logistics_provider", PROVIDER);
        requireText(provider, "logistics_provider.", "code");
        if (provider.get("code").textValue().equals(OWN_WAYBILL)) {
            requireText(provider, "logistics_provider.", "tracking_number");
        }
        JsonNode parcel = block(order, "package", PACKAGE);
        requireText(parcel, "package.", "order_number");
        wrongIf(!matches(parcel.get("order_number"), ORDER_NUMBER), "package.order_number");
        JsonNode receiver = block(order, "receiver", PARTY);
        requireText(receiver, "receiver.", "name", "address", "city", "country_code", "phone");
        onlyText(receiver, "receiver.", PARTY.toArray(String[]::new));
        wrongIf(!matches(receiver.get("country_code"), COUNTRY), "receiver.country_code");
        if (order.has("sender")) {
            onlyText(block(order, "sender", PARTY), "sender.", PARTY.toArray(String[]::new));
        }
    }

    private static void checkItems(JsonNode items, boolean tiktok) {
        missingIf(!items.isArray() || items.isEmpty(), "items");
        for (int i = 0; i < items.size(); i++) {
            JsonNode item = items.get(i);
            String at = "items." + i + ".";
            onlyKnown(item, at, ITEM);
            requireText(item, at, "sku", "currency");
            missingIf(!item.has("unit_price"), at + "unit_price");
            wrongIf(!matches(item.get("currency"), CURRENCY), at + "currency");
            // text in the table, a number in the sample (a:003)
            boolean scalar = item.get("unit_price").isValueNode();
            wrongIf(!scalar || !PRICE.matcher(item.get("unit_price").asText()).matches(), at + "unit_price");
            missingIf(!item.has("qty"), at + "qty");
            wrongIf(!item.get("qty").isInt() || item.get("qty").intValue() < 1, at + "qty");
            if (tiktok) {
                requireText(item, at, "platform_sku_id");
            }
        }
    }

    private static JsonNode block(JsonNode order, String name, Set<String> known) {
        missingIf(!order.path(name).isObject(), name);
        onlyKnown(order.get(name), name + ".", known);
        return order.get(name);
    }

    private static void onlyKnown(JsonNode block, String at, Set<String> known) {
        for (Iterator<String> names = block.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw new Refusal(412, "The " + at + name + " field is unknown.");
            }
        }
    }

    private static void requireText(JsonNode block, String at, String... names) {
        for (String name : names) {
            JsonNode value = block.path(name);
            missingIf(
                    value.isMissingNode() || value.isNull() || value.asText("?").isBlank(), at + name);
            wrongIf(!value.isTextual(), at + name);
        }
    }

    private static void onlyText(JsonNode block, String at, String... names) {
        for (String name : names) {
            wrongIf(block.has(name) && !block.get(name).isTextual(), at + name);
        }
    }

    private static void requireIn(JsonNode order, String name, int least, int most) {
        JsonNode value = order.path(name);
        missingIf(value.isMissingNode(), name);
        wrongIf(!value.isInt() || value.intValue() < least || value.intValue() > most, name);
    }

    private static boolean matches(JsonNode value, Pattern pattern) {
        return pattern.matcher(value.textValue()).matches();
    }

    private static void missingIf(boolean missing, String name) {
        if (missing) {
            throw new Refusal(428, "The " + name + " field is required.");
        }
    }

    private static void wrongIf(boolean wrong, String name) {
        if (wrong) {
            throw new Refusal(412, "The " + name + " field is invalid.");
        }
    }

    private static Set<String> words(String list) {
        return Set.of(list.split(" "));
    }
}
