package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Carrier.Refusal;
import io.waybill.sandbox.Ledger.Entry;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;

/**
 * KDNiao's door pickup, instructions 1801, 1802, 1814 and 1815 (K5, K6, K10), and 1804 and 1816 (K6, c).
 *
 * <ol>
 *   <li>1801 answers KDNiao's number and the window; the waybill number, the courier and the fee come by push 103, see {@link
 *       PushSender}. The same OrderCode again is 106 with the first answer (K14).
 *   <li>1802 cancels before the courier has it (104); the OrderCode stays used up (K10).
 *   <li>1814 knows every place but Tibet; 1815 gives a reference price for three carriers.
 *   <li>1804 asks by OrderCode, 1816 by KdnOrderCode (K6). What they answer is not published: {@code Data} holds what push 103
 *       told, of each field the last (c); before any push it is in state 102.
 * </ol>
 */
record Pickups(Ledger ledger, SandboxOptions options) {

    static final String BOOKED = "1801";
    static final String CANCELLED = "203";

    private static final String WAITING = "102";
    private static final String TOLD = "told";
    private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyMMdd");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Set<String> COLLECTED = Set.of("104", "301", "2", "3", "208");
    private static final BigDecimal FIRST = new BigDecimal("8");
    private static final BigDecimal NEXT = new BigDecimal("2");

    ObjectNode book(ObjectNode success, String merchant, JsonNode request) {
        PickupRules.checkBook(request);
        String key = merchant + '|' + request.get("OrderCode").textValue();
        Entry first = ledger.byKey(KdNiao.NAME, key);
        if (first != null && (!isPickup(first) || first.state().equals(CANCELLED))) {
            throw new Refusal(105, "订单号已存在,请勿重复操作");
        }
        refuseFar(request);
        Entry entry = first == null ? booked(merchant, key, request) : first;
        success.put("ResultCode", first == null ? "100" : "106").put("Reason", first == null ? "成功" : "该订单号已下单成功");
        ObjectNode order = success.putObject("Order");
        order.put("OrderCode", entry.reference()).put("KDNOrderCode", entry.orderId());
        if (entry.tracking() != null) {
            order.put("LogisticCode", entry.tracking());
        }
        JsonNode details = entry.detail();
        for (String window : new String[] {"StartDate", "EndDate"}) {
            if (details.has(window)) {
                success.set(window, details.get(window));
            }
        }
        return success;
    }

    ObjectNode cancel(ObjectNode success, String merchant, JsonNode request) {
        PickupRules.checkCancel(request);
        Entry entry = ledger.byKey(
                KdNiao.NAME, merchant + '|' + request.get("OrderCode").textValue());
        if (entry == null || !isPickup(entry) || entry.state().equals(CANCELLED)) {
            throw new Refusal(105, "订单不存在或已取消");
        }
        if (COLLECTED.contains(entry.state())) {
            throw new Refusal(105, "快递员已取件,不能取消");
        }
        ObjectNode cancelled =
                JSON.objectNode().put("CreateTime", time(options.clock().instant()));
        ledger.change(entry.changed(CANCELLED, entry.tracking(), told(entry, cancelled)));
        return success.put("Reason", "成功");
    }

    ObjectNode info(ObjectNode success, String merchant, JsonNode request) {
        PickupRules.checkInfo(request);
        return shown(
                success,
                ledger.byKey(
                        KdNiao.NAME, merchant + '|' + request.get("OrderCode").textValue()));
    }

    ObjectNode state(ObjectNode success, String merchant, JsonNode request) {
        PickupRules.checkState(request);
        return shown(
                success,
                ledger.byId(KdNiao.NAME, merchant, request.get("KdnOrderCode").asText()));
    }

    private static ObjectNode shown(ObjectNode success, Entry entry) {
        if (entry == null || !isPickup(entry)) {
            throw new Refusal(105, "订单不存在");
        }
        ObjectNode data = success.put("Reason", "成功").putObject("Data");
        data.put("CreateTime", time(Instant.ofEpochMilli(entry.at())));
        data.setAll(entry.detail().withObjectProperty(TOLD));
        data.put("OrderCode", entry.reference()).put("KDNOrderCode", entry.orderId());
        if (entry.tracking() != null) {
            data.put("LogisticCode", entry.tracking());
        }
        data.put("State", entry.state().equals(BOOKED) ? WAITING : entry.state());
        return success;
    }

    /** The details of a pickup of which push 103 tells this; what it told before stays. */
    static byte[] told(Entry entry, ObjectNode told) {
        ObjectNode details = entry.detail().deepCopy();
        details.withObjectProperty(TOLD).setAll(told);
        return details.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String time(Instant at) {
        return TIME.format(at.atZone(CHINA));
    }

    ObjectNode area(ObjectNode success, JsonNode request) {
        PickupRules.checkArea(request);
        refuseFar(request);
        return success.put("Reason", "成功");
    }

    ObjectNode rate(ObjectNode success, JsonNode request) {
        PickupRules.checkRate(request);
        BigDecimal weight = new BigDecimal(request.get("Weight").asText()).setScale(0, RoundingMode.UP);
        BigDecimal more = NEXT.multiply(weight.subtract(BigDecimal.ONE).max(BigDecimal.ZERO));
        for (String shipper : new String[] {"YTO", "STO", "SF"}) {
            BigDecimal start = shipper.equals("SF") ? FIRST.add(NEXT) : FIRST;
            success.withArray("Data")
                    .addObject()
                    .put("shipperCode", shipper)
                    .put("weight", weight)
                    .put("firstWeightAmount", start)
                    .put("continuousWeightAmount", more)
                    .put("cost", start.add(more));
        }
        return success;
    }

    static boolean isPickup(Entry entry) {
        return entry.detail().path("pickup").asBoolean();
    }

    private static void refuseFar(JsonNode request) {
        if (request.path("Receiver").path("ProvinceName").asText().startsWith("西藏")) {
            throw new Refusal(105, "超区");
        }
    }

    private Entry booked(String merchant, String key, JsonNode request) {
        ZonedDateTime now = ZonedDateTime.now(options.clock());
        ObjectNode details = JSON.objectNode().put("pickup", true);
        details.set("shipper", request.get("ShipperCode"));
        for (String window : new String[] {"StartDate", "EndDate"}) {
            if (request.has(window)) {
                details.set(window, request.get(window));
            }
        }
        Entry entry = new Entry(
                KdNiao.NAME,
                merchant,
                key,
                request.get("OrderCode").textValue(),
                "KDN%s%010d".formatted(DAY.format(now), ledger.next()),
                null,
                BOOKED,
                now.toInstant().toEpochMilli(),
                details.toString().getBytes(StandardCharsets.UTF_8));
        ledger.book(entry);
        return entry;
    }
}
