package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Json;
import io.waybill.sandbox.Ledger.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A consignment as BirdSystem shows it: every field of the vendor's sample answer, nulls included (a:002).
 *
 * <p>Amounts are texts and 0.00 until the warehouse works on it; ids are numbers; what was sent empty is null; a numeric
 * {@code receiver_pid_number} comes back as a number.
 */
final class Consignment {

    private static final ObjectNode SAMPLE = sample();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final Set<String> NOT_ECHOED =
            Set.of("id", "client_id", "update_time", "sales_price", "delivery_service_id");

    /** When fees are known: once the warehouse works on it (c, from "0.00 at PREPARING"). */
    private static final Set<String> PRICED =
            Set.of("PROCESSING", "REVIEWING", "ADDRESS_LABEL_PRINTED", "FINISHED", "PROBLEM");

    private final Clock clock;

    Consignment(Clock clock) {
        this.clock = clock;
    }

    /** What the ledger keeps: the fields that are not empty, and the products added so far. */
    static ObjectNode details(Map<String, String> fields) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        ObjectNode kept = details.putObject("fields");
        fields.forEach((name, value) -> {
            if (!value.isEmpty()) {
                kept.put(name, value);
            }
        });
        details.putArray("items");
        return details;
    }

    static byte[] bytes(JsonNode details) {
        return details.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The whole record, as create and query return it. */
    ObjectNode show(Entry entry) {
        JsonNode details = entry.detail();
        ObjectNode shown = SAMPLE.deepCopy();
        details.get("fields").properties().forEach(field -> {
            if (shown.has(field.getKey()) && !NOT_ECHOED.contains(field.getKey())) {
                shown.set(field.getKey(), field.getValue());
            }
        });
        showFields(shown, details.get("fields"));
        showState(shown, entry, details);
        if (PRICED.contains(entry.state())) {
            showFees(shown, details);
        }
        return shown;
    }

    /** As the tracking host tells it: the warehouse's own points have a status, those of the parcel's carrier have none (B15). */
    ObjectNode trace(Entry entry) {
        JsonNode details = entry.detail();
        ObjectNode trace = JsonNodeFactory.instance.objectNode();
        trace.set("destination_country", details.at("/fields/country_iso"));
        trace.put("origination_country", "GB");
        List<ObjectNode> points = new ArrayList<>();
        details.path("log")
                .forEach(each -> points.add(point(
                        each,
                        each.get("status").asText(),
                        each.get("status").asText().equals("FINISHED")
                                ? "waiting for dispatch"
                                : "consignment updated")));
        details.path("points")
                .forEach(each -> points.add(point(each, null, each.get("note").asText())));
        // of the same moment, what came last comes first
        Collections.reverse(points);
        points.sort(Comparator.comparing((ObjectNode each) ->
                        OffsetDateTime.parse(each.get("create_time").asText()))
                .reversed());
        trace.putArray("check_points").addAll(points);
        return trace;
    }

    private static ObjectNode point(JsonNode each, String status, String note) {
        OffsetDateTime at = OffsetDateTime.parse(each.get("at").asText());
        return JsonNodeFactory.instance
                .objectNode()
                .put("create_time", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at))
                .put("current_status", status)
                .put("note", note);
    }

    private static void showFields(ObjectNode shown, JsonNode fields) {
        shown.put("type", fields.path("type").asText("LOCAL"));
        shown.put("delivery_service_id", fields.get("delivery_service_id").asLong());
        BigDecimal price = new BigDecimal(fields.path("sales_price").asText("0"));
        shown.put("sales_price", price.setScale(3, RoundingMode.HALF_UP).toPlainString());
        String personalId = fields.path("receiver_pid_number").asText("");
        if (personalId.matches("[1-9]\\d{0,17}")) {
            shown.put("receiver_pid_number", Long.parseLong(personalId));
        }
    }

    private void showState(ObjectNode shown, Entry entry, JsonNode details) {
        shown.put("id", Long.parseLong(entry.orderId()));
        shown.put("company_id", Long.parseLong(entry.account()));
        shown.put("status", entry.state());
        shown.put("delivery_reference", entry.tracking());
        shown.put("create_time", time(entry.at()));
        String updated = time(details.path("updated").asLong(entry.at()));
        shown.put("update_time", updated);
        shown.put(
                "finish_time",
                details.has("finished") ? time(details.get("finished").asLong()) : null);
        shown.put("consignment_product_quantity", String.valueOf(quantity(details.get("items"))));
    }

    /** Invented but steady prices: 2.50 and 0.70 a piece to deliver, 0.50 and 0.10 a piece to handle, 250 g a piece. */
    private static void showFees(ObjectNode shown, JsonNode details) {
        BigDecimal pieces = BigDecimal.valueOf(quantity(details.get("items")));
        BigDecimal delivery = fee(details, "delivery_fee", "2.50", "0.70", pieces);
        BigDecimal handling = fee(details, "handling_fee", "0.50", "0.10", pieces);
        BigDecimal weight = new BigDecimal("250.00").multiply(pieces);
        shown.put("total_delivery_fee", delivery.toPlainString());
        shown.put("delivery_fee", delivery.toPlainString());
        shown.put("total_handling_fee", handling.toPlainString());
        shown.put("handling_fee", handling.toPlainString());
        shown.put("total_price", delivery.add(handling).toPlainString());
        shown.put("total_weight", weight.toPlainString());
        shown.put("total_fee_weight", weight.setScale(4).toPlainString());
    }

    private static BigDecimal fee(JsonNode details, String field, String base, String each, BigDecimal pieces) {
        return details.has(field)
                ? new BigDecimal(details.get(field).asText())
                : new BigDecimal(base).add(new BigDecimal(each).multiply(pieces));
    }

    private static long quantity(JsonNode items) {
        long sum = 0;
        for (JsonNode item : items) {
            sum += item.get("quantity").asLong();
        }
        return sum;
    }

    private String time(long at) {
        return TIME.format(Instant.ofEpochMilli(at).atZone(clock.getZone()));
    }

    private static ObjectNode sample() {
        try (InputStream sample = Consignment.class.getResourceAsStream("consignment.json")) {
            return (ObjectNode) Json.orders().readTree(sample);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isAgent(Entry entry) {
        return entry.detail().at("/fields/type").asText().equals("AGENT_DIRECT");
    }
}
