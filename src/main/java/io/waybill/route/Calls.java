package io.waybill.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.ledger.StepFacts;
import io.waybill.mapping.Answer;
import io.waybill.mapping.Carriers;
import io.waybill.order.Fingerprint;
import io.waybill.order.Outcome;
import io.waybill.sink.LabelKeeper;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * The steps around a call to a carrier.
 *
 * <ol>
 *   <li>{@link #sent}: journal that the carrier is about to be asked; durable before the first byte leaves.
 *   <li>(the route calls the carrier)
 *   <li>{@link #judge}: read the answer, bounded in size and time, and let the carrier's classifier decide.
 *   <li>{@link #booked}: journal what came back.
 * </ol>
 */
final class Calls {

    private static final String OPERATION = "book";

    private final Carriers carriers;
    private final LabelKeeper labels;
    private final Tally tally;
    private final Clock clock;

    Calls(Carriers carriers, LabelKeeper labels, Tally tally, Clock clock) {
        this.carriers = carriers;
        this.labels = labels;
        this.tally = tally;
        this.clock = clock;
    }

    /** {@code journal-request}. */
    void sent(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        byte[] body = exchange.getMessage().getBody(byte[].class);
        String version = carriers.get(claim.carrier()).version(OPERATION);
        String reference = exchange.getVariable("reference", String.class);
        exchange.setVariable("deadline", clock.instant().plus(exchange.getVariable("patience", Duration.class)));
        if (!claim.sameRequest(OPERATION, Fingerprint.of(body))) {
            throw new IllegalStateException(
                    "today's mapping and settings make another request than the one that was sent;"
                            + " a person has to decide");
        }
        claim.sent(OPERATION, reference, new StepFacts(version, Fingerprint.of(body), null, null, null));
    }

    /** {@code judge-answer}. */
    void judge(Exchange exchange) throws IOException {
        Claim claim = Current.claim(exchange);
        Message message = exchange.getMessage();
        Answer answer = Answers.read(exchange, clock);
        Outcome outcome = carriers.get(claim.carrier()).outcome(OPERATION, answer);
        tally.called(claim.carrier(), outcome);
        boolean landed = claim.doubted() && outcome instanceof Outcome.InDoubt doubt && doubt.exists();
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
        ObjectNode result = exchange.getMessage().getBody(ObjectNode.class);
        labels.keep(result);
        String response = exchange.getVariable("response", String.class);
        claim.booked(new StepFacts(null, null, response, result.toString(), null), result);
    }
}
