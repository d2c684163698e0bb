package io.waybill.sandbox;

import static io.waybill.sandbox.Customer.json;
import static io.waybill.sandbox.Customer.mabangOrder;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MabangTest {

    private final Sandbox sandbox =
            Sandbox.start(SandboxOptions.onAnyPort().withAccount(new Account("mabang", "21", "other-token")));
    private final Customer customer = new Customer(sandbox);

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "sandbox-token", "Bearer "})
    void aCallWithoutTheTokenIsUnauthenticated(String authorization) throws IOException {
        HttpResponse<String> answer = customer.post(
                "/apicenter/api/order",
                "application/json",
                mabangOrder("SO1").toString(),
                "Authorization",
                authorization);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).isEqualTo("{\"message\":\"Unauthenticated.\"}");
        assertThat(sandbox.booked()).isEmpty();
    }

    @Test
    void anOrderIsAnsweredWithTheDocumentedFieldsAndEmptyTexts() throws IOException {
        HttpResponse<String> answer = customer.mabang(mabangOrder("SO1"));

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(json(answer))
                .isEqualTo(
                        json(
                                """
                {'code':201,'message':'success','data':{'order_number':'SO1','status':'pending','number_of_package':0,
                'total_weight':'','logistic_provider_code':'','status_message':'','shortage_at':'','cancel_at':'',
                'allocate_at':'','pack_at':'','handover_at':'','tracking_number':'','logistics_message':'',
                'sorting_code':'','sorting_no':'','items':[]}}"""));
    }

    @Test
    void aWaybillNumberIsMadeAtOnceOnlyForARealTimeResponse() throws IOException {
        ObjectNode order = mabangOrder("SO1").put("real_time_response", true);

        JsonNode data = json(customer.mabang(order)).get("data");

        assertThat(data.get("tracking_number").asText()).isEqualTo("MB00000000001");
        assertThat(data.get("sorting_code").asText()).isEqualTo("S-PH");
        assertThat(data.get("allocate_at").asText()).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
        assertThat(sandbox.booked()).extracting(Booked::trackingNumber).containsExactly("MB00000000001");
    }

    @Test
    void ownWaybillNumberIsEchoed() throws IOException {
        ObjectNode order = mabangOrder("SO1");
        order.putObject("logistics_provider").put("code", "manual_tracking_no").put("tracking_number", "TRK0001");

        JsonNode data = json(customer.mabang(order)).get("data");

        assertThat(data.get("tracking_number").asText()).isEqualTo("TRK0001");
    }

    @Test
    void theSameOrderNumberOfTheSameClientIsForbidden() throws IOException {
        customer.mabang(mabangOrder("SO1"));

        HttpResponse<String> again = customer.mabang(mabangOrder("SO1"));
        HttpResponse<String> otherClient = customer.post(
                "/apicenter/api/order",
                "application/json",
                mabangOrder("SO1").put("client_code", "21").toString(),
                "Authorization",
                "Bearer other-token");

        assertThat(again.statusCode()).isEqualTo(403);
        assertThat(again.body()).isEqualTo("{\"message\":\"Same order number of same client already exists!\"}");
        assertThat(otherClient.statusCode()).isEqualTo(201);
        assertThat(sandbox.booked()).extracting(Booked::account).containsExactly("20", "21");
    }

    static Stream<Arguments> refusedOrders() {
        return Stream.of(
                refused(428, "The centre_code field is required.", order -> order.remove("centre_code")),
                refused(428, "The client_code field is required.", order -> order.put("client_code", " ")),
                refused(412, "The client_code field is invalid.", order -> order.put("client_code", 20)),
                refused(412, "The client_type field is invalid.", order -> order.put("client_type", "2")),
                refused(412, "The client_type field is invalid.", order -> order.put("client_type", 3)),
                refused(412, "The process_type field is invalid.", order -> order.put("process_type", 4)),
                refused(412, "The special_order_tag field is invalid.", order -> order.put("special_order_tag", 0)),
                refused(
                        412,
                        "The real_time_response field is invalid.",
                        order -> order.put("real_time_response", "true")),
                refused(412, "The logistic_provider field is unknown.", order -> order.putObject("logistic_provider")),
                refused(428, "The receiver field is required.", order -> order.remove("receiver")),
                refused(428, "The receiver.phone field is required.", order -> within(order, "receiver")
                        .remove("phone")),
                refused(412, "The receiver.country_code field is invalid.", order -> within(order, "receiver")
                        .put("country_code", "PHL")),
                refused(412, "The package.order_number field is invalid.", order -> number(order, "SO_1")),
                refused(412, "The package.order_number field is invalid.", order -> number(order, "订单1")),
                refused(428, "The items field is required.", order -> order.putArray("items")),
                refused(428, "The items.0.sku field is required.", order -> item(order)
                        .remove("sku")),
                refused(412, "The items.0.qty field is invalid.", order -> item(order)
                        .put("qty", "1")),
                refused(412, "The items.0.qty field is invalid.", order -> item(order)
                        .put("qty", 0)),
                refused(412, "The items.0.unit_price field is invalid.", order -> item(order)
                        .put("unit_price", "ten")),
                refused(428, "The logistics_provider.tracking_number field is required.", order -> within(
                                order, "logistics_provider")
                        .put("code", "manual_tracking_no")),
                refused(403, "The Logistics Provider [jito] cannot be selected by Client", order -> within(
                                order, "logistics_provider")
                        .put("code", "jito")),
                refused(
                        403,
                        "The Centre [WH-2] cannot be selected by Client",
                        order -> order.put("centre_code", "WH-2")),
                refused(403, "The Client [21] does not belong to this token", order -> order.put("client_code", "21")),
                refused(428, "The package_id field is required.", order -> order.put("platform_type", "tiktok")),
                refused(428, "The shipping_provider_id field is required.", order -> tiktok(order, 1)),
                refused(428, "The shipping_provider_name field is required.", order -> tiktok(order, 2)),
                refused(428, "The items.0.platform_sku_id field is required.", order -> tiktok(order, 3)));
    }

    @ParameterizedTest
    @MethodSource("refusedOrders")
    void anOrderThatBreaksARuleIsRefusedWithTheFieldsName(int status, String message, Consumer<ObjectNode> change)
            throws IOException {
        ObjectNode order = mabangOrder("SO1");
        change.accept(order);

        HttpResponse<String> answer = customer.mabang(order);

        assertThat(json(answer).path("message").asText()).isEqualTo(message);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(sandbox.booked()).isEmpty();
    }

    @Test
    void aCompleteTikTokOrderIsAccepted() throws IOException {
        ObjectNode order = mabangOrder("SO1");
        tiktok(order, 3);
        item(order).put("platform_sku_id", "1234").put("unit_price", "10.50");

        assertThat(customer.mabang(order).statusCode()).isEqualTo(201);
    }

    private static Arguments refused(int status, String message, Consumer<ObjectNode> change) {
        return Arguments.of(status, message, change);
    }

    private static ObjectNode within(ObjectNode order, String block) {
        return (ObjectNode) order.get(block);
    }

    private static ObjectNode item(ObjectNode order) {
        return (ObjectNode) order.at("/items/0");
    }

    private static void number(ObjectNode order, String number) {
        within(order, "package").put("order_number", number);
    }

    private static void tiktok(ObjectNode order, int fields) {
        order.put("platform_type", "tiktok");
        Stream.of("package_id", "shipping_provider_id", "shipping_provider_name")
                .limit(fields)
                .forEach(name -> order.put(name, "1"));
    }
}
