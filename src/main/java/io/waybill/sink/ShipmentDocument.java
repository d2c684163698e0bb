package io.waybill.sink;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import java.time.Instant;
import java.util.Set;

/** The answer to an order: the shipment of canonical.md, made from the order and what the booking brought. */
public final class ShipmentDocument {

    private static final Set<String> INSIDE = Set.of(
            "tracking_events",
            "label_refused",
            "adopted",
            "booked_by",
            "raw",
            LaterShipment.STATUS_AT,
            LaterShipment.SAID,
            LaterShipment.LABEL_NUMBER,
            LaterShipment.CHARGES_AT,
            Corrections.COUNT);

    private ShipmentDocument() {}

    /** The answer to an order that was cancelled before anything was sent to a carrier. */
    public static ObjectNode cancelled(Claim claim, Instant at) {
        ObjectNode shipment = JsonNodeFactory.instance.objectNode();
        shipment.put("account", claim.key().account());
        shipment.put("order_id", claim.key().orderId());
        shipment.put("reissue", claim.key().reissue());
        if (claim.carrier() != null) {
            shipment.put("carrier", claim.carrier()).put("service", claim.service());
        }
        shipment.put("status", "cancelled").put("raw_status_text", "nothing had been sent to a carrier");
        shipment.put("label_state", "none");
        shipment.putArray("charges");
        shipment.putArray("warnings");
        shipment.put("created_at", claim.acceptedAt().toString()).put("updated_at", at.toString());
        if (claim.order().document().has("metadata")) {
            shipment.set("metadata", claim.order().document().get("metadata"));
        }
        return shipment;
    }

    /** The shipment of a booked order; the same booking always gives the same shipment. */
    public static ObjectNode of(Claim claim) {
        ObjectNode shipment = JsonNodeFactory.instance.objectNode();
        shipment.put("account", claim.key().account());
        shipment.put("order_id", claim.key().orderId());
        shipment.put("reissue", claim.key().reissue());
        shipment.put("carrier", claim.carrier());
        shipment.put("service", claim.service());
        shipment.put("carrier_reference", claim.reference());
        claim.result().properties().forEach(field -> {
            if (!INSIDE.contains(field.getKey())) {
                shipment.set(field.getKey(), field.getValue());
            }
        });
        shipment.withArray("charges");
        shipment.withArray("warnings");
        if (!shipment.has("created_at")) {
            shipment.put("created_at", claim.acceptedAt().toString());
        }
        if (claim.result().has("label_refused")) {
            shipment.withArray("warnings").add(claim.result().get("label_refused"));
        }
        if (claim.order().document().has("metadata")) {
            shipment.set("metadata", claim.order().document().get("metadata"));
        }
        return shipment;
    }
}
