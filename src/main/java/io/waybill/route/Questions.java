package io.waybill.route;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.mapping.Answer;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.MappingRefused;
import io.waybill.mapping.Operation;
import io.waybill.mapping.Part;
import io.waybill.mapping.Request;
import io.waybill.order.Fault;
import io.waybill.order.Fingerprint;
import io.waybill.order.Outcome;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a booking has to know first, and asks its carrier for.
 *
 * <ol>
 *   <li>The answer is remembered until the booking is complete or breaks off; the faults that it shows are told together before
 *       the first call is made.
 *   <li>What the folder says is kept ({@code keep}) is asked for once in a while only, see {@link KeptAnswers}.
 *   <li>An order waits for what it asks, but not for what is kept: where the carrier gives no such answer ({@link #without}),
 *       the last one serves, else the order goes on and its mappings find {@code lacking} there. It waits all the same where
 *       the carrier is not reached or asks to wait, since then it would book nothing either.
 * </ol>
 */
final class Questions {

    private static final Logger LOG = LoggerFactory.getLogger(Questions.class);
    private static final String ASKED = "asked";
    private static final String FAULTS = "faults";
    private static final String KEPT = "kept-question";

    private final Carriers carriers;
    private final Settings settings;
    private final Breaker breaker;
    private final Tally tally;
    private final Clock clock;
    private final KeptAnswers kept = new KeptAnswers();

    Questions(Carriers carriers, Settings settings, Breaker breaker, Tally tally, Clock clock) {
        this.carriers = carriers;
        this.settings = settings;
        this.breaker = breaker;
        this.tally = tally;
        this.clock = clock;
        carriers.ids().stream().map(carriers::get).forEach(carrier -> carrier.operations()
                .forEach(name -> time(carrier, carrier.operation(name))));
    }

    static void begin(Exchange exchange) {
        exchange.setVariable(ASKED, JsonNodeFactory.instance.objectNode());
        exchange.setVariable(FAULTS, new ArrayList<Fault>());
    }

    /** What was asked so far, by step. */
    static ObjectNode asked(Exchange exchange) {
        return exchange.getVariable(ASKED, ObjectNode.class);
    }

    /** @throws MappingRefused with everything that the answers had against the order */
    static void refuse(Exchange exchange) {
        List<Fault> faults = faults(exchange);
        if (!faults.isEmpty()) {
            throw new MappingRefused(faults);
        }
    }

    /** Whether nobody has to be asked, since the answer is known, or is not wanted. */
    boolean isAnswered(Exchange exchange, Part part) {
        exchange.removeVariable(KEPT);
        Carrier carrier = Current.carrier(exchange, carriers);
        Operation operation = carrier.operation(part.operation());
        if (operation.keep() == null) {
            return false;
        }
        if (time(carrier, operation).isZero()) {
            return true;
        }
        Current.at(exchange, part);
        String question = question(exchange, carrier, part);
        exchange.setVariable(KEPT, question);
        kept.at(question, clock.instant()).ifPresent(known -> remember(exchange, known));
        return asked(exchange).has(part.step());
    }

    /** {@code keep-answer}. */
    void keep(Exchange exchange) throws IOException {
        Claim claim = Current.claim(exchange);
        Carrier carrier = Current.carrier(exchange, carriers);
        String operation = Current.part(exchange).operation();
        Answer answer = Answers.read(exchange, clock);
        Outcome outcome = carrier.outcome(operation, answer);
        tally.called(carrier.id(), outcome);
        Current.took(exchange).ifPresent(time -> tally.took(carrier.id(), time));
        breaker.answered(claim, outcome);
        if (!(outcome instanceof Outcome.Confirmed)) {
            throw new CarrierFailed(outcome, answer.status());
        }
        String question = exchange.getVariable(KEPT, String.class);
        if (question != null) {
            kept.keep(question, answer, clock.instant().plus(time(carrier, carrier.operation(operation))));
        }
        clear(exchange);
        remember(exchange, answer);
    }

    /** {@code go-on-without}: fails as before, unless the order may do without. */
    void without(Exchange exchange) throws Exception {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        String question = exchange.getVariable(KEPT, String.class);
        if (question == null || !saysNothing(failure)) {
            throw failure;
        }
        Claim claim = Current.claim(exchange);
        if (failure instanceof IOException) {
            breaker.unanswered(claim, failure, true);
            tally.called(claim.carrier(), new Outcome.InDoubt(failure.getClass().getSimpleName(), false, false));
        }
        KeptAnswers.Kept known = kept.without(question, clock.instant());
        LOG.warn(
                "carrier={} operation={} gives no answer, {}: {}",
                claim.carrier(),
                Current.part(exchange).operation(),
                known.answer() == null ? "so orders go on without" : "so the last one serves",
                Logged.text(FollowUps.words(failure)));
        clear(exchange);
        remember(exchange, known);
    }

    /** Whether the carrier is there, wants to work, and yet did not answer this. */
    private static boolean saysNothing(Exception failure) {
        if (failure instanceof CarrierFailed failed) {
            return failed.outcome() instanceof Outcome.Rejected || failed.outcome() instanceof Outcome.InDoubt;
        }
        return failure instanceof IOException && !Verdict.neverLeft(failure);
    }

    private void remember(Exchange exchange, KeptAnswers.Kept known) {
        if (known.answer() == null) {
            asked(exchange).putObject(Current.part(exchange).step()).put("lacking", true);
        } else {
            remember(exchange, known.answer());
        }
    }

    private void remember(Exchange exchange, Answer answer) {
        Claim claim = Current.claim(exchange);
        Carrier carrier = Current.carrier(exchange, carriers);
        ObjectNode brought = JsonNodeFactory.instance.objectNode();
        try {
            brought = carrier.answered(
                    CallPlan.known(exchange, claim), MappingComponent.chosen(claim), answer, account(claim, carrier));
        } catch (MappingRefused refused) {
            faults(exchange).addAll(refused.faults());
        }
        asked(exchange).set(Current.part(exchange).step(), brought);
    }

    private static void clear(Exchange exchange) {
        exchange.getMessage().removeHeaders("*", "CamelRedeliver*");
        exchange.getMessage().setBody(null);
    }

    /** Two orders that would be sent the same question of the same account share its answer. */
    private String question(Exchange exchange, Carrier carrier, Part part) {
        Claim claim = Current.claim(exchange);
        Request request = carrier.request(
                part.operation(),
                CallPlan.known(exchange, claim),
                MappingComponent.chosen(claim),
                carrier.reference(claim.key()),
                account(claim, carrier));
        return String.join(
                "\n",
                carrier.id(),
                claim.key().account(),
                part.operation(),
                String.valueOf(request.query()),
                Fingerprint.of(request.body()));
    }

    private Duration time(Carrier carrier, Operation operation) {
        String name = "waybill.carrier." + carrier.id() + "." + operation.keep();
        String minutes = operation.keep() == null ? "0" : settings.get(name, "60");
        if (!minutes.matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException("setting '" + name + "': expected minutes, was '" + minutes + "'");
        }
        return Duration.ofMinutes(Long.parseLong(minutes));
    }

    private Map<String, String> account(Claim claim, Carrier carrier) {
        return settings.account(claim.key().account(), carrier.id());
    }

    @SuppressWarnings("unchecked")
    private static List<Fault> faults(Exchange exchange) {
        return exchange.getVariable(FAULTS, List.class);
    }
}
