package io.waybill.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.waybill.ledger.Claim;
import io.waybill.order.Fingerprint;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of tracking and billing that a booking or a later answer brought, each a map from column to value, keyed naturally:
 * the same event or charge gives the same id again.
 */
public final class Rows {

    private final Clock clock;

    public Rows(Clock clock) {
        this.clock = clock;
    }

    /** Rows for {@code tracking_event}. */
    public List<Map<String, Object>> tracking(Claim claim) {
        return tracking(claim, claim.result().path("tracking_events"), claim.carrier() + " book");
    }

    /** The same for events that came later. */
    public List<Map<String, Object>> tracking(Claim claim, JsonNode events, String source) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (JsonNode event : events) {
            Map<String, Object> row = key(claim);
            row.put("event_id", eventId(event));
            row.put("tracking_number", text(claim.result().path("tracking_number")));
            row.put("at", time(event.path("at")));
            row.put("status", event.path("status").asText("unknown"));
            row.put("raw_status", text(event.path("raw_status")));
            row.put("text", text(event.path("text")));
            row.put("location", text(event.path("location")));
            row.put("source", source);
            rows.add(row);
        }
        return rows;
    }

    /** Rows for {@code charge}; amounts are exact decimals. */
    public List<Map<String, Object>> charges(Claim claim) {
        return charges(claim, claim.result().path("charges"));
    }

    /** The same for charges that came later. */
    public List<Map<String, Object>> charges(Claim claim, JsonNode charges) {
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        JsonNode billing = claim.order().document().path("billing");
        for (JsonNode charge : charges) {
            Map<String, Object> row = key(claim);
            String id = id(charge.path("kind"), charge.path("source"), charge.path("currency"));
            // two surcharges of one booking are two charges
            int nth = seen.merge(id, 1, Integer::sum);
            row.put("charge_id", nth == 1 ? id : id(IntNode.valueOf(nth), TextNode.valueOf(id)));
            row.put("carrier", claim.carrier());
            row.put("kind", charge.path("kind").asText());
            row.put("amount", new BigDecimal(charge.path("amount").asText()));
            row.put("currency", charge.path("currency").asText());
            row.put("source", charge.path("source").asText());
            row.put("final", charge.path("final").asBoolean());
            row.put("cost_center", text(billing.path("cost_center")));
            row.put("reference", text(billing.path("reference")));
            row.put("at", now());
            rows.add(row);
        }
        return rows;
    }

    /** The same event gives the same id again, whoever tells it. */
    static String eventId(JsonNode event) {
        return id(event.path("at"), event.path("status"), event.path("raw_status"), event.path("text"));
    }

    private static Map<String, Object> key(Claim claim) {
        Map<String, Object> row = new HashMap<>();
        row.put("account", claim.key().account());
        row.put("order_id", claim.key().orderId());
        row.put("reissue", claim.key().reissue());
        return row;
    }

    private OffsetDateTime time(JsonNode at) {
        try {
            return OffsetDateTime.parse(at.asText()).withOffsetSameInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            return now();
        }
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static String text(JsonNode value) {
        return value.isMissingNode() || value.isNull() ? null : value.asText();
    }

    private static String id(JsonNode... parts) {
        StringBuilder all = new StringBuilder();
        for (JsonNode part : parts) {
            all.append(part.asText()).append('\n');
        }
        return Fingerprint.of(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 32);
    }
}
