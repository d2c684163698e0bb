package io.waybill.route;

import io.waybill.intake.Document;
import io.waybill.intake.Form;
import io.waybill.intake.InboxSweep;
import io.waybill.intake.OrderReader;
import io.waybill.intake.TakenFiles;
import io.waybill.ledger.Ledger;
import io.waybill.mapping.OrderSchema;
import io.waybill.order.Fault;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * The steps {@code accept-file} and {@code accept-message}: make every order of an input durable before it is let go.
 *
 * <p>The input is cut into orders in flat memory, see {@link OrderBatch}. A step ends when all of it is durable, and fails, so
 * that the input stays, if the ledger is away.
 */
final class Intake {

    private static final long LARGEST_MESSAGE = 64L << 20;

    private final Ledger ledger;
    private final OrderSchema schema;
    private final Path inbox;
    private final TakenFiles files;
    private final Tally tally;
    private final OrderReader reader = new OrderReader();
    private volatile ProducerTemplate out;

    Intake(Ledger ledger, OrderSchema schema, Path inbox, TakenFiles files, Tally tally) {
        this.ledger = ledger;
        this.schema = schema;
        this.inbox = inbox;
        this.files = files;
        this.tally = tally;
    }

    /** {@code accept-file}. */
    void file(Exchange exchange) throws IOException {
        Path file = exchange.getMessage().getBody(File.class).toPath();
        Path origin = files.origin(file);
        String account = InboxSweep.accountOf(inbox, origin);
        OrderBatch batch = batch(exchange, account, inbox.relativize(origin).toString());
        try {
            reader.read(file, batch::document);
            batch.settle(0);
        } finally {
            batch.letGo();
        }
    }

    /** {@code accept-message}: text or bytes, as a file would hold them; any other kind is buried unread. */
    void message(Exchange exchange) throws IOException, JMSException {
        Message message = exchange.getMessage().getBody(Message.class);
        String queue = exchange.getFromEndpoint().getEndpointBaseUri();
        OrderBatch batch = batch(exchange, "default", queue + " " + message.getJMSMessageID());
        byte[] bytes = null;
        String obstacle = "the message is neither text nor bytes, or too long, so it was not opened";
        try {
            bytes = content(message);
        } catch (CharacterCodingException e) {
            obstacle = "the text holds half a character (a lone surrogate)";
        }
        try {
            if (bytes == null) {
                Fault fault = new Fault("", obstacle);
                Document unopened = new Document(1, new byte[0], null, List.of(fault));
                batch.bury(
                        unopened,
                        List.of(fault),
                        "send the order again as a text or bytes message; " + OrderBatch.NOT_SENT);
            } else {
                reader.read(new ByteArrayInputStream(bytes), Form.JSON, batch::document);
            }
            batch.settle(0);
        } finally {
            batch.letGo();
        }
    }

    private static byte[] content(Message message) throws JMSException, CharacterCodingException {
        if (message instanceof TextMessage text) {
            // unlike getBytes, this refuses half a character instead of writing a question mark
            ByteBuffer utf8 =
                    StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(String.valueOf(text.getText())));
            return Arrays.copyOf(utf8.array(), utf8.limit());
        }
        if (message instanceof BytesMessage raw && raw.getBodyLength() <= LARGEST_MESSAGE) {
            byte[] bytes = new byte[(int) raw.getBodyLength()];
            raw.readBytes(bytes);
            return bytes;
        }
        return null;
    }

    private OrderBatch batch(Exchange exchange, String account, String source) {
        if (out == null) {
            out = exchange.getContext().createProducerTemplate();
        }
        return new OrderBatch(new OrderBatch.Parts(ledger, schema, tally, out), account, source);
    }
}
