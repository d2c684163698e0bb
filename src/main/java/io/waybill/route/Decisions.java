package io.waybill.route;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.ledger.FollowUp;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.StepFacts;
import io.waybill.mapping.Answer;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Known;
import io.waybill.mapping.Part;
import io.waybill.order.OrderKey;
import io.waybill.settings.Settings;
import io.waybill.sink.DeadLetterStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a person decides about an order in doubt. Who and why stand in the order's history before anything is done.
 *
 * <ol>
 *   <li>Adopt: the carrier has it, under this id; the order goes on as if it had been answered so. What is left of its booking
 *       waits for a paused carrier.
 *   <li>Rebook: the carrier surely has it not; it is booked again.
 *   <li>Abandon: it is a dead letter.
 * </ol>
 *
 * <p>What goes on may be older than orders wait: its waits count from the decision.
 */
public final class Decisions {

    private final Settings settings;
    private final Carriers carriers;
    private final Ledger ledger;
    private final DeadLetterStore deadLetters;
    private final Breaker breaker;

    Decisions(Settings settings, Carriers carriers, Ledger ledger, DeadLetterStore deadLetters, Breaker breaker) {
        this.settings = settings;
        this.carriers = carriers;
        this.ledger = ledger;
        this.deadLetters = deadLetters;
        this.breaker = breaker;
    }

    /**
     * The carrier has it; what the booking still takes is looked up there, and done where it is not done yet.
     *
     * @param carrierOrderId the carrier's own id of it: of the order, or of what the call in doubt made
     * @return why what is left to do is not done at once, empty if it is
     * @throws IllegalStateException if the order is not in doubt, or is worked on at this moment
     */
    public String adopt(OrderKey key, String carrierOrderId, String who, String why) {
        if (carrierOrderId.isBlank() || carrierOrderId.length() > 100) {
            throw new IllegalArgumentException("order " + key + ": expected the carrier's id, 1 to 100 characters");
        }
        Claim claim = take(key, "adopt", who, why);
        return carryOut(claim, () -> {
            String step = claim.calls().open().orElse(Part.BOOK.step());
            ObjectNode result = step.equals(Part.BOOK.step())
                    ? adopted(claim, carrierOrderId)
                    : adopted(claim, step, carrierOrderId);
            claim.brought(step, new StepFacts(null, null, null, result.toString(), null), result, true);
            claim.waits().anew();
            Optional<String> pause = breaker.pause(claim);
            pause.ifPresentOrElse(
                    claim.waits()::awaitCarrier, () -> claim.waits().postpone(Duration.ZERO, "adopted"));
            return pause.map(words -> "what is left of its booking waits, since " + words)
                    .orElse("");
        });
    }

    /** The carrier surely has it not; see {@link #adopt} for errors. */
    public String rebook(OrderKey key, String who, String why) {
        Claim claim = take(key, "rebook", who, why);
        return carryOut(claim, () -> {
            claim.calls().allowAgain(true);
            claim.waits().anew();
            claim.waits().postpone(Duration.ZERO, "to be booked again");
            return breaker.pause(claim).map(words -> "it waits, since " + words).orElse("");
        });
    }

    /** Nobody wants it any more; see {@link #adopt} for errors. */
    public String abandon(OrderKey key, String who, String why) {
        Claim claim = take(key, "abandon", who, why);
        Verdict verdict = Verdict.dead("abandoned", "abandoned while in doubt at " + claim.carrier(), List.of(), null);
        return carryOut(claim, () -> {
            try {
                String stage = claim.calls().open().orElse(Part.BOOK.step());
                claim.endings().dead(stage, verdict.cause(), deadLetters.write(Failures.letter(claim, stage, verdict)));
                return "";
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "order " + key + ": its dead letter cannot be written; it stays in doubt", e);
            }
        });
    }

    /** An order whose decision could not be carried out is let go, so that the ledger gives it back. */
    private static String carryOut(Claim claim, Supplier<String> decision) {
        try {
            return decision.get();
        } catch (RuntimeException e) {
            claim.release();
            throw e;
        }
    }

    private ObjectNode adopted(Claim claim, String carrierOrderId) {
        ObjectNode result = Adoption.of(
                claim, carrierOrderId, "adopted by a person, since the carrier's answer is not known", settings);
        Carrier carrier = carriers.get(claim.carrier());
        Calls.bookedBy(result, claim.calls().sentBy(Part.BOOK.step()));
        if (carrier.takesSeveralCalls(MappingComponent.chosen(claim), account(claim, carrier))) {
            result.put(Calls.ADOPTED, true);
        }
        return result;
    }

    /** What a later call would have brought, as far as its mapping knows without an answer. */
    private ObjectNode adopted(Claim claim, String step, String id) {
        Carrier carrier = carriers.get(claim.carrier());
        ObjectNode order = MappingComponent.chosen(claim);
        ObjectNode brought = JsonNodeFactory.instance.objectNode();
        Calls.parts(carrier, claim.result(), order, account(claim, carrier)).stream()
                .filter(part -> part.step().equals(step))
                .findFirst()
                .ifPresent(part -> brought.setAll(carrier.answered(
                        new Known(part, claim.answers()),
                        order,
                        new Answer(200, Map.of(), "{}".getBytes(StandardCharsets.UTF_8)),
                        account(claim, carrier))));
        if (Calls.revise(carrier, claim, brought)) {
            claim.revise();
        }
        return brought.put("id", id).put(Calls.ADOPTED, true);
    }

    private Map<String, String> account(Claim claim, Carrier carrier) {
        return settings.account(claim.key().account(), carrier.id());
    }

    private Claim take(OrderKey key, String what, String who, String why) {
        if (why == null || why.isBlank()) {
            throw new IllegalArgumentException("order " + key + ": a reason is needed; it stays in the history");
        }
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.put("decision", what).put("by", Logged.text(who)).put("reason", Logged.text(why));
        return ledger.outOfTurn()
                .takeInDoubt(key, detail.toString())
                .orElseThrow(() -> new IllegalStateException("order " + key + ": " + state(key)));
    }

    private String state(OrderKey key) {
        return ledger.queries()
                .find(key)
                .map(stored -> stored.state().equals("in-doubt")
                        ? "it is being looked into at this moment; try again"
                        : "it is not in doubt but " + stored.state() + voided(key))
                .orElse("nobody knows it");
    }

    private String voided(OrderKey key) {
        return ledger.queries().followUps(key).stream()
                        .anyMatch(row -> row.operation().equals(FollowUp.CANCEL)
                                && row.state().equals(FollowUp.IN_DOUBT))
                ? "; its cancellation is in doubt, which 'waybill cancel' ends with --confirmed or --refused"
                : "";
    }
}
