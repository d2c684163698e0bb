package io.waybill.route;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.mapping.Answer;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Known;
import io.waybill.mapping.Operation;
import io.waybill.mapping.Part;
import io.waybill.mapping.Request;
import io.waybill.order.Tariff;
import io.waybill.settings.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/**
 * The component {@code mapping:<carrier>/<operation>.request} and {@code .response}.
 *
 * <ol>
 *   <li>{@code .request}: the body becomes the bytes for the carrier, the headers become exactly those of the call, and the
 *       variable {@code call} the endpoint of the call; everything else that came in is gone.
 *   <li>{@code .response}: the body, an {@link Answer}, becomes the shipment's fields, or what a later call brought.
 * </ol>
 */
final class MappingComponent extends DefaultComponent {

    private final Carriers carriers;
    private final Settings settings;
    private final Map<String, Endpoint> calls = new ConcurrentHashMap<>();

    MappingComponent(Carriers carriers, Settings settings) {
        this.carriers = carriers;
        this.settings = settings;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        int slash = remaining.indexOf('/');
        int dot = remaining.lastIndexOf('.');
        if (slash < 1 || dot < slash) {
            throw new IllegalArgumentException(
                    "mapping '" + remaining + "': expected <carrier>/<operation>.request or .response");
        }
        String id = remaining.substring(0, slash);
        String operation = remaining.substring(slash + 1, dot);
        // a carrier or an operation that there is not is told at once
        carriers.get(id).operation(operation);
        Processor step =
                switch (remaining.substring(dot + 1)) {
                    case "request" -> exchange -> request(exchange, carrier(exchange, id), operation);
                    case "response" -> exchange -> response(exchange, carrier(exchange, id), operation);
                    default -> throw new IllegalArgumentException(
                            "mapping '" + remaining + "': expected .request or .response at the end");
                };
        return new MappingEndpoint(uri, this, step);
    }

    private Carrier carrier(Exchange exchange, String id) {
        Carrier carrier = Current.carrier(exchange, carriers);
        return carrier.id().equals(id) ? carrier : carriers.get(id);
    }

    private void request(Exchange exchange, Carrier carrier, String name) {
        Operation operation = carrier.operation(name);
        Claim claim = Current.claim(exchange);
        String reference = claim.reference() == null ? carrier.reference(claim.key()) : claim.reference();
        Known known = CallPlan.known(exchange, claim);
        Request request = carrier.request(operation.name(), known, chosen(claim), reference, account(claim, carrier));
        Message message = exchange.getMessage();
        message.removeHeaders("*", "CamelRedeliver*");
        request.headers().forEach(message::setHeader);
        if (request.contentType() != null) {
            message.setHeader(Exchange.CONTENT_TYPE, request.contentType());
        }
        message.setBody(request.contentType() == null ? null : request.body());
        if (request.query() != null) {
            message.setHeader(Exchange.HTTP_QUERY, request.query());
        }
        exchange.setVariable("request", request.json());
        exchange.setVariable("reference", reference);
        exchange.setVariable("call", calls.computeIfAbsent(call(carrier, request, operation), this::endpoint));
        exchange.setVariable("patience", patience(operation));
        Current.begin(exchange);
    }

    private void response(Exchange exchange, Carrier carrier, String operation) {
        Claim claim = Current.claim(exchange);
        Answer answer = exchange.getMessage().getBody(Answer.class);
        ObjectNode order = chosen(claim);
        Part part = Current.part(exchange);
        if (claim.follows()) {
            Known known = CallPlan.known(exchange, claim);
            exchange.getMessage().setBody(carrier.later(known, order, answer, account(claim, carrier)));
            return;
        }
        if (!part.isBooking()) {
            Known known = CallPlan.known(exchange, claim);
            exchange.getMessage().setBody(carrier.answered(known, order, answer, account(claim, carrier)));
            return;
        }
        Known asked = CallPlan.known(exchange, claim);
        ObjectNode result = carrier.result(operation, asked, order, answer, account(claim, carrier));
        Tariff.charge(result, order, claim.service(), account(claim, carrier));
        exchange.getMessage().setBody(result);
    }

    /** The order as it is shipped: with the carrier and the service that were chosen for it. */
    static ObjectNode chosen(Claim claim) {
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        order.setAll(claim.order().document());
        return order.put("carrier", claim.carrier()).put("service", claim.service());
    }

    private Map<String, String> account(Claim claim, Carrier carrier) {
        return settings.account(claim.key().account(), carrier.id());
    }

    /** From the first byte of the request to the last of the answer; a drip of bytes does not prolong it. */
    private static Duration patience(Operation operation) {
        return operation.connectTimeout().plus(operation.responseTimeout());
    }

    private String call(Carrier carrier, Request request, Operation operation) {
        String name = "waybill.carrier." + carrier.id() + "." + operation.url();
        String url = settings.get(name, "");
        if (operation.isOff()) {
            throw new IllegalArgumentException(
                    "operation '" + operation.name() + "' of " + carrier.id() + " is off: no setting says its path");
        }
        if (url.isEmpty()) {
            throw new IllegalArgumentException("setting '" + name + "' is empty, so there is nobody to call");
        }
        return url.replaceAll("/+$", "") + request.path() + "?httpMethod=" + request.method()
                + "&bridgeEndpoint=true&throwExceptionOnFailure=false&disableStreamCache=true&copyHeaders=false"
                // a query travels in a control header of our own; every foreign header is gone by now
                + "&skipControlHeaders=" + (request.query() == null) + "&connectTimeout="
                + operation.connectTimeout().toMillis()
                + "&connectionRequestTimeout=" + operation.connectTimeout().toMillis()
                + "&responseTimeout=" + operation.responseTimeout().toMillis()
                + "&soTimeout=" + operation.responseTimeout().toMillis()
                + "&deadlineMs=" + patience(operation).toMillis();
    }

    private Endpoint endpoint(String uri) {
        return getCamelContext().getEndpoint(uri);
    }

    private static final class MappingEndpoint extends DefaultEndpoint {

        private final Processor step;

        private MappingEndpoint(String uri, MappingComponent component, Processor step) {
            super(uri, component);
            this.step = step;
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) throws Exception {
                    step.process(exchange);
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException("mapping: only maps; it has nothing to receive from");
        }

        @Override
        public boolean isSingleton() {
            return true;
        }
    }
}
