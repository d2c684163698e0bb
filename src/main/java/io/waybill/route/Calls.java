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
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.hc.core5.http.io.EofSensorInputStream;

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

    /** The largest answer that is read, in bytes. */
    static final int MAX_ANSWER = 8 << 20;

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
        claim.sent(OPERATION, reference, new StepFacts(version, Fingerprint.of(body), null, null, null));
    }

    /** {@code judge-answer}. */
    void judge(Exchange exchange) throws IOException {
        Claim claim = Current.claim(exchange);
        Message message = exchange.getMessage();
        int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        byte[] body = read(message.getBody(), exchange.getVariable("deadline", Instant.class));
        Answer answer = new Answer(status, headers(message), body);
        Outcome outcome = carriers.get(claim.carrier()).outcome(OPERATION, answer);
        tally.called(claim.carrier(), outcome);
        if (!(outcome instanceof Outcome.Confirmed)) {
            throw new CarrierFailed(outcome, status);
        }
        message.removeHeaders("*", "CamelRedeliver*");
        message.setBody(answer);
        exchange.setVariable("response", Fingerprint.of(body));
    }

    /** {@code journal-answer}. */
    void booked(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        ObjectNode result = exchange.getMessage().getBody(ObjectNode.class);
        labels.keep(result);
        String response = exchange.getVariable("response", String.class);
        claim.booked(new StepFacts(null, null, response, result.toString(), null), result);
    }

    private byte[] read(Object body, Instant deadline) throws IOException {
        if (body == null) {
            return new byte[0];
        }
        InputStream in = (InputStream) body;
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream(8192);
        byte[] part = new byte[8192];
        for (int n = in.read(part); n >= 0; n = in.read(part)) {
            bytes.write(part, 0, n);
            if (bytes.size() > MAX_ANSWER || clock.instant().isAfter(deadline)) {
                abort(in);
                throw new IOException("the answer was longer than " + MAX_ANSWER + " bytes or came too slowly");
            }
        }
        return bytes.toByteArray();
    }

    /** Closing would read an endless answer to its end; aborting drops the connection. */
    private static void abort(InputStream in) throws IOException {
        if (in instanceof EofSensorInputStream connection) {
            connection.abort();
        } else {
            in.close();
        }
    }

    private static Map<String, String> headers(Message message) {
        Map<String, String> headers = new HashMap<>();
        message.getHeaders().forEach((name, value) -> {
            if (!name.startsWith("Camel")) {
                headers.put(name, String.valueOf(value));
            }
        });
        return headers;
    }
}
