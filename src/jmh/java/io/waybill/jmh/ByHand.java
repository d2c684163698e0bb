package io.waybill.jmh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What somebody writes with Jackson to ship with KDNiao 1007: the same request, the same rules, the same result. */
final class ByHand {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final Pattern ALLOWED = Pattern.compile("^[^'\"#&+<>%\\\\]*$");
    private static final Pattern MOBILE = Pattern.compile("1[3-9][0-9]{9}");
    private static final Pattern AMOUNT = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final Map<String, String> SERVICES = Map.of(
            "sf", "SF", "yto", "YTO", "zto", "ZTO", "sto", "STO", "yd", "YD", "ems", "EMS", "jd", "JD");
    private static final Map<String, Integer> PAYERS =
            Map.of("sender", 1, "recipient", 2, "monthly_account", 3, "third_party", 4);

    private final List<String> faults = new ArrayList<>();

    /** The body of the call. */
    byte[] request(byte[] json, Map<String, String> account) throws IOException {
        JsonNode order = JSON.readTree(json);
        ObjectNode request = mapped(order, account);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(faults.toString());
        }
        String data = JSON.writeValueAsString(request);
        Map<String, String> form = new LinkedHashMap<>();
        form.put("RequestData", data);
        form.put("EBusinessID", account.get("ebusiness-id"));
        form.put("RequestType", "1007");
        form.put("DataType", "2");
        form.put("DataSign", sign(data, account.get("api-key")));
        StringBuilder body = new StringBuilder();
        form.forEach((name, value) -> body.append(body.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The shipment's fields. */
    ObjectNode result(byte[] json) throws IOException {
        JsonNode answer = JSON.readTree(json);
        String code = answer.path("ResultCode").asText();
        JsonNode made = answer.path("Order");
        String number = made.path("LogisticCode").asText();
        if (!answer.path("Success").asBoolean() || !(code.equals("100") || code.equals("106")) || number.isEmpty()) {
            throw new IllegalStateException("kdniao answered " + code);
        }
        ObjectNode result = JSON.createObjectNode();
        put(result, "carrier_order_id", made.path("KDNOrderCode"));
        put(result, "tracking_number", made.path("LogisticCode"));
        result.put("status", "submitted").put("raw_status", code);
        put(result, "raw_status_text", answer.path("Reason"));
        ObjectNode sorting = result.putObject("sorting");
        put(sorting, "code", made.path("SortingCode"));
        put(sorting, "mark", made.path("MarkDestination"));
        put(sorting, "package", made.path("PackageName"));
        put(result, "carrier_request_id", answer.path("UniquerRequestNumber"));
        String label = answer.path("PrintTemplate").asText();
        result.put("label_state", label.isEmpty() ? "awaited" : "stored");
        if (label.isEmpty()) {
            result.putArray("warnings").add("kdniao gave a number and no label");
        } else {
            result.putObject("label").put("format", "html").put("encoding", "text").put("content", label);
        }
        return result;
    }

    private ObjectNode mapped(JsonNode order, Map<String, String> account) {
        ObjectNode request = JSON.createObjectNode();
        text(request, "OrderCode", order.path("order_id"), 30, true);
        String service = SERVICES.get(order.path("service").asText());
        if (service == null) {
            faults.add("service is unknown");
        }
        request.put("ShipperCode", service);
        text(request, "CustomerName", account.get("customer-name"), 255);
        request.put("CustomerPwd", account.get("customer-pwd"));
        text(request, "MonthCode", account.get("month-code"), 255);
        request.put("PayType", PAYERS.get(order.at("/billing/payer").asText("monthly_account")));
        request.put("ExpType", 1);
        text(request, "CallBack", order.path("sales_reference"), 50, false);
        request.set("Sender", party("sender", order.path("sender"), service));
        request.set("Receiver", party("recipient", order.path("recipient"), service));
        goods(request.putArray("Commodity"), order.path("items"));
        int count = order.at("/parcel/count").asInt(1);
        if (count < 1 || count > 30) {
            faults.add("parcel.count must be 1 to 30");
        }
        request.put("Quantity", count);
        scaled(request, "Weight", order.at("/parcel/weight_g"), 3);
        scaled(request, "Volume", order.at("/parcel/volume_cm3"), 6);
        request.put("IsReturnPrintTemplate", 1);
        request.put("IsNotice", 1);
        text(request, "Remark", order.at("/remarks/0"), 255, false);
        return request;
    }

    private ObjectNode party(String name, JsonNode party, String service) {
        ObjectNode mapped = JSON.createObjectNode();
        if (!party.path("country_code").asText().equals("CN")) {
            faults.add(name + ".country_code is no place that kdniao goes to");
        }
        String phone = party.path("phone").asText();
        phone = (phone.startsWith("+86") ? phone.substring(3) : phone).replace(" ", "");
        text(mapped, "Company", party.path("company"), 255, false);
        text(mapped, "Name", party.path("name"), 255, true);
        if (phone.isEmpty()) {
            faults.add(name + ".phone is missing");
        } else {
            text(mapped, MOBILE.matcher(phone).matches() ? "Mobile" : "Tel", phone, 20);
        }
        text(mapped, "PostCode", party.path("postal_code"), 20, "EMS".equals(service));
        text(mapped, "ProvinceName", party.path("province"), 255, true);
        text(mapped, "CityName", party.path("city"), 255, true);
        text(mapped, "ExpAreaName", party.path("district"), 255, true);
        List<String> lines = new ArrayList<>();
        party.path("address_lines").forEach(line -> lines.add(line.asText()));
        text(mapped, "Address", String.join(" ", lines), 1000);
        return mapped;
    }

    private void goods(ArrayNode goods, JsonNode items) {
        for (JsonNode item : items) {
            ObjectNode mapped = goods.addObject();
            text(mapped, "GoodsName", item.path("name"), 255, true);
            text(mapped, "GoodsCode", item.path("sku"), 255, false);
            mapped.put("Goodsquantity", item.path("quantity").asInt());
            JsonNode price = item.path("unit_price");
            if (price.path("currency").asText().equals("CNY")) {
                String amount = price.path("amount").asText();
                if (AMOUNT.matcher(amount).matches()) {
                    mapped.put("GoodsPrice", new BigDecimal(amount));
                } else {
                    faults.add("items.unit_price.amount must be a decimal number");
                }
            }
            scaled(mapped, "GoodsWeight", item.path("weight_g"), 3);
        }
        if (goods.isEmpty()) {
            faults.add("items must have at least 1 entry");
        }
    }

    private void text(ObjectNode object, String name, JsonNode value, int longest, boolean required) {
        if (value.isMissingNode() || value.isNull()) {
            if (required) {
                faults.add(name + " is missing");
            }
        } else {
            text(object, name, value.asText(), longest);
        }
    }

    private void text(ObjectNode object, String name, String value, int longest) {
        if (value == null) {
            return;
        }
        if (value.isEmpty() || value.codePointCount(0, value.length()) > longest) {
            faults.add(name + " must have 1 to " + longest + " characters");
        }
        if (!ALLOWED.matcher(value).matches()) {
            faults.add(name + " has characters that kdniao forbids");
        }
        object.put(name, value);
    }

    private static void scaled(ObjectNode object, String name, JsonNode number, int places) {
        if (number.isIntegralNumber()) {
            BigDecimal scaled = BigDecimal.valueOf(number.longValue(), places).stripTrailingZeros();
            object.put(name, scaled.scale() < 0 ? scaled.setScale(0) : scaled);
        }
    }

    private static void put(ObjectNode object, String name, JsonNode value) {
        if (value.isTextual()) {
            object.set(name, value);
        }
    }

    private static String sign(String data, String key) {
        try {
            byte[] md5 = MessageDigest.getInstance("MD5").digest((data + key).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(HexFormat.of().formatHex(md5).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(JsonNode json) throws JsonProcessingException {
        return JSON.writeValueAsString(json);
    }
}
