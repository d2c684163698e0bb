package io.waybill.route;

import io.waybill.ledger.Ledger;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.order.OrderKey;
import io.waybill.sink.DeadLetter;
import io.waybill.sink.DeadLetterStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps with what comes by {@code waybill.dispatch}, which others may write to.
 *
 * <ol>
 *   <li>The key of an order that this node has, or gets: the order goes on.
 *   <li>The key of one that somebody else has, or has done with: it ends here.
 *   <li>No key, or that of an order which the ledger does not know: dead letter.
 * </ol>
 */
final class Dispatched {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatched.class);
    private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9-]{1,40}");

    private final Ledger ledger;
    private final DeadLetterStore deadLetters;
    private final Tally tally;
    private final int mostKept;

    /**
     * @param mostKept the most bytes that are kept of what is no key
     */
    Dispatched(Ledger ledger, DeadLetterStore deadLetters, Tally tally, int mostKept) {
        this.ledger = ledger;
        this.deadLetters = deadLetters;
        this.tally = tally;
        this.mostKept = mostKept;
    }

    /** {@code take}: from the key in the body; sets the variable {@code stray}, and the body to the dead letter. */
    void take(Exchange exchange) {
        Object body = body(exchange);
        Optional<OrderKey> key = key(exchange, body);
        if (key.isEmpty()) {
            stray(exchange, noKey(exchange, body));
        } else {
            take(exchange, key.get());
        }
    }

    private void take(Exchange exchange, OrderKey key) {
        try {
            if (isOurs(key)) {
                return;
            }
            if (ledger.queries().find(key).isEmpty()) {
                stray(exchange, unknown(exchange, key));
                return;
            }
        } catch (LedgerUnavailable e) {
            LOG.debug("order={} is found again when it is due", Logged.text(key.text()), e);
        }
        exchange.setRouteStop(true);
    }

    /** {@code bury-stray}. */
    void bury(Exchange exchange) {
        DeadLetter letter = exchange.getMessage().getBody(DeadLetter.class);
        try {
            ledger.append(deadLetters.write(letter));
        } catch (IOException e) {
            throw new InputStays("dead letter of " + letter.source() + " could not be written; it is tried again", e);
        }
        String order = letter.account() + ":" + letter.orderId();
        Logged.dead(LOG.atWarn(), letter);
        tally.settled(new Tally.Settled(order, "dead-letter", null, null, letter.message()));
    }

    private boolean isOurs(OrderKey key) {
        return (ledger.leavesAccepted() ? ledger.takeAccepted(key) : ledger.claim(key)).isPresent();
    }

    private static void stray(Exchange exchange, DeadLetter letter) {
        exchange.setVariable("stray", true);
        exchange.getMessage().setBody(letter);
    }

    /** Null where it cannot be opened. */
    private static Object body(Exchange exchange) {
        try {
            return exchange.getMessage().getBody();
        } catch (RuntimeException e) {
            LOG.debug("a message of {} cannot be opened: {}", source(exchange), kind(e));
            return null;
        }
    }

    private static Optional<OrderKey> key(Exchange exchange, Object body) {
        try {
            String text = body == null ? "" : exchange.getMessage().getBody(String.class);
            return Optional.of(OrderKey.parse(text))
                    .filter(key -> key.text().equals(text) && key.reissue() >= 0)
                    .filter(key -> ACCOUNT.matcher(key.account()).matches() && OrderBatch.legal(key.orderId()));
        } catch (RuntimeException e) {
            LOG.debug("a message of {} is no key: {}", source(exchange), kind(e));
            return Optional.empty();
        }
    }

    /** What it says may hold the message, which may hold an order. */
    private static String kind(RuntimeException failure) {
        return failure.getClass().getSimpleName();
    }

    private DeadLetter noKey(Exchange exchange, Object body) {
        byte[] all = bytes(body);
        byte[] kept = all == null ? new byte[0] : Arrays.copyOf(all, Math.min(all.length, mostKept));
        String rest = all == null ? "; it is neither text nor bytes, and is not kept" : "";
        String cut =
                kept.length > 0 && kept.length < all.length ? "; only its first " + mostKept + " bytes are kept" : "";
        return letter(
                new OrderKey("default", "", 0),
                kept,
                "unreadable",
                "a message of " + source(exchange) + " is no key of an order; expected '<account>:<order>'" + rest
                        + cut,
                "if it is an order, move this file to the inbox; find out who writes to waybill.dispatch, which only holds keys"
                        + " of orders that are accepted",
                source(exchange));
    }

    private static DeadLetter unknown(Exchange exchange, OrderKey key) {
        return letter(
                key,
                key.text().getBytes(StandardCharsets.UTF_8),
                "unknown-order",
                "a message of " + source(exchange) + " names order " + key + ", which the ledger does not know",
                "find out who writes to waybill.dispatch; nodes that share it must share the database too",
                source(exchange));
    }

    private static byte[] bytes(Object body) {
        if (body instanceof byte[] bytes) {
            return bytes;
        }
        return body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : null;
    }

    private static DeadLetter letter(
            OrderKey key, byte[] raw, String cause, String message, String next, String source) {
        return new DeadLetter(
                key.account(),
                key.orderId(),
                key.reissue(),
                raw,
                "dispatch",
                cause,
                message,
                List.of(),
                null,
                next + "; " + OrderBatch.NOT_SENT,
                source);
    }

    private static String source(Exchange exchange) {
        return Logged.text(exchange.getFromEndpoint().getEndpointBaseUri());
    }
}
