package io.waybill.route;

import io.waybill.ledger.Acceptance;
import io.waybill.ledger.Stored;
import io.waybill.mapping.OrderSchema;
import io.waybill.order.Order;
import java.util.List;

/** In what an order differs from the one that came first under its identity, in words; values stay unsaid. */
record Contradiction(OrderSchema schema) {

    private static final int NAMED = 8;
    private static final int SHORT = 12;

    String of(Order order, Acceptance.Conflict conflict) {
        List<String> fields = fields(order, conflict.stored());
        if (fields.isEmpty()) {
            return "another content than the one that came first under this identity, of which only the fingerprint is known: "
                    + shortened(conflict.stored().fingerprint()) + " then, " + shortened(conflict.fingerprint())
                    + " now";
        }
        String named = String.join(", ", fields.subList(0, Math.min(NAMED, fields.size())));
        String more = fields.size() > NAMED ? " and " + (fields.size() - NAMED) + " more" : "";
        return "another content than the one that came first under this identity: " + named + more
                + (fields.size() == 1 ? " differs" : " differ");
    }

    /** None where the first one was forgotten, or cannot be read any more. */
    private List<String> fields(Order order, Stored first) {
        if (first.forgottenAt() != null) {
            return List.of();
        }
        try {
            Order then = new CanonicalOrders(schema).parse(first.key(), first.payload(), first.source());
            return schema.differing(then.document(), order.document());
        } catch (IllegalStateException unreadable) {
            return List.of();
        }
    }

    private static String shortened(String fingerprint) {
        return fingerprint.substring(0, SHORT);
    }
}
