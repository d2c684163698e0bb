package io.waybill.route;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.ledger.Claim;
import io.waybill.mapping.Answer;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Found;
import io.waybill.order.Fingerprint;
import io.waybill.order.Outcome;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of the route {@code resolve}: what became of a booking whose answer is not known.
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
    private static final String LOOKUP = "lookup";

    private final Carriers carriers;
    private final Settings settings;
    private final Tally tally;
    private final Clock clock;

    Doubts(Carriers carriers, Settings settings, Tally tally, Clock clock) {
        this.carriers = carriers;
        this.settings = settings;
        this.tally = tally;
        this.clock = clock;
    }

    /** The declared way, unless the setting {@code waybill.carrier.<carrier>.in-doubt} says otherwise. */
    static String way(Carriers carriers, Settings settings, String carrier) {
        String declared = carriers.get(carrier).operation("book").inDoubt();
        return settings.get("waybill.carrier." + carrier + ".in-doubt", declared);
    }

    /** {@code choose-way}: sets the variable {@code way}. */
    void chooseWay(Exchange exchange) {
        exchange.setVariable(
                "way", way(carriers, settings, Current.claim(exchange).carrier()));
    }

    /** {@code keep-booking}: remembers what the booking sends, to compare what is found with it. */
    void keepBooking(Exchange exchange) {
        exchange.setVariable("booking", exchange.getVariable("request"));
    }

    /** {@code judge-found}: sets the variable {@code found}; if it is {@code same}, the body is what the booking answered. */
    void judgeFound(Exchange exchange) throws IOException {
        Claim claim = Current.claim(exchange);
        Carrier carrier = carriers.get(claim.carrier());
        Answer answer = Answers.read(exchange, clock);
        Outcome outcome = carrier.outcome(LOOKUP, answer);
        tally.called(carrier.id(), outcome);
        if (!(outcome instanceof Outcome.Confirmed)) {
            throw new CarrierFailed(outcome, answer.status());
        }
        Found found = carrier.found(LOOKUP, exchange.getVariable("booking", JsonNode.class), answer);
        LOG.info("order={} looked up at {}: {}", Logged.text(claim.key().text()), carrier.id(), found.match());
        settle(exchange, claim, found);
    }

    /** {@code allow-again}. */
    void allowAgain(Exchange exchange) {
        Current.claim(exchange).allowAgain(false);
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
            case "absent" -> claim.allowAgain(true);
            default -> throw new IllegalStateException(
                    "the look-up found '" + found.match() + "'; a person has to decide");
        }
    }
}
