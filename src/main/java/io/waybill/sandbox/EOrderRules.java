package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.sandbox.Carrier.Refusal;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What KDNiao accepts as a 1007 and an 1147 request (K2, K4, K8, K17). The words of its refusals are ours, the codes theirs. */
final class EOrderRules {

    /** The parcel carriers we simulate, and how their waybill numbers begin. */
    static final Map<String, String> WAYBILL_PREFIX = Map.ofEntries(
            Map.entry("SF", "SF"),
            Map.entry("YTO", "YT"),
            Map.entry("ZTO", "ZT"),
            Map.entry("STO", "ST"),
            Map.entry("YD", "YD"),
            Map.entry("EMS", "EM"),
            Map.entry("JD", "JD"),
            Map.entry("DBL", "DPK"),
            Map.entry("JTSD", "JT"),
            Map.entry("YZPY", "PY"),
            Map.entry("YZBK", "BK"),
            Map.entry("ZJS", "ZJ"));

    private static final Set<String> WITH_POST_CODE = Set.of("EMS", "YZPY", "YZBK");
    private static final Set<String> OUTSIDE = Set.of("香港", "澳门", "台湾");
    private static final Set<String> CURRENCIES = Set.of("CNY", "HKD", "NTD", "MOP");
    private static final Pattern FORBIDDEN = Pattern.compile("['\"#&+<>%\\\\]");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(\\.\\d{1,6})?");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
    private static final Set<String> BOOK =
            words("OrderCode ShipperCode PayType ExpType Sender Receiver Commodity Quantity"
                    + " Weight Volume CustomerName CustomerPwd MonthCode SendSite SendStaff IsReturnPrintTemplate TemplateSize"
                    + " IsNotice StartDate EndDate Cost OtherCost AddService IsReturnSignBill OperateRequire IsSubscribe"
                    + " IsSendMessage Remark CallBack MemberID CustomArea WareHouseID TransType LogisticCode ThrOrderCode"
                    + " PackingType DeliveryMethod CurrencyCode Dutiable");
    private static final Set<String> CANCEL = words("ShipperCode OrderCode ExpNo CustomerName CustomerPwd");
    private static final Set<String> PARTY =
            words("Company Name Tel Mobile PostCode ProvinceName CityName ExpAreaName Address");
    private static final Set<String> GOODS =
            words("GoodsName GoodsCode Goodsquantity GoodsPrice GoodsWeight GoodsDesc GoodsVol");

    private EOrderRules() {}

    /** Throws the first {@link Refusal} of a 1007 request. */
    static void check(JsonNode request) {
        onlyKnown(request, "", BOOK);
        checkCharacters(request, "");
        checkHead(request);
        checkParty(request, "Sender");
        checkParty(request, "Receiver");
        checkGoods(request.path("Commodity"));
        checkConditions(request);
    }

    /** Throws the first {@link Refusal} of an 1147 request. */
    static void checkCancel(JsonNode request) {
        onlyKnown(request, "", CANCEL);
        checkCharacters(request, "");
        checkCodes(request);
        require(request, "", "ExpNo");
    }

    private static void checkHead(JsonNode request) {
        checkCodes(request);
        require(request, "", "PayType", "ExpType", "Quantity");
        checkNumber(request, "PayType", 1, 4);
        checkNumber(request, "ExpType", 1, 999_999_999);
        checkNumber(request, "Quantity", 1, 30);
        checkNumber(request, "IsReturnPrintTemplate", 0, 1);
        checkNumber(request, "IsNotice", 0, 1);
        for (String name : new String[] {"Weight", "Volume", "Cost", "OtherCost"}) {
            wrongIf(request.has(name) && !DECIMAL.matcher(text(request, name)).matches(), name);
        }
        for (String name : new String[] {"StartDate", "EndDate"}) {
            wrongIf(request.has(name) && !TIME.matcher(text(request, name)).matches(), name);
        }
    }

    private static void checkCodes(JsonNode request) {
        require(request, "", "OrderCode", "ShipperCode");
        checkOrderCode(request);
        checkShipper(request);
    }

