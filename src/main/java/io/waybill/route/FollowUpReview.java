package io.waybill.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.ledger.FollowUp;
import io.waybill.mapping.FollowUpRule;
import io.waybill.sink.ShipmentDocument;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Which follow-ups an order has, after its answer and whenever something was learned of its shipment. */
final class FollowUpReview {

    private final FollowUpRules rules;
    private final Voids voids;
    private final Clock clock;

    FollowUpReview(FollowUpRules rules, Voids voids, Clock clock) {
        this.rules = rules;
        this.voids = voids;
        this.clock = clock;
    }

    /** Before the first answer to an order: says in it that the label comes later, where it does. */
    void announce(Claim claim) {
        if (isAsked(claim) && !claim.isSettled() && isLabelAwaited(claim)) {
            claim.result().put("label_state", "awaited");
            claim.revise();
        }
    }

    private boolean isLabelAwaited(Claim claim) {
        if (!FollowUpRule.isMissing(claim.result(), "label")) {
            return false;
        }
        ObjectNode shipment = ShipmentDocument.of(claim);
        ObjectNode order = rules.order(claim);
        return rules.of(claim).stream()
                .map(rule -> rule.awaits(shipment, order))
                .flatMap(Optional::stream)
                .anyMatch(awaited -> awaited.field().equals("label"));
    }

    /**
     * The order was answered: notes its follow-ups with its claim.
     *
     * @return {@code completed}, or {@code awaiting} if it lacks what it must get
     */
    String begin(Claim claim) {
        return isAsked(claim) ? review(claim) : "completed";
    }

    /**
     * Looks at all follow-ups of an order after something was learned of its shipment: begins those whose time has come, ends
     * those that are done.
     *
     * @return the state that the order is in now
     */
    String review(Claim claim) {
        ObjectNode shipment = ShipmentDocument.of(claim);
        ObjectNode order = rules.order(claim);
        rules.of(claim).forEach(rule -> review(claim, rule, shipment, order));
        claim.followUps().all().values().stream()
                .filter(row -> row.awaits() != null && !FollowUpRule.isMissing(shipment, row.awaits()))
                .forEach(row -> claim.followUps().follow(awaitingMore(claim, row, shipment, order)));
        if (shipment.path("status").asText().equals("cancelled") && claim.isSettled()) {
            voids.confirm(claim);
            return "cancelled";
        }
        boolean awaiting = claim.followUps().all().values().stream().anyMatch(row -> row.awaits() != null);
        return claim.state().equals("cancelled") ? "cancelled" : awaiting ? "awaiting" : "completed";
    }

    /** What it awaited is there; it may have to bring something else as well. */
    private FollowUp awaitingMore(Claim claim, FollowUp row, ObjectNode shipment, ObjectNode order) {
        return rules.of(claim, row.operation())
                .flatMap(rule -> rule.awaits(shipment, order))
                .map(awaited -> row.awaiting(awaited.field(), now().plus(awaited.deadline())))
                .orElse(row.awaiting(null, null));
    }

    private void review(Claim claim, FollowUpRule rule, ObjectNode shipment, ObjectNode order) {
        FollowUp row = claim.followUps().all().get(rule.operation());
        if (!rule.isAsked()) {
            expect(claim, rule, row, rule.awaits(shipment, order));
            return;
        }
        boolean over = rule.isOver(shipment, order);
        if (row == null && !over && rules.isSet(claim, rule) && rule.isWanted(shipment, order)) {
            Instant now = now();
            FollowUp begun = FollowUp.begin(rule.operation(), now, now.plus(rule.wait(0)), now.plus(rule.giveUp()));
            claim.followUps()
                    .follow(rule.awaits(shipment, order)
                            .map(awaited -> begun.awaiting(awaited.field(), now.plus(awaited.deadline())))
                            .orElse(begun));
        } else if (row != null && row.state().equals(FollowUp.DUE) && over) {
            claim.followUps().follow(row.at(FollowUp.ENDED, ""));
        }
    }

    /** What only the carrier's own word brings is noted, and never due. */
    private void expect(Claim claim, FollowUpRule rule, FollowUp row, Optional<FollowUpRule.Awaited> awaited) {
        Instant now = now();
        if (row == null && awaited.isPresent()) {
            claim.followUps()
                    .follow(FollowUp.expected(rule.operation(), now)
                            .awaiting(
                                    awaited.get().field(),
                                    now.plus(awaited.get().deadline())));
        } else if (row != null && row.state().equals(FollowUp.EXPECTED) && awaited.isEmpty()) {
            claim.followUps().follow(row.at(FollowUp.ENDED, "").awaiting(null, null));
        }
    }

    private boolean isAsked(Claim claim) {
        return !rules.of(claim).isEmpty();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
