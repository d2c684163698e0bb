package io.waybill.route;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.StepFacts;
import io.waybill.order.OrderKey;
import io.waybill.settings.Settings;
import io.waybill.sink.DeadLetterStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/**
 * What a person decides about an order in doubt. Who and why stand in the order's history before anything is done.
 *
 * <ol>
 *   <li>Adopt: the carrier has it, under this id; the order goes on as if it had been answered so.
 *   <li>Rebook: the carrier surely has it not; it is booked again.
 *   <li>Abandon: it is a dead letter.
 * </ol>
 */
public final class Decisions {

    private final Settings settings;
    private final Ledger ledger;
    private final DeadLetterStore deadLetters;

    Decisions(Settings settings, Ledger ledger, DeadLetterStore deadLetters) {
        this.settings = settings;
        this.ledger = ledger;
        this.deadLetters = deadLetters;
    }

    /**
     * The carrier has it.
     *
     * @param carrierOrderId the carrier's own id of it
     * @throws IllegalStateException if the order is not in doubt, or is worked on at this moment
     */
    public void adopt(OrderKey key, String carrierOrderId, String who, String why) {
        if (carrierOrderId.isBlank() || carrierOrderId.length() > 100) {
            throw new IllegalArgumentException("order " + key + ": expected the carrier's id, 1 to 100 characters");
        }
        Claim claim = take(key, "adopt", who, why);
        carryOut(claim, () -> {
            ObjectNode result = Adoption.of(
                    claim, carrierOrderId, "adopted by a person, since the carrier's answer is not known", settings);
            claim.booked(new StepFacts(null, null, null, result.toString(), null), result);
            claim.postpone(Duration.ZERO, "adopted");
        });
    }

    /** The carrier surely has it not; see {@link #adopt} for errors. */
    public void rebook(OrderKey key, String who, String why) {
        Claim claim = take(key, "rebook", who, why);
        carryOut(claim, () -> claim.postpone(Duration.ZERO, "to be booked again"));
    }

    /** Nobody wants it any more; see {@link #adopt} for errors. */
    public void abandon(OrderKey key, String who, String why) {
        Claim claim = take(key, "abandon", who, why);
        Verdict verdict = Verdict.dead("abandoned", "abandoned while in doubt at " + claim.carrier(), List.of(), null);
        carryOut(claim, () -> {
            try {
                claim.dead("book", verdict.cause(), deadLetters.write(Failures.letter(claim, "book", verdict)));
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "order " + key + ": its dead letter cannot be written; it stays in doubt", e);
            }
        });
    }

    /** An order whose decision could not be carried out is let go, so that the ledger gives it back. */
    private static void carryOut(Claim claim, Runnable decision) {
        try {
            decision.run();
        } catch (RuntimeException e) {
            claim.release();
            throw e;
        }
    }

    private Claim take(OrderKey key, String what, String who, String why) {
        if (why == null || why.isBlank()) {
            throw new IllegalArgumentException("order " + key + ": a reason is needed; it stays in the history");
        }
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.put("decision", what).put("by", Logged.text(who)).put("reason", Logged.text(why));
        return ledger.takeInDoubt(key, detail.toString())
                .orElseThrow(() -> new IllegalStateException("order " + key + ": " + state(key)));
    }

    private String state(OrderKey key) {
        return ledger.queries()
                .find(key)
                .map(stored -> stored.state().equals("in-doubt")
                        ? "it is being looked into at this moment; try again"
                        : "it is not in doubt but " + stored.state())
                .orElse("nobody knows it");
    }
}
