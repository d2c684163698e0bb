package io.waybill.route;

import io.waybill.intake.Document;
import io.waybill.intake.InboxSweep;
import io.waybill.intake.OrderReader;
import io.waybill.intake.Suspects;
import io.waybill.intake.TakenFiles;
import io.waybill.ledger.Ledger;
import io.waybill.mapping.OrderSchema;
import io.waybill.order.Fault;
import io.waybill.order.Room;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
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

    private static final int HEAP_PART = 128;

    private final Ledger ledger;
    private final OrderSchema schema;
    private final Path inbox;
    private final TakenFiles files;
    private final Tally tally;
    private final Turns turns;
    private final int largestMessage;
    private final Room room = Room.ofHeap(HEAP_PART);
    private final OrderReader reader = new OrderReader();
    private volatile ProducerTemplate out;

    /**
     * @param largestMessage the most bytes of a message that is opened, or kept if it is larger
     */
    Intake(
            Ledger ledger,
            OrderSchema schema,
            Path inbox,
            TakenFiles files,
            Tally tally,
            Turns turns,
            int largestMessage) {
        this.ledger = ledger;
        this.schema = schema;
        this.inbox = inbox;
        this.files = files;
        this.tally = tally;
        this.turns = turns;
        this.largestMessage = largestMessage;
    }

    /** {@code accept-file}. */
    void file(Exchange exchange) throws IOException {
        Path file = exchange.getMessage().getBody(File.class).toPath();
        Path origin = files.origin(file);
        String account = InboxSweep.accountOf(inbox, origin);
        OrderBatch batch = batch(exchange, account, inbox.relativize(origin).toString(), new TakenIn());
        try (Suspects.Turn turn = files.suspects().turn(file)) {
            batch.tellAccepted(turn::progress);
            reader.read(file, batch::document);
            batch.settle(0);
        } finally {
            batch.letGo();
        }
    }

    /**
     * {@code accept-message}: text or bytes, as a file would hold them; any other kind is buried unread. Tried again, it goes on
     * with what was not taken in before.
     */
    void message(Exchange exchange) throws IOException, JMSException {
        Message message = exchange.getMessage().getBody(Message.class);
        String queue = exchange.getFromEndpoint().getEndpointBaseUri();
        OrderBatch batch = batch(exchange, "default", queue + " " + message.getJMSMessageID(), TakenIn.of(exchange));
        MessageContent content = MessageContent.of(message, largestMessage);
        try {
            if (content.obstacle() == null) {
                reader.read(content.bytes(), batch::document);
            } else {
                Fault fault = new Fault("", content.obstacle());
                batch.bury(
                        new Document(1, content.bytes(), null, List.of(fault), content.cut()),
                        List.of(fault),
                        "send the order again as a text or bytes message; " + OrderBatch.NOT_SENT);
            }
            batch.settle(0);
        } finally {
            batch.letGo();
        }
    }

    private OrderBatch batch(Exchange exchange, String account, String source, TakenIn takenIn) {
        if (out == null) {
            ProducerTemplate template = exchange.getContext().createProducerTemplate();
            template.setDefaultEndpointUri("{{waybill.dispatch}}");
            out = template;
        }
        return new OrderBatch(new OrderBatch.Parts(ledger, schema, room, tally, turns, out), account, source, takenIn);
    }
}
