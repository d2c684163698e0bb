package io.waybill.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a carrier says later about charges, as rows to add; no row is ever changed.
 *
 * <ol>
 *   <li>What it says of a kind and currency is the total of it from now on, and replaces what the shipment shows of it.
 *   <li>The row holds the difference to the total before, and its source says so and counts; so the sum of all rows of a kind
 *       and currency is what the carrier said last. The first amount of a kind is a row as it is.
 *   <li>An amount that becomes final without a change is a row of zero, so that finance sees it. What is final is not taken
 *       back by what is not.
 *   <li>What is older than what is known adds kinds that are not known, and corrects nothing.
 * </ol>
 */
final class Corrections {

    /** How often charges were corrected; kept beside the shipment, and not shown. */
    static final String COUNT = "corrections";

    private final ObjectNode known;
    private final String source;

    Corrections(ObjectNode known, String source) {
        this.known = known;
        this.source = source;
    }

    private record Kind(String kind, String currency) {

        private static Kind of(JsonNode charge) {
            return new Kind(
                    charge.path("kind").asText(), charge.path("currency").asText());
        }
    }

    ArrayNode of(JsonNode said, boolean older) {
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        byKind(said).forEach((kind, charges) -> {
            List<JsonNode> before = byKind(known.path("charges")).getOrDefault(kind, List.of());
            if (before.isEmpty()) {
                charges.forEach(rows::add);
                charges.forEach(known.withArray("charges")::add);
            } else if (!older && (isFinal(charges) || !isFinal(before))) {
                correct(kind, before, charges, rows);
            }
        });
        return rows;
    }

    private void correct(Kind kind, List<JsonNode> before, List<JsonNode> charges, ArrayNode rows) {
        BigDecimal was = sum(before);
        BigDecimal now = sum(charges);
        if (was.compareTo(now) == 0 && isFinal(before) == isFinal(charges)) {
            return;
        }
        int count = known.path(COUNT).asInt() + 1;
        known.put(COUNT, count);
        rows.addObject()
                .put("kind", kind.kind)
                .put("amount", now.subtract(was).toPlainString())
                .put("currency", kind.currency)
                .put(
                        "source",
                        source + ", correction " + count + ": " + was.toPlainString() + " is now "
                                + now.toPlainString())
                .put("final", isFinal(charges));
        replace(kind, charges);
    }

    private void replace(Kind kind, List<JsonNode> charges) {
        List<JsonNode> others = new ArrayList<>();
        known.path("charges").forEach(charge -> {
            if (!Kind.of(charge).equals(kind)) {
                others.add(charge);
            }
        });
        ArrayNode all = known.putArray("charges");
        others.forEach(all::add);
        charges.forEach(all::add);
    }

    private static Map<Kind, List<JsonNode>> byKind(JsonNode charges) {
        Map<Kind, List<JsonNode>> kinds = new LinkedHashMap<>();
        charges.forEach(charge -> kinds.computeIfAbsent(Kind.of(charge), kind -> new ArrayList<>())
                .add(charge));
        return kinds;
    }

    private static BigDecimal sum(List<JsonNode> charges) {
        return charges.stream()
                .map(charge -> new BigDecimal(charge.path("amount").asText()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static boolean isFinal(List<JsonNode> charges) {
        return charges.stream().allMatch(charge -> charge.path("final").asBoolean());
    }
}
