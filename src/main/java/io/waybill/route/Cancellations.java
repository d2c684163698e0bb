package io.waybill.route;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.ledger.FollowUp;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.ledger.StepFacts;
import io.waybill.ledger.Stored;
import io.waybill.mapping.Carriers;
import io.waybill.order.OrderKey;
import io.waybill.settings.Settings;
import io.waybill.sink.ShipmentDocument;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.ProducerTemplate;

/**
 * A person wants an order cancelled. Who and why stand in its history before anything is done.
 *
 * <ol>
 *   <li>Nothing was sent to a carrier: it is cancelled at once, nothing will be, and its answer says so, see {@link OwedAnswer}.
 *   <li>It is booked: the carrier is asked to cancel it as soon as the order's turn comes, see {@link Voids}; where its folder
 *       declares no way to, that is said and kept.
 *   <li>A dead letter whose booking is done, and only its label was refused: the same. It is {@code booked} again until the
 *       carrier has answered; if that refuses too, it goes on from there, which is to its label and the dead letters.
 *   <li>In doubt, or another dead letter: refused, since nobody knows what there is to cancel.
 * </ol>
 */
public final class Cancellations {

    /**
     * What became of it.
     *
     * @param state as {@link FollowUp#state} of a void
     * @param says the same as a sentence
     */
    public record Told(String state, String says) {}

    private static final String DEAD = "dead-letter";
    private static final String AT_ONCE = "cancelled; nothing had been sent to a carrier";

    private final Ledger ledger;
    private final Carriers carriers;
    private final Settings settings;
    private final OwedAnswer owed;
    private final Tally tally;
    private final Clock clock;
    private volatile ProducerTemplate out;

    Cancellations(Ledger ledger, Carriers carriers, Settings settings, OwedAnswer owed, Tally tally, Clock clock) {
        this.ledger = ledger;
        this.carriers = carriers;
        this.settings = settings;
        this.owed = owed;
        this.tally = tally;
        this.clock = clock;
    }

    /** By what answers are delivered, once the routes run. */
    public void deliverBy(ProducerTemplate routes) {
        out = routes;
    }

    /**
     * Cancels, or has it cancelled.
     *
     * @return {@code confirmed}, {@code requested} or {@code unsupported}
     * @throws IllegalStateException with a sentence that says why it cannot be, and what to do first
     */
    public Told cancel(OrderKey key, String who, String why) {
        String detail = reasoned(key, who, why).toString();
        Claim claim = take(key, Optional.empty());
        return carryOut(claim, () -> cancel(claim, detail));
    }

    /**
     * Says what became of a void that is in doubt, since a person asked the carrier.
     *
     * @param cancelled whether the carrier has cancelled the order
     * @return {@code confirmed} or {@code refused}
     * @throws IllegalStateException if no void of it is in doubt
     */
    public Told settle(OrderKey key, boolean cancelled, String who, String why) {
        ObjectNode detail = reasoned(key, who, why).put("decision", cancelled ? "confirmed" : "refused");
        Claim claim = take(key, Optional.of(FollowUp.IN_DOUBT));
        return carryOut(claim, () -> settle(claim, cancelled, detail.toString()));
    }

    private Told cancel(Claim claim, String detail) {
        if (OwedAnswer.isOwed(claim)) {
            return told(claim, FollowUp.CONFIRMED, AT_ONCE + given(Optional.of(claim)));
        }
        if (claim.calls().inDoubt()) {
            claim.endings().rest();
            throw new IllegalStateException("order " + claim.key() + ": " + unknown(claim.carrier()));
        }
        FollowUp wanted = FollowUp.requested(now(), "");
        if (!claim.calls().bound()) {
            claim.followUps().follow(wanted.at(FollowUp.CONFIRMED, "nothing had been sent"));
            claim.answered(ShipmentDocument.cancelled(claim, now()).toString());
            owed.owe(claim);
            claim.endings().changed("cancelled", detail, "cancelled");
            tally.settled(new Tally.Settled(
                    claim.key().text(), "cancelled", claim.carrier(), null, "nothing had been sent to a carrier"));
            return told(claim, FollowUp.CONFIRMED, AT_ONCE + given(takeAgain(claim.key())));
        }
        String carrier = claim.carrier();
        if (!carriers.get(carrier).operations().contains(FollowUp.CANCEL)
                || !FollowUpRules.isSet(carriers, settings, carrier, FollowUp.CANCEL)) {
            claim.followUps().follow(wanted.at(FollowUp.UNSUPPORTED, carrier + " declares no way to cancel an order"));
            claim.endings().changed("cancel-unsupported", detail, claim.state());
            return told(
                    claim,
                    FollowUp.UNSUPPORTED,
                    "not cancelled, since " + carrier
                            + " declares no way to cancel an order; cancel it at the carrier");
        }
        claim.followUps().follow(wanted);
        claim.endings().changed("cancel-requested", detail, claim.state().equals(DEAD) ? "booked" : claim.state());
        return told(
                claim, FollowUp.REQUESTED, carrier + " is asked to cancel it; 'waybill trace' shows what it answers");
    }

