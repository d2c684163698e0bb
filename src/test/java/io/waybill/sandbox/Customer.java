package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.testing.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** A customer of the simulated carriers, who speaks to them over real HTTP and shares no code with our mappings. */
final class Customer {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI uri;

    Customer(Sandbox sandbox) {
        this.uri = sandbox.uri();
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri.resolve(path)).timeout(Patience.LIMIT);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> post(String path, String type, String body, String... headers) throws IOException {
        HttpRequest.Builder request =
                request(path).POST(BodyPublishers.ofString(body)).header("Content-Type", type);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> get(String path, String... headers) throws IOException {
        return send(headers.length == 0 ? request(path) : request(path).headers(headers));
    }

    /** BirdSystem, as a form. */
    HttpResponse<String> bird(String resource, Map<String, String> fields) throws IOException {
        return post("/client/" + resource, "application/x-www-form-urlencoded", form(fields), birdHeaders());
    }

    HttpResponse<String> birdGet(String resource) throws IOException {
        return get("/client/" + resource, birdHeaders());
    }

    static String[] birdHeaders() {
        return new String[] {"api_key", Account.BIRDSYSTEM_API_KEY, "company_id", Account.BIRDSYSTEM_COMPANY_ID};
    }

    /** The smallest consignment, with further fields as name and value in turn. */
    static Map<String, String> consignment(String reference, String... more) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("delivery_service_id", "5315");
        fields.put("country_iso", "GB");
        fields.put("sales_price", "19.90");
        fields.put("custom_identity_reference", reference);
        for (int i = 0; i < more.length; i += 2) {
            fields.put(more[i], more[i + 1]);
        }
        return fields;
    }

    /** Mabang, with the sandbox's token. */
    HttpResponse<String> mabang(ObjectNode order) throws IOException {
        return post(
                "/apicenter/api/order",
                "application/json",
                order.toString(),
                "Authorization",
                "Bearer " + Account.MABANG_TOKEN);
    }

    /** The same by a customer who may give up. */
    Future<HttpResponse<String>> begin(ObjectNode order) {
        return http.sendAsync(
                request("/apicenter/api/order")
                        .POST(BodyPublishers.ofString(order.toString()))
                        .headers("Content-Type", "application/json", "Authorization", "Bearer " + Account.MABANG_TOKEN)
                        .build(),
                BodyHandlers.ofString());
    }

    static ObjectNode mabangOrder(String number) {
        ObjectNode order = json(
                """
                {'centre_code':'WH-SANDBOX','client_code':'20','client_type':2,'platform_order_number':'786',
                 'process_type':1,'logistics_provider':{'code':'standard'},
                 'receiver':{'name':'Ann Lee','address':'1 Ayala Ave','city':'Makati','country_code':'PH','phone':'+63 9'},
                 'items':[{'sku':'ALB-908','currency':'PHP','unit_price':10,'qty':1}]}""");
        order.putObject("package").put("order_number", number);
        return order;
    }

    /** KDNiao, signed. */
    HttpResponse<String> kdniao(String type, ObjectNode request) throws IOException {
        return kdniao(signed(type, request.toString()));
    }

    HttpResponse<String> kdniao(Map<String, String> fields) throws IOException {
        return post("/api/EOrderService", "application/x-www-form-urlencoded;charset=utf-8", form(fields));
    }

    static Map<String, String> signed(String type, String requestData) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("RequestData", requestData);
        fields.put("EBusinessID", Account.KDNIAO_EBUSINESS_ID);
        fields.put("RequestType", type);
        fields.put("DataSign", KdNiao.sign(requestData, Account.KDNIAO_API_KEY));
        fields.put("DataType", "2");
        return fields;
    }

    static ObjectNode eOrder(String orderCode) {
        String party = "'Mobile':'13000000001','ProvinceName':'浙江省','CityName':'杭州市','ExpAreaName':'西湖区',"
                + "'Address':'文一路1号'";
        ObjectNode order = json("{'ShipperCode':'YTO','PayType':3,'ExpType':1,'Quantity':1,'Weight':1.2,"
                + "'IsReturnPrintTemplate':1,'Sender':{'Name':'仓库'," + party + "},'Receiver':{'Name':'李安'," + party
                + "},'Commodity':[{'GoodsName':'鞋子','Goodsquantity':2}]}");
        return order.put("OrderCode", orderCode);
    }
}
