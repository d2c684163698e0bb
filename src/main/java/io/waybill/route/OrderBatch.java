package io.waybill.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.intake.Document;
import io.waybill.ledger.Acceptance;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.Stored;
import io.waybill.mapping.OrderSchema;
import io.waybill.order.Fault;
import io.waybill.order.Json;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import io.waybill.order.Room;
import io.waybill.sink.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Lock;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orders of one file or message on their way into the ledger.
 *
 * <ol>
 *   <li>Each order is checked, all its faults at once; up to {@value #WINDOW} acceptances are on their way to the disk
 *       together, and no more than there is room for beside those of the other inputs.
 *   <li>Accepted: its key goes to {@code waybill.dispatch}. Seen before: its newest answer is given again. Conflict or faulty: dead
 *       letter.
 *   <li>What came to its end in this way is passed over when the rest of the input is tried again; what was seen before and not
 *       answered yet is answered then, and not counted again.
 * </ol>
 */
final class OrderBatch {

    static final String NOT_SENT = "nothing was sent to a carrier";

    private static final String BACK = "correct the faults, then move this file back to ";
    private static final String WHOLE =
            "this is only the beginning of the order; the file that it came in lies in the archive as a whole: correct the"
                    + " faults there, then move it back to ";

    private static final Logger LOG = LoggerFactory.getLogger(OrderBatch.class);
    private static final int WINDOW = 256;
    private static final int LONGEST_ID = 64;

    private final Parts parts;
    private final String account;
    private final String source;
    private final TakenIn takenIn;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private Runnable accepted = () -> {};

    /**
     * What every batch works with.
     *
     * @param room for the acceptances that are on their way to the disk, of all batches
     * @param out sends to {@code waybill.dispatch} what it is told no other address for
     */
    record Parts(Ledger ledger, OrderSchema schema, Room room, Tally tally, Turns turns, ProducerTemplate out) {}

    /**
     * An acceptance on its way.
     *
     * @param number of its document
     * @param room what was taken for it
     */
    private record Pending(int number, Order order, int room, CompletableFuture<Acceptance> acceptance) {}

    /**
     * Begins a batch.
     *
     * @param account of the orders that name none
     * @param source where they come from, for people
     * @param takenIn what of the input needs no more
     */
    OrderBatch(Parts parts, String account, String source, TakenIn takenIn) {
        this.parts = parts;
        this.account = account;
        this.source = Logged.text(source);
        this.takenIn = takenIn;
    }

    /** From now on somebody is told of each order that is newly accepted, before anything is done with it. */
    void tellAccepted(Runnable told) {
        accepted = told;
    }

    /** Takes one order of the input. */
    void document(Document document) {
        if (!takenIn.has(document.number())) {
            take(document);
        }
    }

    private void take(Document document) {
        List<Fault> faults = new ArrayList<>(document.faults());
        if (faults.isEmpty()) {
            faults.addAll(parts.schema.faults(document.order()));
            faults.addAll(strangeAccount(document.order()));
        }
        if (faults.isEmpty()) {
            accept(document);
        } else if (!document.faults().isEmpty() || !ownReason(document.order())) {
            bury(document, faults, (document.cut() ? WHOLE : BACK) + DeadLetter.inbox(account) + "; " + NOT_SENT);
        }
    }

    private void accept(Document document) {
        String raw = new String(document.raw(), StandardCharsets.UTF_8);
        Order order = new CanonicalOrders(parts.schema).of(document.order(), raw, account, source);
        if (takenIn.isKnown(document.number())) {
            answerAgain(order.key());
            takenIn.add(document.number());
            return;
        }
        int room = room(raw.length());
        pending.add(new Pending(document.number(), order, room, parts.ledger.accept(order)));
        settle(WINDOW);
    }

    /** Takes room for an order; others of its input make some, and what goes alone never waits for other inputs. */
    private int room(int characters) {
        while (!parts.room.take(characters)) {
            if (pending.isEmpty()) {
                return 0;
            }
            settle(pending.size() - 1);
        }
        return characters;
    }

    /** Waits until at most so many acceptances are on their way. */
    void settle(int most) {
        while (pending.size() > most
                || most > 0 && !pending.isEmpty() && pending.peek().acceptance.isDone()) {
            Pending first = pending.remove();
            try {
                settle(first.number, first.order, join(first.acceptance));
                takenIn.add(first.number);
            } finally {
                parts.room.give(first.room);
            }
        }
    }

    private void settle(int number, Order order, Acceptance acceptance) {
        if (acceptance instanceof Acceptance.Accepted isNew) {
            accepted.run();
            dispatch(order, isNew.claim());
        } else if (acceptance instanceof Acceptance.Duplicate duplicate) {
            LOG.info(
                    "order={} seen before, state={}",
                    Logged.text(order.key().text()),
                    duplicate.stored().state());
            known(number);
            answerAgain(order.key());
        } else if (acceptance instanceof Acceptance.Conflict conflict) {
            send(letter(
                    order.key(),
                    order.raw().getBytes(StandardCharsets.UTF_8),
                    "conflict",
                    "order " + order.key() + ": " + new Contradiction(parts.schema).of(order, conflict),
                    List.of(),
                    "the first order stands; send a changed one under a new order_id or the next reissue, then say so"
                            + " with 'waybill dead --dismiss ORDER --reason ...'"));
        }
    }

    private void known(int number) {
        parts.tally.duplicate();
        takenIn.know(number);
    }

    private void dispatch(Order order, Claim claim) {
        if (claim == null && !parts.ledger.leavesAccepted()) {
            return;
        }
        try {
            parts.out.sendBody(order.key().text());
        } catch (RuntimeException e) {
            if (claim != null) {
                claim.release();
                throw e;
            }
            LOG.debug(
                    "order={} is not dispatched; it is found again when it is due",
                    Logged.text(order.key().text()),
                    e);
        }
    }

    /** What was accepted, but not dispatched since the input broke off, is left to the ledger's recovery. */
    void letGo() {
        pending.forEach(left -> left.acceptance.whenComplete((acceptance, failure) -> {
            parts.room.give(left.room);
            if (acceptance instanceof Acceptance.Accepted isNew) {
                takenIn.add(left.number);
                release(isNew.claim());
            } else if (acceptance instanceof Acceptance.Duplicate) {
                known(left.number);
            }
        }));
    }

    private static void release(Claim claim) {
        if (claim != null) {
            claim.release();
        }
    }

    /** Gives the newest answer: read when nobody on this node gives another one, and read again since another node may have. */
    private void answerAgain(OrderKey key) {
        Lock turn = parts.turns.of(key);
        turn.lock();
        try {
            String given = null;
            for (String next = answer(key); next != null && !next.equals(given); next = answer(key)) {
                deliver(key, next);
                given = next;
            }
        } finally {
            turn.unlock();
        }
    }

    private String answer(OrderKey key) {
        return parts.ledger.queries().find(key).map(Stored::shipment).orElse(null);
    }

    private void deliver(OrderKey key, String shipment) {
        Exchange given = parts.out.send("direct:deliver", again -> {
            again.setVariable("account", key.account());
            again.setVariable("fileName", key.fileName());
            again.getMessage().setBody(Json.orders().readTree(shipment));
        });
        if (given.getException() != null) {
            throw new InputStays(
                    "order " + key + ": the answer could not be given again; the input stays", given.getException());
        }
    }

    /** Buries what is no order, or no legal one. */
    void bury(Document document, List<Fault> faults, String next) {
        OrderKey key = document.faults().isEmpty() ? claimed(document.order()) : new OrderKey(account, "", 0);
        boolean unreadable = !document.faults().isEmpty();
        String message = (unreadable ? "document " : "order in document ") + document.number() + " of " + source
                + (unreadable ? " cannot be read" : " is not a legal order") + ": " + faults.size()
                + (faults.size() == 1 ? " fault" : " faults");
        send(letter(key, document.raw(), unreadable ? "unreadable" : "invalid", message, faults, next));
        takenIn.add(document.number());
    }

    /** The identity that a faulty order claims, as far as it is a legal one. */
    private OrderKey claimed(ObjectNode order) {
        String id = order.path("order_id").asText();
        JsonNode reissue = order.path("reissue");
        return new OrderKey(
                account, legal(id) ? id : "", reissue.isInt() && reissue.intValue() > 0 ? reissue.intValue() : 0);
    }

    private DeadLetter letter(OrderKey key, byte[] raw, String cause, String message, List<Fault> faults, String next) {
        return new DeadLetter(
                key.account(), key.orderId(), key.reissue(), raw, "accept", cause, message, faults, null, next, source);
    }

    private void send(DeadLetter letter) {
        Exchange buried =
                parts.out.send("direct:dead-letter", sent -> sent.getMessage().setBody(letter));
        if (buried.getException() != null) {
            throw new InputStays(
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

    /** Whether somebody moved the reason of a dead letter back together with its order: it says nothing that we do not know. */
    private static boolean ownReason(ObjectNode document) {
        return document.has("stage")
                && document.has("cause")
                && document.has("next")
                && document.has("faults")
                && !document.has("order_id");
    }

    /** Whether an order may have this id. */
    static boolean legal(String id) {
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
