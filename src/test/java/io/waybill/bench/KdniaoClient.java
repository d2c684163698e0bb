package io.waybill.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.mapping.Answer;
import io.waybill.sandbox.Account;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** The hand-written way to book at KDNiao: maps, signs, posts, judges. */
final class KdniaoClient implements BookingClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String url;
    private final CloseableHttpClient http;

    KdniaoClient(String url, int connections) {
        this.url = url + "/api/EOrderService";
        this.http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(connections)
                        .setMaxConnTotal(connections)
                        .build())
                .disableAutomaticRetries()
                .disableCookieManagement()
                .build();
    }

    @Override
    public JsonNode book(ObjectNode order) throws IOException {
        String data = JSON.writeValueAsString(request(order));
        String form = "RequestData=" + encoded(data) + "&EBusinessID=" + encoded(Account.KDNIAO_EBUSINESS_ID)
                + "&RequestType=1007&DataType=2&DataSign=" + encoded(sign(data));
        JsonNode answer =
                JSON.readTree(post(form.getBytes(StandardCharsets.UTF_8)).body());
        if (!answer.path("Success").asBoolean()
                || !List.of("100", "106").contains(answer.path("ResultCode").asText())) {
            throw new IOException("kdniao answered " + answer);
        }
        return answer;
    }

    Answer post(byte[] form) throws IOException {
        HttpPost post = new HttpPost(url);
        post.setEntity(
                new ByteArrayEntity(form, ContentType.APPLICATION_FORM_URLENCODED.withCharset(StandardCharsets.UTF_8)));
        return http.execute(
                post,
                response -> new Answer(
                        response.getCode(),
                        Map.of("content-type", response.getEntity().getContentType()),
                        EntityUtils.toByteArray(response.getEntity(), 8 << 20)));
    }

    private static ObjectNode request(JsonNode order) {
        ObjectNode request = JSON.createObjectNode();
        request.put("OrderCode", order.path("order_id").asText());
        request.put("ShipperCode", "YTO");
        request.put("PayType", 3);
        request.put("ExpType", 1);
        request.put("CallBack", order.path("sales_reference").asText());
        request.set("Sender", party(order.path("sender")));
        request.set("Receiver", party(order.path("recipient")));
        goods(request.putArray("Commodity"), order.path("items"));
        request.put("Quantity", order.at("/parcel/count").asInt());
        request.put("Weight", thousandth(order.at("/parcel/weight_g"), 3));
        request.put("Volume", thousandth(order.at("/parcel/volume_cm3"), 6));
        request.put("IsReturnPrintTemplate", 1);
        request.put("IsNotice", 1);
        request.put("Remark", order.at("/remarks/0").asText());
        return request;
    }

    private static ObjectNode party(JsonNode party) {
        ObjectNode mapped = JSON.createObjectNode();
        String phone =
                party.path("phone").asText().replaceFirst("^\\+86[ -]?", "").replace(" ", "");
        if (party.has("company")) {
            mapped.put("Company", party.path("company").asText());
        }
        mapped.put("Name", party.path("name").asText());
        mapped.put(phone.matches("1[3-9][0-9]{9}") ? "Mobile" : "Tel", phone);
        mapped.put("PostCode", party.path("postal_code").asText());
        mapped.put("ProvinceName", party.path("province").asText());
        mapped.put("CityName", party.path("city").asText());
        mapped.put("ExpAreaName", party.path("district").asText());
        List<String> lines = new ArrayList<>();
        party.path("address_lines").forEach(line -> lines.add(line.asText()));
        return mapped.put("Address", String.join(" ", lines));
    }

    private static void goods(ArrayNode goods, JsonNode items) {
        for (JsonNode item : items) {
            ObjectNode mapped = goods.addObject();
            mapped.put("GoodsName", item.path("name").asText());
            mapped.put("GoodsCode", item.path("sku").asText());
            mapped.put("Goodsquantity", item.path("quantity").asInt());
            mapped.put(
                    "GoodsPrice",
                    new BigDecimal(item.path("unit_price").path("amount").asText()));
            mapped.put("GoodsWeight", thousandth(item.path("weight_g"), 3));
        }
    }

    private static BigDecimal thousandth(JsonNode number, int places) {
        return BigDecimal.valueOf(number.longValue(), places);
    }

    private static String sign(String data) {
        try {
            byte[] md5 = MessageDigest.getInstance("MD5")
                    .digest((data + Account.KDNIAO_API_KEY).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder()
                    .encodeToString(HexFormat.of().formatHex(md5).getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
