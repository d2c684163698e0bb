package io.waybill.draft;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The response mapping of a draft: number, waybill number and state, where the answer has fields that are called so. A label and
 * charges that it seems to hold are left to fill in.
 */
final class ResponseDraft {

    private final List<String> paths = new ArrayList<>();

    ResponseDraft(JsonNode schema) {
        collect(schema, "");
    }

    String text(String title) {
        String status = named("status", "state", "orderstatus");
        return """
                // %s answer -> shipment
                let status = %s

                {
                  "carrier_order_id": %s,
                  "tracking_number": %s,
                  "status": get-key($codes.status, string(fallback($status, "")), "unknown"),
                  "raw_status": if ($status) string($status),%s
                  "label_state": %s
                }
                """
                .formatted(
                        title,
                        status == null ? "fill-in(\"status\")" : status,
                        given("carrier_order_id", named("id", "orderid", "shipmentid", "consignmentid", "ordernumber")),
                        given(
                                "tracking_number",
                                named("trackingnumber", "trackingcode", "trackingno", "waybill", "waybillnumber")),
                        speaksOf("price|cost|charge|fee|freight") ? "\n  \"charges\": fill-in(\"charges\")," : "",
                        speaksOf("label") ? "fill-in(\"label_state\")" : "\"none\"");
    }

    /** Whether the answer seems to hold what would be lost in silence. */
    private boolean speaksOf(String words) {
        return paths.stream().anyMatch(path -> path.matches("(?i).*(" + words + ").*"));
    }

    /** A path by which a success can be told, empty if there is none. */
    String proof() {
        String id =
                named("id", "orderid", "shipmentid", "consignmentid", "ordernumber", "trackingnumber", "trackingcode");
        return id == null ? "" : " and .body" + id;
    }

    private static String given(String ours, String path) {
        return path == null ? "fill-in(\"" + ours + "\")" : "if (" + path + ") string(" + path + ")";
    }

    private String named(String... words) {
        return paths.stream()
                .filter(path ->
                        Guesses.means(path.substring(path.lastIndexOf('.') + 1).replace("\"", ""), words))
                .findFirst()
                .orElse(null);
    }

    private void collect(JsonNode schema, String path) {
        schema.path("properties").properties().forEach(property -> {
            String name = property.getKey();
            String below = path + "."
                    + (name.matches("[A-Za-z_][A-Za-z0-9_-]*") ? name : "\"" + name.replace("\"", "") + "\"");
            if (property.getValue().has("properties")) {
                collect(property.getValue(), below);
            } else if (!property.getValue().path("type").asText().equals("array")) {
                paths.add(below);
            }
        });
    }
}
