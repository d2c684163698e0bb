package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Carrier.Refusal;
import io.waybill.sandbox.Ledger.Entry;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;

/**
 * KDNiao's track query 8001 and subscription 8008 (K1, K2, K3): a parcel that was pushed about has the trace of those pushes,
 * every other one has none yet, which is no error (K19).
 */
record Traces(Ledger ledger, SandboxOptions options) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final Set<String> QUERY = EOrderRules.words("OrderCode ShipperCode LogisticCode CustomerName Sort");
    private static final Set<String> SUBSCRIBE = EOrderRules.words("OrderCode ShipperCode LogisticCode CustomerName");

    ObjectNode query(String merchant, JsonNode request) {
        Entry entry = found(merchant, request, QUERY);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("EBusinessID", merchant)
                .put("OrderCode", entry.reference())
                .put("ShipperCode", request.get("ShipperCode").textValue())
                .put("LogisticCode", entry.tracking())
                .put("Success", true)
                .put("Reason", "");
        JsonNode trace = entry.detail().path("trace");
        answer.put("State", trace.path("State").asText("0"))
                .put("StateEx", trace.path("StateEx").asText("0"));
        if (trace.path("Traces").isArray()) {
            answer.set("Traces", trace.path("Traces"));
        } else {
            answer.putArray("Traces");
        }
        return answer;
    }

    ObjectNode subscribe(String merchant, JsonNode request) {
        found(merchant, request, SUBSCRIBE);
        ZonedDateTime now = ZonedDateTime.now(options.clock()).withZoneSameInstant(ZoneId.of("Asia/Shanghai"));
        return JsonNodeFactory.instance
                .objectNode()
                .put("EBusinessID", merchant)
                .put("UpdateTime", TIME.format(now))
                .put("Success", true)
                .put("Reason", "")
                .put("EstimatedDeliveryTime", "");
    }

    private Entry found(String merchant, JsonNode request, Set<String> known) {
        EOrderRules.onlyKnown(request, "", known);
        EOrderRules.checkCharacters(request, "");
        EOrderRules.require(request, "", "ShipperCode", "LogisticCode");
        boolean digits = request.path("CustomerName").asText().matches("[0-9]{4}");
        // only SF wants it, and no other may have it (K2, K3)
        if (request.get("ShipperCode").asText().equals("SF") ? !digits : request.has("CustomerName")) {
            throw new Refusal(101, "CustomerName");
        }
        String number = request.get("LogisticCode").textValue();
        return Optional.ofNullable(request.path("OrderCode").textValue())
                .map(code -> ledger.byKey(KdNiao.NAME, merchant + '|' + code))
                .filter(entry -> number.equals(entry.tracking()))
                .orElseThrow(() -> new Refusal(105, "没有物流轨迹"));
    }
}
