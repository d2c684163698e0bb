package io.waybill.route;

import io.waybill.mapping.Answer;
import java.io.ByteArrayOutputStream;
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

/** Reads what a carrier answered, bounded in size and in time, whatever it sends. */
final class Answers {

    /** The largest answer that is read, in bytes. */
    static final int MAX_BYTES = 8 << 20;

    private Answers() {}

    /**
     * Reads the answer in the exchange.
     *
     * @throws IOException if it breaks off, is too long, or is not complete at the variable {@code deadline}
     */
    static Answer read(Exchange exchange, Clock clock) throws IOException {
        Message message = exchange.getMessage();
        int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        Instant deadline = exchange.getVariable("deadline", Instant.class);
        Instant last =
                deadline != null ? deadline : clock.instant().plus(exchange.getVariable("patience", Duration.class));
        return new Answer(status, headers(message), read(message.getBody(), last, clock));
    }

    private static byte[] read(Object body, Instant deadline, Clock clock) throws IOException {
        if (body == null) {
            return new byte[0];
        }
        InputStream in = (InputStream) body;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
        byte[] part = new byte[8192];
        for (int n = in.read(part); n >= 0; n = in.read(part)) {
            bytes.write(part, 0, n);
            if (bytes.size() > MAX_BYTES || clock.instant().isAfter(deadline)) {
                abort(in);
                throw new IOException("the answer was longer than " + MAX_BYTES + " bytes or came too slowly");
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
