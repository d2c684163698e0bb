package io.waybill.route;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.order.Tariff;
import io.waybill.settings.Settings;

/** What is known of a booking that surely stands at the carrier, though its answer is lost. */
final class Adoption {

    private Adoption() {}

    /**
     * The result of such a booking: the carrier's id, what the order itself says, and the tariff's charge.
     *
     * @param warning why there is no more
     */
    static ObjectNode of(Claim claim, String carrierOrderId, String warning, Settings settings) {
        ObjectNode document = claim.order().document();
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("carrier_order_id", carrierOrderId);
        if (document.has("tracking_number")) {
            result.set("tracking_number", document.get("tracking_number"));
        }
        result.put("status", "submitted");
        result.put("label_state", "none");
        result.withArray("warnings").add(warning);
        Tariff.charge(
                result, document, claim.service(), settings.account(claim.key().account(), claim.carrier()));
        return result;
    }
}
