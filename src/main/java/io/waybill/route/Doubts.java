package io.waybill.route;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.ledger.Claim;
import io.waybill.mapping.Answer;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Found;
import io.waybill.mapping.Part;
import io.waybill.order.Fingerprint;
import io.waybill.order.Outcome;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of the route {@code resolve}: what became of a call whose answer is not known.
 *
 * <ol>
 *   <li>{@code lookup}: the carrier is asked by our reference. Alive and the same order: adopted as if it had answered then.
 *       Surely not there: booked again. Anything else: a person decides.
 *   <li>{@code repost}: the very same bytes are sent again, since the carrier answers a repetition with the first result, or at
 *       least says that it has the order.
 *   <li>{@code operator}: nothing can be asked; a person decides.
 * </ol>
 */
final class Doubts {

    private static final Logger LOG = LoggerFactory.getLogger(Doubts.class);
    private static final String OPERATOR = "operator";

    private final Carriers carriers;
    private final Settings settings;
    private final Breaker breaker;
    private final Tally tally;
    private final Clock clock;

    Doubts(Carriers carriers, Settings settings, Breaker breaker, Tally tally, Clock clock) {
        this.carriers = carriers;
        this.settings = settings;
        this.breaker = breaker;
        this.tally = tally;
        this.clock = clock;
    }

    /** The declared way; of the create, the setting {@code waybill.carrier.<carrier>.in-doubt} may say another. */
    static String way(Carrier carrier, Settings settings, String operation) {
        String declared = carrier.operation(operation).inDoubt();
        String way = operation.equals(Part.BOOK.operation())
                ? settings.get("waybill.carrier." + carrier.id() + ".in-doubt", declared)
                : declared;
        String lookup = carrier.lookup(operation);
        boolean deaf = way.equals("lookup")
                && (!carrier.operations().contains(lookup)
                        || carrier.operation(lookup).isOff());
        return deaf ? OPERATOR : way;
    }

    /** How the call of a claim that is in doubt is resolved. */
    static String way(Carriers carriers, Settings settings, Claim claim) {
        String step = claim.calls().open().orElse(Part.BOOK.step());
        Carrier carrier = carriers.get(claim.carrier());
        return carrier.operationOf(step)
                .map(operation -> way(carrier, settings, operation))
                .orElse(OPERATOR);
    }

    /** {@code choose-way}: sets the variables {@code way} and {@code lookup}. */
    void chooseWay(Exchange exchange) {
        Carrier carrier = Current.carrier(exchange, carriers);
        String operation = Current.part(exchange).operation();
        exchange.setVariable("way", way(carrier, settings, operation));
        exchange.setVariable("lookup", carrier.lookup(operation));
    }

    /** {@code keep-booking}: remembers what the call sends, to compare what is found with it. */
    void keepBooking(Exchange exchange) {
        exchange.setVariable("booking", exchange.getVariable("request"));
    }

    /** {@code judge-found}: sets the variable {@code found}; if it is {@code same}, the body is what the call answered. */
    void judgeFound(Exchange exchange) throws IOException {
        Claim claim = Current.claim(exchange);
        Carrier carrier = Current.carrier(exchange, carriers);
        Answer answer = Answers.read(exchange, clock);
        String lookup = exchange.getVariable("lookup", String.class);
        Outcome outcome = carrier.outcome(lookup, answer);
        tally.called(carrier.id(), outcome);
        Current.took(exchange).ifPresent(time -> tally.took(carrier.id(), time));
        breaker.answered(claim, outcome);
        if (!(outcome instanceof Outcome.Confirmed)) {
            throw new CarrierFailed(outcome, answer.status());
        }
        Found found = carrier.found(
                lookup, CallPlan.known(exchange, claim), exchange.getVariable("booking", JsonNode.class), answer);
        LOG.info("order={} looked up at {}: {}", Logged.text(claim.key().text()), carrier.id(), found.match());
        settle(exchange, claim, found);
    }

    /** {@code allow-again}. */
    void allowAgain(Exchange exchange) {
        Current.claim(exchange).calls().allowAgain(false);
    }

    /** {@code adopt-landed}: a repetition was answered with "exists already", so the earlier request arrived; no more is known. */
    void adoptLanded(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        String warning =
                claim.carrier() + " has the order from an earlier request, whose answer is lost and not told again";
        exchange.getMessage().setBody(Adoption.of(claim, claim.reference(), warning, settings));
    }

    /** {@code leave-to-operator}. */
    void leave(Exchange exchange) {
        throw new IllegalStateException("a person has to decide");
    }

    private static void settle(Exchange exchange, Claim claim, Found found) {
        exchange.setVariable("found", found.match());
        switch (found.match()) {
            case "same" -> {
                exchange.getMessage().removeHeaders("*", "CamelRedeliver*");
                exchange.getMessage().setBody(found.answer());
                exchange.setVariable("response", Fingerprint.of(found.answer().body()));
            }
            case "absent" -> claim.calls().allowAgain(true);
            default -> throw new IllegalStateException(
                    "the look-up found '" + found.match() + "'; a person has to decide");
        }
    }
}
