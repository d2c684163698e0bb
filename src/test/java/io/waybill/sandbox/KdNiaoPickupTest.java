package io.waybill.sandbox;

import static io.waybill.sandbox.Customer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Door pickups, tracks and pushes of the simulated KDNiao, as carriers.md tells them (K5, K6, K10). */
class KdNiaoPickupTest {

    private Sandbox sandbox;
    private Customer customer;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort()
                .withPath("kdniao.info", "/api/OOrderService")
                .withPath("kdniao.state", "/api/x"));
        customer = new Customer(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void aPickupIsAnsweredWithoutAWaybillNumberAndAgainWithTheSameOrder() throws IOException {
        JsonNode first = call("OOrderService", "1801", pickup("SO-1"));
        JsonNode again = call("OOrderService", "1801", pickup("SO-1").put("Remark", "changed"));

        assertThat(first.path("ResultCode").asText()).isEqualTo("100");
        assertThat(first.path("Order").has("LogisticCode")).isFalse();
        assertThat(again.path("ResultCode").asText()).isEqualTo("106");
        assertThat(again.path("Order")).isEqualTo(first.path("Order"));
        assertThat(sandbox.booked()).hasSize(1);
    }

    @Test
    void aPickupWritesQuantityWithACapitalAndAnEWaybillDoesNot() throws IOException {
        ObjectNode wrong = pickup("SO-1");
        ((ObjectNode) wrong.at("/Commodity/0")).put("Goodsquantity", 2).remove("GoodsQuantity");

        assertThat(call("OOrderService", "1801", wrong).path("ResultCode").asText())
                .isEqualTo("103");
        assertThat(call("EOrderService", "1801", pickup("SO-1")).path("Reason").asText())
                .isEqualTo("不支持的请求指令: 1801");
        assertThat(sandbox.booked()).isEmpty();
    }

    @Test
    void aPickupIsCancelledUntilTheCourierHasItAndItsOrderCodeIsUsedUp() throws IOException {
        call("OOrderService", "1801", pickup("SO-1"));
        call("OOrderService", "1801", pickup("SO-2"));
        push("SO-2", "104");

        JsonNode cancelled = call("OOrderService", "1802", json("{'OrderCode':'SO-1'}"));
        JsonNode twice = call("OOrderService", "1802", json("{'OrderCode':'SO-1'}"));
        JsonNode late = call("OOrderService", "1802", json("{'OrderCode':'SO-2'}"));

        assertThat(cancelled.path("Success").asBoolean()).isTrue();
        assertThat(twice.path("Success").asBoolean()).isFalse();
        assertThat(late.path("Reason").asText()).isEqualTo("快递员已取件,不能取消");
        assertThat(call("OOrderService", "1801", pickup("SO-1")).path("Success").asBoolean())
                .isFalse();
    }

    @Test
    void aPlaceThatNoCourierServesIsNeitherServedNorBooked() throws IOException {
        ObjectNode far = pickup("SO-1");
        ((ObjectNode) far.get("Receiver")).put("ProvinceName", "西藏自治区");
        ObjectNode area = json("{'ShipperType':5}");
        area.set("Sender", place(far.get("Sender")));
        area.set("Receiver", place(far.get("Receiver")));

        assertThat(call("OOrderService", "1814", area).path("Success").asBoolean())
                .isFalse();
        assertThat(call("OOrderService", "1801", far).path("Success").asBoolean())
                .isFalse();
    }

    @Test
    void anEstimateGrowsWithTheWeight() throws IOException {
        ObjectNode rate = json("{'ShipperType':5,'TransportType':1,'Weight':2.5}");
        rate.set("Sender", place(pickup("x").get("Sender")));
        rate.set("Receiver", place(pickup("x").get("Receiver")));

        JsonNode data = call("OOrderService", "1815", rate).path("Data");

        assertThat(data.findValuesAsText("shipperCode")).containsExactly("YTO", "STO", "SF");
        assertThat(data.get(0).path("cost").decimalValue()).isEqualByComparingTo("12");
    }

    @Test
    void aTrackIsWhatWasPushedAndOnlySfWantsTheTelephone() throws IOException {
        JsonNode booked = json(customer.kdniao("1007", Customer.eOrder("SO-3")));
        ObjectNode query = json("{'OrderCode':'SO-3','ShipperCode':'YTO'}");
        query.set("LogisticCode", booked.at("/Order/LogisticCode"));

        JsonNode before = call("dist", "8008", query);
        JsonNode none = track(query);
        push("{'OrderCode':'SO-3','State':'2','StateEx':'201','Traces':[{'AcceptTime':'2026-01-02 10:00:00',"
                + "'AcceptStation':'in','Action':'201'}]}");
        JsonNode after = track(query);

        assertThat(before.path("Success").asBoolean()).isTrue();
        assertThat(none.path("Success").asBoolean()).isTrue();
        assertThat(none.path("Traces")).isEmpty();
        assertThat(after.path("StateEx").asText()).isEqualTo("201");
        assertThat(after.path("Traces")).hasSize(1);
        assertThat(track(query.deepCopy().put("CustomerName", "0002"))
                        .path("Success")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void whatIsNotPublishedIsAnsweredAsAPushTellsItAndOnlyWhereItIsSet() throws IOException {
        JsonNode booked = call("OOrderService", "1801", pickup("SO-1")).path("Order");
        ObjectNode byTheirs =
                json("{}").put("KdnOrderCode", booked.path("KDNOrderCode").asText());

        JsonNode before =
                call("OOrderService", "1804", json("{'OrderCode':'SO-1'}")).path("Data");
        push("{'OrderCode':'SO-1','State':'301','Cost':8.5,'LogisticCode':'YT1'}");
        push("SO-1", "2");
        JsonNode after =
                call("OOrderService", "1804", json("{'OrderCode':'SO-1'}")).path("Data");

        assertThat(before.path("State").asText()).isEqualTo("102");
        assertThat(before.has("LogisticCode")).isFalse();
        assertThat(after.path("State").asText()).isEqualTo("2");
        assertThat(after.path("LogisticCode").asText()).isEqualTo("YT1");
        assertThat(after.path("Cost").asText()).isEqualTo("8.5");
        assertThat(call("x", "1816", byTheirs).path("Data")).isEqualTo(after);
        assertThat(call("x", "1816", json("{'KdnOrderCode':'KDN9'}"))
                        .path("Reason")
                        .asText())
                .isEqualTo("订单不存在");
        assertThat(call("OOrderService", "1816", byTheirs).path("Reason").asText())
                .isEqualTo("不支持的请求指令: 1816");
        assertThat(call("OOrderService2", "1804", json("{'OrderCode':'SO-1'}"))
                        .path("Reason")
                        .asText())
                .isEqualTo("不支持的请求指令: 1804");
    }

    private JsonNode track(ObjectNode query) throws IOException {
        return json(customer.post(
                "/Ebusiness/EbusinessOrderHandle.aspx",
                "application/x-www-form-urlencoded;charset=utf-8",
                Customer.form(Customer.signed("8001", query.toString()))));
    }

    private JsonNode call(String path, String type, ObjectNode request) throws IOException {
        return json(customer.post(
                "/api/" + path,
                "application/x-www-form-urlencoded;charset=utf-8",
                Customer.form(Customer.signed(type, request.toString()))));
    }

    private void push(String orderCode, String state) throws IOException {
        push("{'OrderCode':'" + orderCode + "','State':'" + state + "'}");
    }

    /** To nobody who takes it; the booking knows of it all the same. */
    private void push(String entry) throws IOException {
        ObjectNode push = json("{'to':'" + sandbox.uri() + "/nobody','type':'103'}");
        push.putArray("entries").add(json(entry));
        JsonNode told = json(customer.post("/sandbox/pushes", "application/json", push.toString()));
        assertThat(told.findValuesAsText("status")).containsExactly("404");
    }

    private static ObjectNode pickup(String orderCode) {
        ObjectNode order = Customer.eOrder(orderCode);
        order.remove("IsReturnPrintTemplate");
        ObjectNode goods = (ObjectNode) order.at("/Commodity/0");
        goods.set("GoodsQuantity", goods.remove("Goodsquantity"));
        return order.put("ShipperType", 5).put("TransportType", 1);
    }

    private static JsonNode place(JsonNode party) {
        ObjectNode place = party.deepCopy();
        place.remove(java.util.List.of("Name", "Mobile"));
        return place;
    }
}
