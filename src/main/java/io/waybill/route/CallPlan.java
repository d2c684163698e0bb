package io.waybill.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Known;
import io.waybill.mapping.Part;
import io.waybill.settings.Settings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * The steps of the route {@code calls}: one call of a booking after the other.
 *
 * <ol>
 *   <li>{@link #plan}: what the carrier's folder declares for this order, without what is done already; what is only asked is
 *       asked again where a call that is still to come is about the same entry. What is kept for many orders is about the
 *       create only: once that was sent it was checked against it.
 *   <li>Every question ({@link Questions}) is asked before the first call is made, so that an order that cannot be carried
 *       creates nothing.
 *   <li>{@link #next}: the next one, in the variables {@code part, step, operation}; {@code doubt} if it has to be looked up
 *       first, since nobody knows what became of it, or since something of the order was found at the carrier and adopted.
 * </ol>
 */
final class CallPlan {

    private static final String LEFT = "parts";

    private final Carriers carriers;
    private final Settings settings;
    private final Questions questions;

    CallPlan(Carriers carriers, Settings settings, Questions questions) {
        this.carriers = carriers;
        this.settings = settings;
        this.questions = questions;
    }

    /** {@code plan-calls}. */
    void plan(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        Carrier carrier = Current.carrier(exchange, carriers);
        List<Part> parts =
                Calls.parts(carrier, claim, settings.account(claim.key().account(), carrier.id()));
        exchange.setVariable(LEFT, new ArrayDeque<>(open(parts, claim, carrier)));
        Questions.begin(exchange);
        next(exchange);
    }

    private static List<Part> open(List<Part> parts, Claim claim, Carrier carrier) {
        List<Part> calls = parts.stream()
                .filter(part -> !part.asks() && !claim.done(part.step()))
                .toList();
        boolean whole = calls.stream().anyMatch(Part::isBooking);
        boolean fresh = whole && !claim.calls().inDoubt(Part.BOOK.step());
        List<Part> open = new ArrayList<>(parts.stream()
                .filter(part -> part.asks() && !calls.isEmpty())
                .filter(part -> fresh || carrier.operation(part.operation()).keep() == null)
                .filter(part -> whole
                        || part.at().isEmpty()
                        || calls.stream().anyMatch(call -> call.at().equals(part.at())))
                .toList());
        open.addAll(calls);
        return open;
    }

    /** {@code next-call}: sets {@code step}, or takes it away where nothing is left to do. */
    void next(Exchange exchange) {
        exchange.removeVariable("deadline");
        Part part = left(exchange).poll();
        while (part != null && part.asks() && questions.isAnswered(exchange, part)) {
            part = left(exchange).poll();
        }
        if (part == null) {
            exchange.removeVariable("step");
            return;
        }
        if (!part.asks()) {
            Questions.refuse(exchange);
        }
        Current.at(exchange, part);
        exchange.setVariable("asks", part.asks());
        exchange.setVariable("doubt", !part.asks() && isOpen(exchange, part));
    }

    /** Whether it has to be found out first whether the carrier has done it already. */
    private boolean isOpen(Exchange exchange, Part part) {
        Claim claim = Current.claim(exchange);
        return claim.calls().inDoubt(part.step())
                || Calls.isAdopted(claim)
                        && Doubts.way(Current.carrier(exchange, carriers), settings, part.operation())
                                .equals("lookup");
    }

    /** What the mappings of the present call may know: what was asked, and what the calls before it brought. */
    static Known known(Exchange exchange, Claim claim) {
        if (exchange.getVariable(LEFT) == null) {
            Part part = Current.part(exchange);
            return part.equals(Part.BOOK) ? Known.NOTHING : new Known(part, claim.answers());
        }
        ObjectNode done = claim.answers();
        done.setAll(Questions.asked(exchange));
        return new Known(Current.part(exchange), done);
    }

    /** Whether no call of the booking follows the present one. */
    static boolean isLast(Exchange exchange) {
        return exchange.getVariable(LEFT) == null || left(exchange).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static Deque<Part> left(Exchange exchange) {
        return exchange.getVariable(LEFT, Deque.class);
    }
}
