package io.waybill.route;

import io.waybill.ledger.Claim;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Part;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * The exchange variables of an order on its way: {@code order}, {@code carrier}, {@code claim}, and the call of its booking
 * that is being made: {@code step}, {@code operation}.
 */
final class Current {

    static final String CLAIM = "claim";

    /** Set where the order is let go at the end of the exchange, whatever happens. */
    static final String LET_GO = "letGo";

    private static final String BEGAN = "began";

    private static final String CARRIER = "folder";

    private Current() {}

    /** Names the order for the routes. */
    static void set(Exchange exchange, Claim claim) {
        exchange.setVariable(CLAIM, claim);
        exchange.setVariable("order", claim.key().text());
        exchange.setVariable("doubt", claim.calls().inDoubt());
        exchange.setVariable("account", claim.key().account());
        exchange.setVariable("fileName", claim.key().fileName());
        exchange.setVariable("step", Part.BOOK.step());
        exchange.setVariable("operation", Part.BOOK.operation());
    }

    /** Names the call that is to be made. */
    static void at(Exchange exchange, Part part) {
        exchange.setVariable("part", part);
        exchange.setVariable("step", part.step());
        exchange.setVariable("operation", part.operation());
    }

    /** The call that is being made. */
    static Part part(Exchange exchange) {
        Part part = exchange.getVariable("part", Part.class);
        return part == null ? Part.BOOK : part;
    }

    /** The carrier of the claim as it was when this exchange first asked: request and answer are mapped by one version. */
    static Carrier carrier(Exchange exchange, Carriers carriers) {
        String id = claim(exchange).carrier();
        Carrier carrier = exchange.getVariable(CARRIER, Carrier.class);
        if (carrier == null || !carrier.id().equals(id)) {
            carrier = carriers.get(id);
            exchange.setVariable(CARRIER, carrier);
        }
        return carrier;
    }

    /** Marks the moment from which a call to the carrier is timed. */
    static void begin(Exchange exchange) {
        exchange.setVariable(BEGAN, System.nanoTime());
    }

    /** How long the call took until now, empty if none was begun; a call is timed once. */
    static Optional<Duration> took(Exchange exchange) {
        Long began = exchange.getVariable(BEGAN, Long.class);
        exchange.removeVariable(BEGAN);
        return Optional.ofNullable(began).map(start -> Duration.ofNanos(System.nanoTime() - start));
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
