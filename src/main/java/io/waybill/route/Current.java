package io.waybill.route;

import io.waybill.ledger.Claim;
import org.apache.camel.Exchange;

/** The exchange variables of an order on its way: {@code order}, {@code carrier}, {@code claim}. */
final class Current {

    static final String CLAIM = "claim";

    private Current() {}

    /** Names the order for the routes. */
    static void set(Exchange exchange, Claim claim) {
        exchange.setVariable(CLAIM, claim);
        exchange.setVariable("order", claim.key().text());
        exchange.setVariable("doubt", claim.inDoubt("book"));
        exchange.setVariable("account", claim.key().account());
        exchange.setVariable("fileName", claim.key().fileName());
    }

    /** The claim that this exchange works under. */
    static Claim claim(Exchange exchange) {
        Claim claim = exchange.getVariable(CLAIM, Claim.class);
        if (claim == null) {
            throw new IllegalStateException(
                    "route '" + exchange.getFromRouteId() + "': no order was claimed before this step");
        }
        return claim;
    }
}
