package io.waybill.route;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;

/** A route that somebody stopped by hand, and that a step would have gone on by. */
final class Stopped {

    static final String WHY = "its route is stopped";

    private Stopped() {}

    /** Nobody takes from the queue of a carrier. */
    static final class CarrierStopped extends IllegalStateException {

        private static final long serialVersionUID = 1L;

        CarrierStopped(String carrier) {
            super("the route '" + carrier + "' is stopped");
        }
    }

    /** Its name, if this is what an exchange failed of. */
    static Optional<String> route(Exchange exchange) {
        return exchange.getProperty(Exchange.EXCEPTION_CAUGHT) instanceof DirectConsumerNotAvailableException
                ? Optional.of(String.valueOf(exchange.getProperty(Exchange.FAILURE_ENDPOINT))
                        .replaceFirst("^direct:/*", "")
                        .replaceFirst("[?].*", ""))
                : Optional.empty();
    }
}
