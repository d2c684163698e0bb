package io.waybill.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.ledger.StepFacts;
import io.waybill.mapping.Answer;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Part;
import io.waybill.mapping.Shown;
import io.waybill.order.Fingerprint;
import io.waybill.order.Outcome;
import io.waybill.settings.Settings;
import io.waybill.sink.LabelKeeper;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * The steps around a call to a carrier; which call it is says {@link Current#part}.
 *
 * <ol>
 *   <li>{@link #sent}: journal that the carrier is about to be asked; durable before the first byte leaves.
 *   <li>(the route calls the carrier)
 *   <li>{@link #judge}: read the answer, bounded in size and time, and let the carrier's classifier decide.
 *   <li>{@link #booked}: journal what came back; where calls follow, together with the next one.
 * </ol>
 */
final class Calls {

    /** In a result: it was found at the carrier, so that nobody knows what else was done with the order there. */
    static final String ADOPTED = "adopted";

    /** In a result: the operation that made the create, where it was not {@code book}. */
    private static final String BOOKED_BY = "booked_by";

    private static final String UNKNOWN = "unknown";

    private final Carriers carriers;
    private final Settings settings;
    private final LabelKeeper labels;
    private final Breaker breaker;
    private final Tally tally;
    private final Clock clock;
    private final boolean pushed;

    /** @param pushed whether carriers push to us, so that their own numbers of orders are worth a row */
    Calls(
            Carriers carriers,
            Settings settings,
            LabelKeeper labels,
            Breaker breaker,
            Tally tally,
            Clock clock,
            boolean pushed) {
        this.carriers = carriers;
        this.settings = settings;
        this.labels = labels;
        this.breaker = breaker;
        this.tally = tally;
        this.clock = clock;
        this.pushed = pushed;
    }

    /** {@code journal-request}. */
    void sent(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        Part part = Current.part(exchange);
        byte[] body = exchange.getMessage().getBody(byte[].class);
        String version = Current.carrier(exchange, carriers).version();
        String reference = exchange.getVariable("reference", String.class);
        exchange.setVariable("deadline", clock.instant().plus(exchange.getVariable("patience", Duration.class)));
        String fingerprint = Fingerprint.of(body);
        if (!claim.calls().sameRequest(part.step(), fingerprint)) {
            throw new IllegalStateException(
                    "today's mapping and settings make another request than the one that was sent;"
                            + " a person has to decide");
        }
        String operation = part.isBooking() && !part.equals(Part.BOOK) ? part.operation() : null;
        claim.sent(
                part.step(),
                reference,
                new StepFacts(version, fingerprint, null, null, null, kept(exchange, claim), operation));
        Current.begin(exchange);
    }

    /** What a dry run of a replay compares with. */
    private String kept(Exchange exchange, Claim claim) {
        Carrier carrier = carriers.get(claim.carrier());
        Map<String, String> account = settings.account(claim.key().account(), carrier.id());
        JsonNode request = exchange.getVariable("request", JsonNode.class);
        return new Shown(carrier.secrets(account)).of(request).toString();
    }

    /** {@code judge-answer}. */
    void judge(Exchange exchange) throws IOException {
        Claim claim = Current.claim(exchange);
        Message message = exchange.getMessage();
        Answer answer = Answers.read(exchange, clock);
        Outcome outcome = Current.carrier(exchange, carriers)
                .outcome(Current.part(exchange).operation(), answer);
        tally.called(claim.carrier(), outcome);
        Current.took(exchange).ifPresent(time -> tally.took(claim.carrier(), time));
        breaker.answered(claim, outcome);
        boolean landed = Current.part(exchange).isBooking()
                && claim.calls().doubted()
                && outcome instanceof Outcome.InDoubt doubt
                && doubt.exists();
        exchange.setVariable("landed", landed);
        if (!landed && !(outcome instanceof Outcome.Confirmed)) {
            throw new CarrierFailed(outcome, answer.status());
        }
        message.removeHeaders("*", "CamelRedeliver*");
        message.setBody(answer);
        exchange.setVariable("response", Fingerprint.of(answer.body()));
    }

    /** {@code journal-answer}. */
    void booked(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        Part part = Current.part(exchange);
        ObjectNode brought = exchange.getMessage().getBody(ObjectNode.class);
        boolean last = CallPlan.isLast(exchange);
        if (part.isBooking()) {
            bookedBy(brought, part.operation());
            labels.keep(brought);
        } else if (revise(Current.carrier(exchange, carriers), claim, brought)) {
            labels.keep(claim.result());
            claim.revise();
        }
        if (!last && "same".equals(exchange.getVariable("found"))) {
            brought.put(ADOPTED, true);
        }
        if (pushed && part.isBooking()) {
            PushEntries.remember(carriers, claim, brought);
        }
        countUnknown(claim, part.isBooking() ? brought : claim.result());
        String response = exchange.getVariable("response", String.class);
        claim.brought(
                part.step(), new StepFacts(version(exchange), null, response, brought.toString(), null), brought, last);
    }

    /** Which calls follow a create does not change any more, whatever the settings say later. */
    static void bookedBy(ObjectNode result, String operation) {
        if (!operation.equals(Part.BOOK.operation())) {
            result.put(BOOKED_BY, operation);
        }
    }

    /** The calls of the booking of an order; around a create in doubt those of the operation that was sent. */
    static List<Part> parts(Carrier carrier, Claim claim, Map<String, String> account) {
        ObjectNode order = MappingComponent.chosen(claim);
        return claim.calls().inDoubt(Part.BOOK.step())
                ? carrier.parts(claim.calls().sentBy(Part.BOOK.step()), order, account)
                : parts(carrier, claim.result(), order, account);
    }

    /** The calls of a booking, given what its create brought; null if it is not made yet. */
    static List<Part> parts(Carrier carrier, JsonNode result, ObjectNode order, Map<String, String> account) {
        return result == null
                ? carrier.parts(order, account)
                : carrier.parts(result.path(BOOKED_BY).asText(Part.BOOK.operation()), order, account);
    }

    /** Whether every call of a booking is done; so it is where the carrier's folder is gone and nobody knows of more. */
    static boolean areDone(Carriers carriers, Settings settings, Claim claim) {
        if (!carriers.ids().contains(claim.carrier())) {
            return true;
        }
        Carrier carrier = carriers.get(claim.carrier());
        return parts(carrier, claim, settings.account(claim.key().account(), carrier.id())).stream()
                .allMatch(part -> part.asks() || claim.done(part.step()));
    }

    private void countUnknown(Claim claim, ObjectNode result) {
        if (result == null) {
            return;
        }
        if (result.path("status").asText().equals(UNKNOWN)) {
            tally.unknownCode(claim.carrier());
        }
        result.path("tracking_events").forEach(event -> {
            if (event.path("status").asText().equals(UNKNOWN)) {
                tally.unknownCode(claim.carrier());
            }
        });
    }

    /** What was found later may be read by another mapping than the one that made the request; else there is only one. */
    private String version(Exchange exchange) {
        return exchange.getVariable("found") == null
                ? null
                : Current.carrier(exchange, carriers).version();
    }

    /** Whether any of what was done was found at the carrier; a ledger from a backup does not know what was done after it. */
    static boolean isAdopted(Claim claim) {
        for (JsonNode answer : claim.answers()) {
            if (answer.has(ADOPTED)) {
                return true;
            }
        }
        return false;
    }

    /** Lays what a later call says of the shipment over what the booking brought; whether it says anything. */
    static boolean revise(Carrier carrier, Claim claim, ObjectNode brought) {
        if (!(brought.remove("shipment") instanceof ObjectNode later)) {
            return false;
        }
        ObjectNode laid = carrier.laidOver(claim.result(), later);
        claim.result().removeAll();
        claim.result().setAll(laid);
        return true;
    }
}
