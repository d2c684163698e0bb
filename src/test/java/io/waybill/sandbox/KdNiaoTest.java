package io.waybill.sandbox;

import static io.waybill.sandbox.Customer.eOrder;
import static io.waybill.sandbox.Customer.json;
import static io.waybill.sandbox.Customer.signed;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KdNiaoTest {

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort());
    private final Customer customer = new Customer(sandbox);

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {
                "{\"OrderCode\":\"SO-1001\",\"ShipperCode\":\"YTO\",\"LogisticCode\":\"YT0000000000001\"}"
                        + " NmE3Njg3MTE2NWQ5MmQ4MWVmNmQ0NDdkODU1NDU1Mjc=",
                "{\"OrderCode\":\"订单1\"} MThkOTc3ZmNiMDU5MTViY2NiYWNiNDg5YTAzNDhiMmM="
            })
    void thePublishedSignaturesAreAcceptedOverTheWire(String requestData, String signature) throws IOException {
        Map<String, String> fields = signed("1007", requestData);
        fields.put("DataSign", signature);

        JsonNode answer = json(customer.kdniao(fields));

        // past the signature: refused for what the request lacks
        assertThat(answer.get("ResultCode").asText()).isNotEqualTo("102");
        assertThat(KdNiao.sign(requestData, "demo-api-key")).isEqualTo(signature);
    }

    @Test
    void anOrderIsAnsweredWithItsWaybillAndLabelAtOnce() throws IOException {
        HttpResponse<String> answer = customer.kdniao("1007", eOrder("SO-1001"));

        JsonNode body = json(answer);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(body.get("Success").booleanValue()).isTrue();
        assertThat(body.get("ResultCode").textValue()).isEqualTo("100");
        assertThat(body.at("/Order/OrderCode").asText()).isEqualTo("SO-1001");
        assertThat(body.at("/Order/LogisticCode").asText()).isEqualTo("YT0000000000001");
        assertThat(body.at("/Order/KDNOrderCode").asText()).matches("KDN\\d{6}0000000001");
        assertThat(body.get("PrintTemplate").asText())
                .startsWith("<!DOCTYPE html>")
                .hasSizeGreaterThan(4000);
    }

    @Test
    void withoutTheWishForATemplateThereIsNone() throws IOException {
        JsonNode body = json(customer.kdniao("1007", eOrder("SO-1").put("IsReturnPrintTemplate", 0)));

        assertThat(body.has("PrintTemplate")).isFalse();
        assertThat(body.get("Success").booleanValue()).isTrue();
    }

    @Test
    void theSameOrderCodeAgainReturnsTheFirstWaybillAndLabel() throws IOException {
        JsonNode first = json(customer.kdniao("1007", eOrder("SO-1")));

        ObjectNode changed = eOrder("SO-1").put("ShipperCode", "ZTO").put("Quantity", 2);
        JsonNode again = json(customer.kdniao("1007", changed));

        assertThat(again.get("ResultCode").asText()).isEqualTo("106");
        assertThat(again.get("Success").booleanValue()).isTrue();
        assertThat(again.get("Order")).isEqualTo(first.get("Order"));
        assertThat(again.get("PrintTemplate")).isEqualTo(first.get("PrintTemplate"));
        assertThat(sandbox.booked()).hasSize(1);
    }

    @Test
    void severalParcelsHaveChildNumbersAndALabelEach() throws IOException {
        JsonNode body = json(customer.kdniao("1007", eOrder("SO-1").put("Quantity", 3)));

        assertThat(body.get("SubOrders"))
                .map(JsonNode::asText)
                .containsExactly("YT0000000000001001", "YT0000000000001002");
        assertThat(body.get("SubPrintTemplates")).hasSize(2);
        assertThat(body.at("/SubPrintTemplates/1").asText())
                .contains("YT0000000000001002")
                .contains("3/3");
    }

    static Stream<Arguments> refusedForms() {
        return Stream.of(
                refusedForm("102", "校验问题: DataSign", form -> form.put("DataSign", "NmE3")),
                refusedForm(
                        "102",
                        "校验问题: DataSign",
                        form -> form.merge("DataSign", "%3D", (sign, end) -> sign.replace("=", end))),
                refusedForm("104", "用户问题: EBusinessID", form -> form.put("EBusinessID", "7")),
                refusedForm("101", "缺少必要参数: DataSign", form -> form.remove("DataSign")),
                refusedForm("103", "数据格式不正确: DataType", form -> form.put("DataType", "1")),
                refusedForm("105", "不支持的请求指令: 1801", form -> form.put("RequestType", "1801")),
                refusedForm("401", "RequestData格式错误", form -> form.putAll(signed("1007", "<xml/>"))));
    }

    @ParameterizedTest
    @MethodSource("refusedForms")
    void aFormThatBreaksTheProtocolIsRefusedWithStatus200(
            String code, String reason, Consumer<Map<String, String>> change) throws IOException {
        Map<String, String> form = signed("1007", eOrder("SO-1").toString());
        change.accept(form);

        HttpResponse<String> answer = customer.kdniao(form);

        assertRefused(answer, code, reason);
    }

    static Stream<Arguments> refusedRequests() {
        return Stream.of(
                refused("101", "缺少必要参数: OrderCode", order -> order.remove("OrderCode")),
                refused("404", "长度错误: OrderCode", order -> order.put("OrderCode", "x".repeat(31))),
                refused("105", "不支持的快递公司: UPS", order -> order.put("ShipperCode", "UPS")),
                refused("101", "缺少必要参数: PayType", order -> order.remove("PayType")),
                refused("103", "数据格式不正确: PayType", order -> order.put("PayType", 5)),
                refused("103", "数据格式不正确: PayType", order -> order.put("PayType", 4)),
                refused("101", "缺少必要参数: Quantity", order -> order.remove("Quantity")),
                refused("103", "数据格式不正确: Quantity", order -> order.put("Quantity", 31)),
                refused("103", "数据格式不正确: IsNotice", order -> order.put("IsNotice", 2)),
                refused("103", "数据格式不正确: Weight", order -> order.put("Weight", "1,2")),
                refused("103", "数据格式不正确: StartDate", order -> order.put("StartDate", "2024-11-08T09:00:00")),
                refused("103", "数据格式不正确: Shipper", order -> order.put("Shipper", "YTO")),
                refused("103", "数据格式不正确: LogisticCode", order -> order.put("LogisticCode", "YT1")),
                refused("101", "缺少必要参数: Receiver", order -> order.remove("Receiver")),
                refused("101", "缺少必要参数: Receiver.Name", order -> within(order, "Receiver")
                        .put("Name", "")),
                refused("101", "缺少必要参数: Receiver.Mobile", order -> within(order, "Receiver")
                        .remove("Mobile")),
                refused("101", "缺少必要参数: Sender.ExpAreaName", order -> within(order, "Sender")
                        .remove("ExpAreaName")),
                refused("101", "缺少必要参数: Sender.PostCode", order -> order.put("ShipperCode", "EMS")),
                refused("101", "缺少必要参数: Sender.PostCode", order -> order.put("ShipperCode", "YZPY")),
                refused("101", "缺少必要参数: ThrOrderCode", order -> order.put("ShipperCode", "JD")),
                refused("101", "缺少必要参数: CurrencyCode", KdNiaoTest::toHongKong),
                refused("101", "缺少必要参数: Commodity", order -> order.putArray("Commodity")),
                refused("101", "缺少必要参数: Commodity.0.GoodsName", order -> goods(order)
                        .remove("GoodsName")),
                refused("403", "特殊字符: Commodity.0.GoodsName", order -> goods(order)
                        .put("GoodsName", "50% off")),
                refused("403", "特殊字符: Receiver.Mobile", order -> within(order, "Receiver")
                        .put("Mobile", "+86130")),
                refused("403", "特殊字符: Remark", order -> order.put("Remark", "A&B")));
    }

    @ParameterizedTest
    @MethodSource("refusedRequests")
    void aRequestThatBreaksARuleIsRefusedWithTheFieldsName(String code, String reason, Consumer<ObjectNode> change)
            throws IOException {
        ObjectNode order = eOrder("SO-1");
        change.accept(order);

        HttpResponse<String> answer = customer.kdniao("1007", order);

        assertRefused(answer, code, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "\"", "#", "&", "+", "<", ">", "%", "\\"})
    void eachForbiddenCharacterIsRefused(String character) throws IOException {
        HttpResponse<String> answer = customer.kdniao("1007", eOrder("SO-1").put("Remark", "a" + character));

        assertRefused(answer, "403", "特殊字符: Remark");
    }

    @Test
    void aCancelledOrderCodeIsUsedUpForEver() throws IOException {
        customer.kdniao("1007", eOrder("SO-1"));
        ObjectNode cancel = json("{'ShipperCode':'YTO','OrderCode':'SO-1','ExpNo':'YT0000000000001'}");

        JsonNode cancelled = json(customer.kdniao("1147", cancel));
        HttpResponse<String> again = customer.kdniao("1147", cancel);
        HttpResponse<String> reissued = customer.kdniao("1007", eOrder("SO-1"));

        assertThat(cancelled.get("Success").booleanValue()).isTrue();
        assertRefused(again, "105", "订单不存在或已取消", 1);
        assertRefused(reissued, "105", "该订单已取消,订单号不能再次使用", 1);
        assertThat(sandbox.booked()).extracting(Booked::state).containsExactly("cancelled");
    }

    @Test
    void aCancelNeedsTheRightWaybill() throws IOException {
        customer.kdniao("1007", eOrder("SO-1"));

        HttpResponse<String> none = customer.kdniao("1147", json("{'ShipperCode':'YTO','OrderCode':'SO-1'}"));
        HttpResponse<String> other =
                customer.kdniao("1147", json("{'ShipperCode':'YTO','OrderCode':'SO-1','ExpNo':'YT2'}"));

        assertRefused(none, "101", "缺少必要参数: ExpNo", 1);
        assertRefused(other, "105", "订单不存在或已取消", 1);
    }

    private void assertRefused(HttpResponse<String> answer, String code, String reason) throws IOException {
        assertRefused(answer, code, reason, 0);
    }

    private void assertRefused(HttpResponse<String> answer, String code, String reason, int booked) throws IOException {
        JsonNode body = json(answer);
        assertThat(body.path("Reason").asText()).isEqualTo(reason);
        assertThat(body.get("ResultCode").textValue()).isEqualTo(code);
        assertThat(body.get("Success").booleanValue()).isFalse();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(sandbox.booked()).hasSize(booked);
    }

    private static Arguments refusedForm(String code, String reason, Consumer<Map<String, String>> change) {
        return Arguments.of(code, reason, change);
    }

    private static Arguments refused(String code, String reason, Consumer<ObjectNode> change) {
        return Arguments.of(code, reason, change);
    }

    private static ObjectNode within(ObjectNode order, String block) {
        return (ObjectNode) order.get(block);
    }

    private static ObjectNode goods(ObjectNode order) {
        return (ObjectNode) order.at("/Commodity/0");
    }

    private static void toHongKong(ObjectNode order) {
        order.put("ShipperCode", "SF");
        within(order, "Receiver").put("ProvinceName", "香港特别行政区");
    }
}
