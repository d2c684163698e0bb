package io.waybill.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Json;
import io.waybill.sandbox.Ledger.Entry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * The simulated KDNiao: {@code POST /api/EOrderService} (or {@code EOrderService2}, K11), instructions 1007 and 1147; {@code
 * /api/OOrderService}, see {@link Pickups}; {@code /Ebusiness/EbusinessOrderHandle.aspx} and {@code /api/dist}, see {@link
 * Traces}.
 *
 * <ol>
 *   <li>A form of RequestData, EBusinessID, RequestType, DataSign and DataType 2 (K1, K7). DataSign is the Base64 of the
 *       lower-case hex MD5 of RequestData and ApiKey, encoded once (K1, K10).
 *   <li>The HTTP status is always 200; ResultCode tells (K3, K15): 101 missing, 102 signature, 103 format, 104 account, 105
 *       other, 401 no JSON, 403 special characters, 404 wrong length.
 *   <li>1007 books and returns the waybill and, with IsReturnPrintTemplate 1, the label. The same OrderCode again is 106 with
 *       Success true, the first waybill and its label, whatever else the repeat says (K8, K13).
 *   <li>1147 cancels by OrderCode and waybill; the OrderCode stays used up for ever (K7). The words of that refusal are not
 *       published.
 *   <li>1804 and 1816, whose answers nobody publishes, are taken where {@link SandboxOptions#paths} names a path below
 *       {@code /api/} for {@code info} and {@code state}, and nowhere else; see {@link Pickups}.
 * </ol>
 */
final class KdNiao implements Carrier {

    static final String NAME = "kdniao";
    static final String PATH = "/api/";
    static final String TRACK_PATH = "/Ebusiness/";

    /** Which instructions each address takes. */
    private static final Map<String, Set<String>> INSTRUCTIONS = Map.of(
            PATH + "EOrderService", Set.of("1007", "1147"),
            PATH + "EOrderService2", Set.of("1007", "1147"),
            PATH + "OOrderService", Set.of("1801", "1802", "1814", "1815"),
            PATH + "OOrderService2", Set.of("1801", "1802", "1814", "1815"),
            TRACK_PATH + "EbusinessOrderHandle.aspx", Set.of("8001"),
            PATH + "dist", Set.of("8008"));

    /** Which are taken only where {@link SandboxOptions#paths} says, and by which word. */
    private static final Map<String, String> UNPUBLISHED = Map.of("1804", "info", "1816", "state");

    private static final String BOOKED = "100";
    private static final String CANCELLED = "cancelled";
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyMMdd");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Ledger ledger;
    private final SandboxOptions options;
    private final Pickups pickups;
    private final Traces traces;

    KdNiao(Ledger ledger, SandboxOptions options) {
        this.ledger = ledger;
        this.options = options;
        this.pickups = new Pickups(ledger, options);
        this.traces = new Traces(ledger, options);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Answer answer(Call call) {
        Map<String, String> form = Map.of();
        if (!INSTRUCTIONS.containsKey(call.path()) && !options.paths().containsValue(call.path())) {
            return new Answer(404, JSON.objectNode());
        }
        try {
            form = form(call);
            return new Answer(200, instruct(call.path(), form));
        } catch (Refusal refusal) {
            ObjectNode failure = envelope(form.get("EBusinessID"), false, String.valueOf(refusal.code()));
            return new Answer(200, failure.put("Reason", refusal.getMessage()));
        }
    }

    @Override
    public String reference(Call call) {
        try {
            String data = call.form().getOrDefault("RequestData", "");
            return Json.orders().readTree(data).path("OrderCode").textValue();
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return null;
        }
    }

    /** The signature of a request: Base64 over the 32 hex characters, not over the 16 bytes (K1, K13). */
    static String sign(String requestData, String apiKey) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            byte[] digest = md5.digest((requestData + apiKey).getBytes(StandardCharsets.UTF_8));
            byte[] hex = HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder().encodeToString(hex);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> form(Call call) {
        try {
            if (call.method().equals("POST") && call.hasContentType("application/x-www-form-urlencoded")) {
                return call.form();
            }
        } catch (IllegalArgumentException e) {
            // answered like any other body that is no form
        }
        throw new Refusal(103, "数据格式不正确: expected a POST of application/x-www-form-urlencoded");
    }

    private ObjectNode instruct(String path, Map<String, String> form) {
        for (String name : new String[] {"RequestData", "EBusinessID", "RequestType", "DataSign", "DataType"}) {
            if (form.getOrDefault(name, "").isEmpty()) {
                throw new Refusal(101, "缺少必要参数: " + name);
            }
        }
        if (!form.get("DataType").equals("2")) {
            throw new Refusal(103, "数据格式不正确: DataType");
        }
        String merchant = form.get("EBusinessID");
        checkSignature(merchant, form.get("RequestData"), form.get("DataSign"));
        JsonNode request = request(form.get("RequestData"));
        String type = form.get("RequestType");
        if (!isTaken(path, type)) {
            throw new Refusal(105, "不支持的请求指令: " + type);
        }
        return switch (type) {
            case "1007" -> book(merchant, request);
            case "1147" -> cancel(merchant, request);
            case "1801" -> pickups.book(envelope(merchant, true, BOOKED), merchant, request);
            case "1802" -> pickups.cancel(envelope(merchant, true, BOOKED), merchant, request);
            case "1814" -> pickups.area(envelope(merchant, true, BOOKED), request);
            case "1815" -> pickups.rate(envelope(merchant, true, BOOKED), request);
            case "1804" -> pickups.info(envelope(merchant, true, BOOKED), merchant, request);
            case "1816" -> pickups.state(envelope(merchant, true, BOOKED), merchant, request);
            case "8001" -> traces.query(merchant, request);
            default -> traces.subscribe(merchant, request);
        };
    }

    private boolean isTaken(String path, String type) {
        return INSTRUCTIONS.getOrDefault(path, Set.of()).contains(type)
                || path.equals(options.paths().get(NAME + '.' + UNPUBLISHED.get(type)));
    }

    private void checkSignature(String merchant, String requestData, String signature) {
        Account account = options.accounts().stream()
                .filter(known -> known.carrier().equals(NAME) && known.id().equals(merchant))
                .findFirst()
                .orElseThrow(() -> new Refusal(104, "用户问题: EBusinessID"));
        if (!sign(requestData, account.key()).equals(signature)) {
            throw new Refusal(102, "校验问题: DataSign");
        }
    }

    private static JsonNode request(String requestData) {
        try {
            JsonNode request = Json.orders().readTree(requestData);
            if (request.isObject()) {
                return request;
            }
        } catch (JsonProcessingException e) {
            // answered like any other RequestData that is no JSON object
        }
        throw new Refusal(401, "RequestData格式错误");
    }

    private ObjectNode book(String merchant, JsonNode request) {
        EOrderRules.check(request);
        String orderCode = request.get("OrderCode").textValue();
        String key = merchant + '|' + orderCode;
        Entry first = ledger.byKey(NAME, key);
        if (first != null && Pickups.isPickup(first)) {
            throw new Refusal(105, "订单号已存在,请勿重复操作");
        }
        if (first != null && first.state().equals(CANCELLED)) {
            throw new Refusal(105, "该订单已取消,订单号不能再次使用");
        }
        Entry entry = first == null ? booked(merchant, key, request) : first;
        ObjectNode answer = envelope(merchant, true, first == null ? BOOKED : "106");
        answer.put("Reason", first == null ? "成功" : "该订单号已下单成功");
        show(answer, entry, entry.detail());
        if (request.path("IsReturnPrintTemplate").asInt() == 1) {
            showLabels(answer, Label.of(entry));
        }
        return answer;
    }

    private Entry booked(String merchant, String key, JsonNode request) {
        long number = ledger.next();
        ZonedDateTime now = ZonedDateTime.now(options.clock());
        String shipper = request.get("ShipperCode").textValue();
        Entry entry = new Entry(
                NAME,
                merchant,
                key,
                request.get("OrderCode").textValue(),
                "KDN%s%010d".formatted(DAY.format(now), number),
                "%s%013d".formatted(EOrderRules.WAYBILL_PREFIX.get(shipper), number),
                BOOKED,
                now.toInstant().toEpochMilli(),
                Label.details(request).toString().getBytes(StandardCharsets.UTF_8));
        ledger.book(entry);
        return entry;
    }

    private static void show(ObjectNode answer, Entry entry, JsonNode details) {
        int parcels = details.get("quantity").intValue();
        answer.putObject("Order")
                .put("OrderCode", entry.reference())
                .put("ShipperCode", details.get("shipper").textValue())
                .put("LogisticCode", entry.tracking())
                .put("KDNOrderCode", entry.orderId())
                .put("MarkDestination", details.get("mark").textValue())
                .put("SortingCode", details.get("sorting").textValue())
                .put("PackageName", details.get("package").textValue());
        answer.put("SubCount", parcels - 1);
        if (parcels > 1) {
            ArrayNode children = answer.putArray("SubOrders");
            for (int child = 1; child < parcels; child++) {
                children.add(Label.child(entry.tracking(), child));
            }
        }
    }

    private static void showLabels(ObjectNode answer, Label label) {
        answer.put("PrintTemplate", label.html(0));
        if (label.parcels() > 1) {
            ArrayNode children = answer.putArray("SubPrintTemplates");
            for (int child = 1; child < label.parcels(); child++) {
                children.add(label.html(child));
            }
        }
    }

    private ObjectNode cancel(String merchant, JsonNode request) {
        EOrderRules.checkCancel(request);
        Entry entry =
                ledger.byKey(NAME, merchant + '|' + request.get("OrderCode").textValue());
        boolean known = entry != null
                && entry.state().equals(BOOKED)
                && entry.tracking().equals(request.get("ExpNo").textValue())
                && entry.detail().get("shipper").equals(request.get("ShipperCode"));
        if (!known) {
            throw new Refusal(105, "订单不存在或已取消");
        }
        ledger.change(entry.changed(CANCELLED, entry.tracking(), entry.details()));
        return envelope(merchant, true, BOOKED).put("Reason", "成功");
    }

    private ObjectNode envelope(String merchant, boolean success, String code) {
        long at = Instant.now(options.clock()).toEpochMilli();
        return JSON.objectNode()
                .put("EBusinessID", merchant)
                .put("Success", success)
                .put("ResultCode", code)
                .put("UniquerRequestNumber", "%016x%016x".formatted(at, System.nanoTime()));
    }
}
