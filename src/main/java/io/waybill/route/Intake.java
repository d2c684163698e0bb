package io.waybill.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.intake.Document;
import io.waybill.intake.Form;
import io.waybill.intake.InboxSweep;
import io.waybill.intake.OrderReader;
import io.waybill.intake.SetAside;
import io.waybill.ledger.Acceptance;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Ledger;
import io.waybill.mapping.OrderSchema;
import io.waybill.order.Fault;
import io.waybill.order.Json;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import io.waybill.sink.DeadLetter;
import io.waybill.sink.DeadLetterStore;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step {@code accept-orders}: makes every order of a file or message durable before the input is let go.
 *
 * <ol>
 *   <li>The input is cut into orders in flat memory; each is checked, all its faults at once.
 *   <li>Up to {@value #WINDOW} acceptances of one input are on their way to the disk together.
 *   <li>Accepted: its key goes to {@code waybill.dispatch}. Seen before: its answer is given again. Conflict or faulty: dead
 *       letter. The step ends when all of that is durable, and fails, so that the input stays, if the ledger is away.
 * </ol>
 */
final class Intake {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final int WINDOW = 256;
    private static final int LONGEST_ID = 64;
    private static final String NOT_SENT = "nothing was sent to a carrier";
    private static final long LARGEST_MESSAGE = 64L << 20;

    private final Ledger ledger;
    private final OrderSchema schema;
    private final CanonicalOrders orders;
    private final InboxSweep sweep;
    private final DeadLetterStore deadLetters;
    private final Path inbox;
    private final Tally tally;
    private final OrderReader reader = new OrderReader();
    private volatile ProducerTemplate out;

    private record Pending(Order order, CompletableFuture<Acceptance> acceptance) {}

    Intake(Ledger ledger, OrderSchema schema, InboxSweep sweep, DeadLetterStore deadLetters, Path inbox, Tally tally) {
        this.ledger = ledger;
        this.schema = schema;
        this.orders = new CanonicalOrders(schema);
        this.sweep = sweep;
        this.deadLetters = deadLetters;
        this.inbox = inbox;
        this.tally = tally;
    }

    /** {@code accept-file}. */
    void file(Exchange exchange) throws IOException {
        Path file = exchange.getMessage().getBody(File.class).toPath();
        String account = InboxSweep.accountOf(inbox, file);
        open(exchange);
        Batch batch = new Batch(account, inbox.relativize(file).toString());
        try {
            reader.read(file, batch::document);
            batch.settle(0);
        } finally {
            batch.letGo();
        }
    }

    /** {@code accept-message}: text or bytes, as a file would hold them; any other kind is buried unread. */
    void message(Exchange exchange) throws IOException, JMSException {
        open(exchange);
        Message message = exchange.getMessage().getBody(Message.class);
        String queue = exchange.getFromEndpoint().getEndpointBaseUri();
        Batch batch = new Batch("default", queue + " " + message.getJMSMessageID());
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
                batch.bury(unopened, List.of(fault), "send the order again as a text or bytes message; " + NOT_SENT);
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

    private void open(Exchange exchange) {
        if (out == null) {
            out = exchange.getContext().createProducerTemplate();
        }
    }

    /** {@code sweep-inbox}: takes away what is no order file and would lie there for ever. */
    void sweep(Exchange exchange) throws IOException {
        for (SetAside aside : sweep.sweep()) {
            String name = Logged.text(inbox.relativize(aside.from()).toString());
            LOG.warn("inbox entry {} set aside, because {}", name, aside.reason());
            if (!aside.to().equals(aside.from())) {
                ledger.append(deadLetters.explain(letter(aside, name), aside.to()));
            }
        }
    }

    private static DeadLetter letter(SetAside aside, String name) {
        return new DeadLetter(
                aside.account(),
                "",
                0,
                new byte[0],
                "intake",
                "set-aside",
                "inbox entry '" + name + "' was not opened: " + aside.reason(),
                List.of(),
                null,
                "if it holds orders, drop them into the inbox as regular files named .json or .ndjson; " + NOT_SENT,
                name);
    }

    /** The orders of one file or message. */
    private final class Batch {

        private final String account;
        private final String source;
        private final Deque<Pending> pending = new ArrayDeque<>();

        private Batch(String account, String source) {
            this.account = account;
            this.source = Logged.text(source);
        }

        private void document(Document document) {
            List<Fault> faults = new ArrayList<>(document.faults());
            if (faults.isEmpty()) {
                faults.addAll(schema.faults(document.order()));
                faults.addAll(strangeAccount(document.order()));
            }
            if (faults.isEmpty()) {
                accept(document);
            } else if (!document.faults().isEmpty() || !ownReason(document.order())) {
                bury(document, faults, "correct the faults, then move this file back to the inbox; " + NOT_SENT);
            }
        }

        private void accept(Document document) {
            String raw = new String(document.raw(), StandardCharsets.UTF_8);
            Order order = orders.of(document.order(), raw, account, source);
            pending.add(new Pending(order, ledger.accept(order)));
            settle(WINDOW);
        }

        private void settle(int most) {
            while (pending.size() > most
                    || most > 0
                            && !pending.isEmpty()
                            && pending.peek().acceptance.isDone()) {
                Pending first = pending.remove();
                settle(first.order, join(first.acceptance));
            }
        }

        private void settle(Order order, Acceptance acceptance) {
            if (acceptance instanceof Acceptance.Accepted accepted) {
                dispatch(order, accepted.claim());
            } else if (acceptance instanceof Acceptance.Duplicate duplicate) {
                LOG.info(
                        "order={} seen before, state={}",
                        Logged.text(order.key().text()),
                        duplicate.stored().state());
                tally.duplicate();
                answerAgain(order.key(), duplicate.stored().shipment());
            } else if (acceptance instanceof Acceptance.Conflict conflict) {
                String message = "order " + order.key() + ": expected the content "
                        + conflict.stored().fingerprint() + ", which came first under this identity, was "
                        + conflict.fingerprint();
                send(letter(
                        order.key(),
                        order.raw().getBytes(StandardCharsets.UTF_8),
                        "conflict",
                        message,
                        List.of(),
                        "the first order stands; send a changed one under a new order_id or the next reissue"));
            }
        }

        private void dispatch(Order order, Claim claim) {
            if (claim != null) {
                try {
                    out.sendBody("{{waybill.dispatch}}", order.key().text());
                } catch (RuntimeException e) {
                    claim.release();
                    throw e;
                }
            }
        }

        /** What was accepted, but not dispatched since the input broke off, is left to the ledger's recovery. */
        private void letGo() {
            pending.forEach(left -> left.acceptance.thenAccept(acceptance -> {
                if (acceptance instanceof Acceptance.Accepted accepted && accepted.claim() != null) {
                    accepted.claim().release();
                }
            }));
        }

        private void answerAgain(OrderKey key, String shipment) {
            if (shipment != null) {
                Exchange given = out.send("direct:deliver", again -> {
                    again.setVariable("account", key.account());
                    again.setVariable("fileName", key.fileName());
                    again.getMessage().setBody(Json.orders().readTree(shipment));
                });
                if (given.getException() != null) {
                    throw new IllegalStateException(
                            "order " + key + ": the answer could not be given again; the input stays",
                            given.getException());
                }
            }
        }

        private void bury(Document document, List<Fault> faults, String next) {
            OrderKey key = document.faults().isEmpty() ? claimed(document.order()) : new OrderKey(account, "", 0);
            boolean unreadable = !document.faults().isEmpty();
            String message = (unreadable ? "document " : "order in document ") + document.number() + " of " + source
                    + (unreadable ? " cannot be read" : " is not a legal order") + ": " + faults.size()
                    + (faults.size() == 1 ? " fault" : " faults");
            send(letter(key, document.raw(), unreadable ? "unreadable" : "invalid", message, faults, next));
        }

        /** The identity that a faulty order claims, as far as it is a legal one. */
        private OrderKey claimed(ObjectNode order) {
            String id = order.path("order_id").asText();
            JsonNode reissue = order.path("reissue");
            return new OrderKey(
                    account, legal(id) ? id : "", reissue.isInt() && reissue.intValue() > 0 ? reissue.intValue() : 0);
        }

        private DeadLetter letter(
                OrderKey key, byte[] raw, String cause, String message, List<Fault> faults, String next) {
            return new DeadLetter(
                    key.account(),
                    key.orderId(),
                    key.reissue(),
                    raw,
                    "accept",
                    cause,
                    message,
                    faults,
                    null,
                    next,
                    source);
        }

        private void send(DeadLetter letter) {
            Exchange buried =
                    out.send("direct:dead-letter", sent -> sent.getMessage().setBody(letter));
            if (buried.getException() != null) {
                throw new IllegalStateException(
                        "dead letter of " + source + " could not be written; the input stays", buried.getException());
            }
        }

        private List<Fault> strangeAccount(ObjectNode order) {
            String named = order.path("account").asText(account);
            boolean inFolder = !account.equals("default");
            return inFolder && !named.equals(account)
                    ? List.of(new Fault(
                            "/account",
                            "account is '" + Logged.text(named) + "', but the file lies in the folder of '" + account
                                    + "'; one of them must change"))
                    : List.of();
        }
    }

    /** Whether somebody moved the reason of a dead letter back together with its order: it says nothing that we do not know. */
    private static boolean ownReason(ObjectNode document) {
        return document.has("stage")
                && document.has("cause")
                && document.has("next")
                && document.has("faults")
                && !document.has("order_id");
    }

    private static boolean legal(String id) {
        return !id.isEmpty()
                && id.codePointCount(0, id.length()) <= LONGEST_ID
                && id.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    private static Acceptance join(CompletableFuture<Acceptance> acceptance) {
        try {
            return acceptance.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }
}