    private static Told told(Claim claim, String state, String says) {
        return new Told(state, "order " + claim.key() + ": " + says);
    }

    /** It is cancelled whatever becomes of its answer. */
    private String given(Optional<Claim> claim) {
        return claim.map(held -> owed.give(held, out)).orElse(false)
                ? ""
                : "; its answer could not be delivered yet, and is by itself as soon as it can be";
    }

    private Optional<Claim> takeAgain(OrderKey key) {
        try {
            return out == null ? Optional.empty() : ledger.outOfTurn().takeSettled(key);
        } catch (LedgerUnavailable e) {
            return Optional.empty();
        }
    }

    private Told settle(Claim claim, boolean cancelled, String detail) {
        FollowUp row = claim.followUps().cancellation().orElseThrow();
        if (!cancelled) {
            claim.note("cancel-decided", detail);
            claim.endings().voidEnded(row.at(FollowUp.REFUSED, "a person said so"));
            return told(claim, FollowUp.REFUSED, "its cancellation was refused, it stays " + claim.state());
        }
        ObjectNode brought = JsonNodeFactory.instance.objectNode().put("status", "cancelled");
        claim.brought(FollowUp.CANCEL, new StepFacts(null, null, null, brought.toString(), null), brought, true);
        claim.followUps().follow(row.at(FollowUp.REQUESTED, now(), "a person said so"));
        claim.endings().changed("cancel-decided", detail, claim.state());
        return told(claim, FollowUp.CONFIRMED, "its cancellation was confirmed");
    }

    private Claim take(OrderKey key, Optional<String> voidState) {
        Stored stored = ledger.queries()
                .find(key)
                .orElseThrow(() -> new IllegalStateException("order " + key + ": nobody knows it"));
        Optional<FollowUp> known = ledger.queries().followUps(key).stream()
                .filter(each -> each.operation().equals(FollowUp.CANCEL))
                .findFirst();
        String refused = voidState.isEmpty()
                ? obstacle(stored, known)
                : known.filter(each -> each.state().equals(voidState.get())).isEmpty()
                        ? "no cancellation of it is in doubt"
                        : null;
        if (refused != null) {
            throw new IllegalStateException("order " + key + ": " + refused);
        }
        return ledger.outOfTurn()
                .take(stored)
                .orElseThrow(() -> new IllegalStateException(
                        "order " + key + ": it is being worked on at this moment; try again"));
    }

    private static String unknown(String carrier) {
        return "nobody knows whether " + carrier + " has it; decide that with 'waybill resolve' first, then cancel it";
    }

    /** Why an order cannot be cancelled, null if nothing stands against it. */
    private String obstacle(Stored stored, Optional<FollowUp> known) {
        if (stored.state().equals("in-doubt")) {
            return unknown(stored.carrier());
        }
        if (stored.state().equals(DEAD) && !lacksItsLabelOnly(stored.key())) {
            return "it is a dead letter, of which nothing more is sent; if the carrier has it, replay it first";
        }
        if (stored.state().equals("cancelled")) {
            return out != null && owesAnswer(stored.key()) ? null : "it is cancelled already";
        }
        if (stored.forgottenAt() != null) {
            return "its content was removed, since it is old; cancel it at the carrier";
        }
        return known.map(FollowUp::state)
                .map(state -> switch (state) {
                    case FollowUp.REQUESTED -> "its carrier is being asked to cancel it already";
                    case FollowUp
                            .IN_DOUBT -> "nobody knows whether it is cancelled; 'waybill cancel' with --confirmed or"
                            + " --refused says what the carrier told you";
                    default -> null;
                })
                .orElse(null);
    }

    private boolean owesAnswer(OrderKey key) {
        return ledger.queries().followUps(key).stream().anyMatch(OwedAnswer::isOwed);
    }

    private boolean lacksItsLabelOnly(OrderKey key) {
        return ledger.queries()
                .deadLetters()
                .cause(key)
                .filter("label-refused"::equals)
                .isPresent();
    }

    private static Told carryOut(Claim claim, Supplier<Told> decision) {
        try {
            return decision.get();
        } catch (RuntimeException e) {
            claim.release();
            throw e;
        }
    }

    private static ObjectNode reasoned(OrderKey key, String who, String why) {
        if (why == null || why.isBlank()) {
            throw new IllegalArgumentException("order " + key + ": a reason is needed; it stays in the history");
        }
        return JsonNodeFactory.instance.objectNode().put("by", Logged.text(who)).put("reason", Logged.text(why));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
