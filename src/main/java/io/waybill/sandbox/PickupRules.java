package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** What KDNiao accepts as 1801, 1802, 1804, 1814, 1815 and 1816 (K5, K6, K10). The words of its refusals are ours, the codes theirs. */
final class PickupRules {

    private static final Set<String> BOOK = EOrderRules.words(
            "OrderCode ShipperCode ShipperType TransportType ExpType PayType"
                    + " Sender Receiver Weight Quantity Remark Commodity StartDate EndDate Callback MemberID WarehouseID InsureAmount");
    private static final Set<String> CANCEL =
            EOrderRules.words("OrderCode CancelType CancelMsg ShipperCode LogisticCode Reason");
    private static final Set<String> PLACE = EOrderRules.words("ProvinceName CityName ExpAreaName Address");
    private static final Set<String> AREA = EOrderRules.words("ShipperType Sender Receiver");
    private static final Set<String> RATE =
            EOrderRules.words("Weight Sender Receiver ShipperType TransportType InsureAmount");
    // with a capital Q, unlike in 1007 (K5)
    private static final Set<String> GOODS =
            EOrderRules.words("GoodsName GoodsCode GoodsQuantity GoodsPrice GoodsWeight");

    private PickupRules() {}

    static void checkBook(JsonNode request) {
        EOrderRules.onlyKnown(request, "", BOOK);
        EOrderRules.checkCharacters(request, "");
        EOrderRules.checkOrderCode(request);
        EOrderRules.checkShipper(request);
        EOrderRules.require(request, "", "ShipperType", "TransportType", "ExpType", "PayType", "Weight", "Quantity");
        EOrderRules.checkNumber(request, "Quantity", 1, 30);
        EOrderRules.checkNumber(request, "PayType", 1, 4);
        EOrderRules.checkParty(request, "Sender");
        EOrderRules.checkParty(request, "Receiver");
        JsonNode goods = request.path("Commodity");
        EOrderRules.missingIf(!goods.isArray() || goods.isEmpty(), "Commodity");
        for (JsonNode each : goods) {
            EOrderRules.onlyKnown(each, "Commodity.", GOODS);
            EOrderRules.require(each, "Commodity.", "GoodsName", "GoodsQuantity");
        }
    }

    static void checkCancel(JsonNode request) {
        EOrderRules.onlyKnown(request, "", CANCEL);
        EOrderRules.checkCharacters(request, "");
        EOrderRules.checkOrderCode(request);
    }

    static void checkInfo(JsonNode request) {
        EOrderRules.onlyKnown(request, "", Set.of("OrderCode"));
        EOrderRules.checkCharacters(request, "");
        EOrderRules.checkOrderCode(request);
    }

    static void checkState(JsonNode request) {
        EOrderRules.onlyKnown(request, "", Set.of("KdnOrderCode"));
        EOrderRules.require(request, "", "KdnOrderCode");
    }

    static void checkArea(JsonNode request) {
        EOrderRules.onlyKnown(request, "", AREA);
        checkPlaces(request);
    }

    static void checkRate(JsonNode request) {
        EOrderRules.onlyKnown(request, "", RATE);
        EOrderRules.require(request, "", "Weight", "TransportType");
        checkPlaces(request);
    }

    private static void checkPlaces(JsonNode request) {
        EOrderRules.require(request, "", "ShipperType");
        for (String party : new String[] {"Sender", "Receiver"}) {
            EOrderRules.onlyKnown(request.path(party), party + '.', PLACE);
            EOrderRules.require(request.path(party), party + '.', "ProvinceName", "CityName", "ExpAreaName", "Address");
        }
    }
}