    static void checkOrderCode(JsonNode request) {
        require(request, "", "OrderCode");
        wrongIf(!request.get("OrderCode").isTextual(), "OrderCode");
        if (text(request, "OrderCode").length() > 30) {
            throw new Refusal(404, "长度错误: OrderCode");
        }
    }

    static void checkShipper(JsonNode request) {
        require(request, "", "ShipperCode");
        if (!WAYBILL_PREFIX.containsKey(text(request, "ShipperCode"))) {
            throw new Refusal(105, "不支持的快递公司: " + text(request, "ShipperCode"));
        }
    }

    static void checkParty(JsonNode request, String name) {
        JsonNode party = request.path(name);
        missingIf(!party.isObject(), name);
        String at = name + '.';
        onlyKnown(party, at, PARTY);
        require(party, at, "Name", "ProvinceName", "CityName", "ExpAreaName", "Address");
        missingIf(text(party, "Tel").isBlank() && text(party, "Mobile").isBlank(), at + "Mobile");
        if (WITH_POST_CODE.contains(text(request, "ShipperCode"))) {
            require(party, at, "PostCode");
        }
    }

    private static void checkGoods(JsonNode goods) {
        missingIf(!goods.isArray() || goods.isEmpty(), "Commodity");
        for (int i = 0; i < goods.size(); i++) {
            String at = "Commodity." + i + '.';
            onlyKnown(goods.get(i), at, GOODS);
            require(goods.get(i), at, "GoodsName");
        }
    }

    private static void checkConditions(JsonNode request) {
        String shipper = text(request, "ShipperCode");
        wrongIf(text(request, "PayType").equals("4") && !shipper.equals("SF"), "PayType");
        wrongIf(request.has("LogisticCode") && !shipper.equals("ZJS"), "LogisticCode");
        if (shipper.equals("JD") && text(request, "ExpType").equals("1")) {
            require(request, "", "ThrOrderCode");
        }
        String province = text(request.get("Receiver"), "ProvinceName");
        if (shipper.equals("SF") && province.length() >= 2 && OUTSIDE.contains(province.substring(0, 2))) {
            require(request, "", "CurrencyCode");
            wrongIf(!CURRENCIES.contains(text(request, "CurrencyCode")), "CurrencyCode");
            require(request.path("Dutiable"), "Dutiable.", "DeclaredValue");
        }
    }

    static void checkCharacters(JsonNode value, String at) {
        if (value.isTextual() && FORBIDDEN.matcher(value.textValue()).find()) {
            throw new Refusal(403, "特殊字符: " + at);
        }
        if (value.isObject()) {
            value.properties().forEach(field -> checkCharacters(field.getValue(), join(at, field.getKey())));
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            checkCharacters(value.get(i), join(at, String.valueOf(i)));
        }
    }

    private static String join(String at, String name) {
        return at.isEmpty() ? name : at + '.' + name;
    }

    static void checkNumber(JsonNode request, String name, int least, int most) {
        if (request.has(name)) {
            String number = text(request, name);
            boolean inside = NUMBER.matcher(number).matches()
                    && Integer.parseInt(number) >= least
                    && Integer.parseInt(number) <= most;
            wrongIf(!inside, name);
        }
    }

    static void onlyKnown(JsonNode block, String at, Set<String> known) {
        for (Iterator<String> names = block.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            wrongIf(!known.contains(name), at + name);
        }
    }

    static void require(JsonNode block, String at, String... names) {
        for (String name : names) {
            missingIf(text(block, name).isBlank(), at + name);
        }
    }

    private static String text(JsonNode block, String name) {
        JsonNode value = block.path(name);
        return value.isNull() ? "" : value.asText("");
    }

    static void missingIf(boolean missing, String name) {
        if (missing) {
            throw new Refusal(101, "缺少必要参数: " + name);
        }
    }

    private static void wrongIf(boolean wrong, String name) {
        if (wrong) {
            throw new Refusal(103, "数据格式不正确: " + name);
        }
    }

    static Set<String> words(String list) {
        return Set.of(list.split(" "));
    }
}
