package io.waybill.route;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.mapping.Answer;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Known;
import io.waybill.mapping.MappingRefused;
import io.waybill.mapping.Part;
import io.waybill.order.Fault;
import io.waybill.order.Outcome;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.time.Clock;
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
 *       asked again where a call that is still to come is about the same entry.
 *   <li>{@link #keep}: what was asked is remembered until the booking is complete or breaks off. Every question is asked
 *       before the first call is made, so that an order that cannot be carried creates nothing.
 *   <li>{@link #next}: the next one, in the variables {@code part, step, operation}; {@code doubt} if it has to be looked up
 *       first, since nobody knows what became of it, or since the order at the carrier was adopted.
 * </ol>
 */
final class CallPlan {

    private static final String LEFT = "parts";
    private static final String ASKED = "asked";
    private static final String FAULTS = "faults";

    private final Carriers carriers;
    private final Settings settings;
    private final Breaker breaker;
    private final Tally tally;
    private final Clock clock;

    CallPlan(Carriers carriers, Settings settings, Breaker breaker, Tally tally, Clock clock) {
        this.carriers = carriers;
        this.settings = settings;
        this.breaker = breaker;
        this.tally = tally;
        this.clock = clock;
    }

    /** {@code plan-calls}. */
    void plan(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        List<Part> parts = Current.carrier(exchange, carriers).parts(MappingComponent.chosen(claim));
        exchange.setVariable(LEFT, new ArrayDeque<>(open(parts, claim)));
        exchange.setVariable(ASKED, JsonNodeFactory.instance.objectNode());
        exchange.setVariable(FAULTS, new ArrayList<Fault>());
        next(exchange);
    }

    private static List<Part> open(List<Part> parts, Claim claim) {
        List<Part> calls = parts.stream()
                .filter(part -> !part.asks() && !claim.done(part.step()))
                .toList();
        boolean whole = calls.contains(Part.BOOK);
        List<Part> open = new ArrayList<>(parts.stream()
                .filter(part -> part.asks() && !calls.isEmpty())
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
        if (part == null) {
            exchange.removeVariable("step");
            return;
        }
        List<?> faults = exchange.getVariable(FAULTS, List.class);
        if (!part.asks() && !faults.isEmpty()) {
            throw new MappingRefused(faults.stream().map(Fault.class::cast).toList());
        }
        Current.at(exchange, part);
        exchange.setVariable("asks", part.asks());
        exchange.setVariable("doubt", !part.asks() && isOpen(exchange, part));
    }

    /** Whether it has to be found out first whether the carrier has done it already. */
    private boolean isOpen(Exchange exchange, Part part) {
        Claim claim = Current.claim(exchange);
        return claim.inDoubt(part.step())
                || claim.result() != null
                        && claim.result().has(Calls.ADOPTED)
                        && Doubts.way(Current.carrier(exchange, carriers), settings, part.operation())
                                .equals("lookup");
    }

    /** {@code keep-answer}. */
    void keep(Exchange exchange) throws IOException {
        Claim claim = Current.claim(exchange);
        Carrier carrier = Current.carrier(exchange, carriers);
        Part part = Current.part(exchange);
        Answer answer = Answers.read(exchange, clock);
        Outcome outcome = carrier.outcome(part.operation(), answer);
        tally.called(carrier.id(), outcome);
        Current.took(exchange).ifPresent(time -> tally.took(carrier.id(), time));
        breaker.answered(claim, outcome);
        if (!(outcome instanceof Outcome.Confirmed)) {
            throw new CarrierFailed(outcome, answer.status());
        }
        exchange.getMessage().removeHeaders("*", "CamelRedeliver*");
        exchange.getMessage().setBody(null);
        try {
            exchange.getVariable(ASKED, ObjectNode.class)
                    .set(
                            part.step(),
                            carrier.answered(
                                    known(exchange, claim),
                                    MappingComponent.chosen(claim),
                                    answer,
                                    settings.account(claim.key().account(), carrier.id())));
        } catch (MappingRefused refused) {
            @SuppressWarnings("unchecked")
            List<Fault> faults = exchange.getVariable(FAULTS, List.class);
            faults.addAll(refused.faults());
        }
    }

    /** What the mappings of the present call may know: what was asked, and what the calls before it brought. */
    static Known known(Exchange exchange, Claim claim) {
        if (exchange.getVariable(LEFT) == null) {
            Part part = Current.part(exchange);
            return part.equals(Part.BOOK) ? Known.NOTHING : new Known(part, claim.answers());
        }
        ObjectNode done = claim.answers();
        done.setAll(exchange.getVariable(ASKED, ObjectNode.class));
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
