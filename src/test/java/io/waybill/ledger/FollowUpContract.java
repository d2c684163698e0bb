package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.OrderKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What happens to an order after its booking: asked by one node at a time, quietly; a void is sent at most once. */
abstract class FollowUpContract extends LedgerContract {

    private static final OrderKey A1 = new OrderKey("acme", "A-1", 0);
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);

    FollowUpContract(TestDatabase database) {
        super(database);
    }

    @Test
    void anOrderWithoutFollowUpsCostsNothingMore() {
        int before = wire.commits();

        completed(claimed(order("A-1")));

        assertThat(wire.commits() - before).isEqualTo(4);
        assertThat(rows("follow_up", "A-1")).isZero();
        assertThat(stored("A-1").dueAt()).isNull();
        assertThat(stored("A-1").owner()).isNull();
    }

    @Test
    void whatIsFollowedIsDueAtItsTimeAndNotBefore() {
        awaiting("A-1");
        assertThat(stored("A-1").state()).isEqualTo("awaiting");
        assertThat(history("A-1")).endsWith("awaiting");

        clock.forward(HALF_HOUR.minusSeconds(1));
        assertThat(ledger.takeDue(10)).isEmpty();
        clock.forward(Duration.ofSeconds(1));

        assertThat(ledger.takeDue(10)).singleElement().satisfies(claim -> {
            assertThat(claim.follows()).isTrue();
            assertThat(claim.followUps().all()).containsOnlyKeys("track");
        });
    }

    @Test
    void aCarrierWithManyQuestionsLeavesHandsToThoseOfOthers() {
        Ledger small = node("small", 32);
        for (int i = 1; i <= 10; i++) {
            clock.forward(Duration.ofMillis(1));
            awaiting("A-" + i);
        }
        awaiting("B-1");
        awaiting("C-1");
        change("update orders set carrier = 'mabang' where order_id = 'B-1'");
        change("update orders set carrier = null where order_id = 'C-1'");
        clock.forward(HALF_HOUR);

        List<Claim> first = small.takeDue(32);
        assertThat(ids(first)).containsExactly("A-1", "A-2", "A-3", "A-4");
        assertThat(ids(small.takeDue(32))).containsExactly("B-1", "C-1");

        first.get(0).release();
        assertThat(ids(small.takeDue(32))).hasSize(1);
    }

    @Test
    void aQuestionThatBroughtNothingLeavesTheHistoryAsItWas() {
        awaiting("A-1");
        List<String> before = history("A-1");
        String shipment = stored("A-1").shipment();

        for (int i = 0; i < 5; i++) {
            clock.forward(HALF_HOUR);
            Claim claim = ledger.takeDue(10).get(0);
            claim.sinks().join(label(A1, "pdf"));
            claim.followUps()
                    .follow(claim.followUps()
                            .all()
                            .get("track")
                            .again(clock.instant().plus(HALF_HOUR), i + 1, "nothing"));
            claim.endings().rest();
        }

        assertThat(history("A-1")).isEqualTo(before);
        assertThat(rows("label", "A-1")).isZero();
        assertThat(stored("A-1").shipment()).isEqualTo(shipment);
        assertThat(ledger.queries().followUps(A1)).singleElement().satisfies(row -> assertThat(row.attempts())
                .isEqualTo(5));
        assertThat(new Audit(ledger.queries()).broken(A1)).isEmpty();
    }

    @Test
    void aQuestionThatBeganAndWhoseCommitWasNotAnsweredIsFoundAndNotRefused() {
        awaiting("A-1");
        clock.forward(HALF_HOUR);
        Claim claim = ledger.takeDue(10).get(0);
        Instant later = clock.instant().plus(HALF_HOUR);
        claim.followUps().follow(FollowUp.begin("label", clock.instant(), later, later.plus(HALF_HOUR)));
        wire.loseAnswers(1);

        claim.endings().rest();

        assertThat(ledger.queries().followUps(A1))
                .extracting(FollowUp::operation)
                .containsExactlyInAnyOrder("track", "label");
        assertThat(ledger.free()).isEqualTo(1000);
    }

    @Test
    void whatChangedSomethingIsOneRowAndOneCommit() {
        awaiting("A-1");
        clock.forward(HALF_HOUR);
        Claim claim = ledger.takeDue(10).get(0);
        int before = wire.commits();

        claim.sinks().join(label(A1, "pdf"));
        claim.followUps()
                .follow(claim.followUps()
                        .all()
                        .get("track")
                        .at(FollowUp.ENDED, "")
                        .awaiting(null, null));
        claim.answered("{\"tracking_number\":\"T2\"}");
        claim.endings().changed("track", "{\"fields\":\"tracking_number\"}", "completed");

        assertThat(wire.commits() - before).isEqualTo(1);
        assertThat(history("A-1")).endsWith("awaiting", "track");
        assertThat(rows("label", "A-1")).isEqualTo(1);
        assertThat(stored("A-1").state()).isEqualTo("completed");
        assertThat(stored("A-1").dueAt()).isNull();
        assertThat(stored("A-1").owner()).isNull();
        assertThat(new Audit(ledger.queries()).broken(A1)).isEmpty();
    }

    @Test
    void twoNodesAskAboutAnOrderOnce() {
        awaiting("A-1");
        clock.forward(HALF_HOUR);
        Ledger other = node("two");

        List<Claim> one = ledger.takeDue(10);
        List<Claim> two = other.takeDue(10);

        assertThat(one.size() + two.size()).isEqualTo(1);
    }

    @Test
    void aNodeThatDiedInAQuestionLeavesItToTheOthersAndIsFencedOff() {
        awaiting("A-1");
        clock.forward(HALF_HOUR);
        Claim late = ledger.takeDue(10).get(0);

        Ledger reborn = node("one");
        assertThat(reborn.recover()).isEqualTo(new Recovery(0, 1));
        Claim again = reborn.takeDue(10).get(0);

        assertThatThrownBy(late.endings()::rest).isInstanceOf(Fenced.class);
        assertThatThrownBy(() -> late.endings().changed("track", "{}", "completed"))
                .isInstanceOf(Fenced.class);
        again.endings().rest();
        assertThat(stored("A-1").state()).isEqualTo("awaiting");
    }

    @Test
    void bookingsGoBeforeFollowUpsHoweverManyAreDue() {
        Ledger small = node("small", 4);
        for (int i = 0; i < 8; i++) {
            awaiting("A-" + i);
        }
        clock.forward(HALF_HOUR);
        claimed(order("B-1")).waits().postpone(Duration.ZERO, "later");

        List<Claim> taken = small.takeDue(4);

        assertThat(taken).hasSize(2);
        assertThat(taken.get(0).key().orderId()).isEqualTo("B-1");
    }

    @Test
    void whatDidNotComeInTimeIsOverdueUntilItComes() {
        awaiting("A-1");
        Instant deadline = clock.instant().plus(Duration.ofDays(5));
        assertThat(ledger.queries().delays().overdue(deadline.minusSeconds(1), 10))
                .isEmpty();

        assertThat(ledger.queries().delays().overdue(deadline, 10))
                .singleElement()
                .satisfies(late -> {
                    assertThat(late.key()).isEqualTo(A1);
                    assertThat(late.awaits()).isEqualTo("tracking_number");
                    assertThat(late.operation()).isEqualTo("track");
                });

        clock.forward(Duration.ofDays(6));
        Claim claim = ledger.takeDue(10).get(0);
        claim.followUps()
                .follow(claim.followUps()
                        .all()
                        .get("track")
                        .at(FollowUp.GIVEN_UP, "")
                        .awaiting("tracking_number", deadline));
        claim.endings().changed("track-given-up", "{}", "awaiting");
        assertThat(ledger.queries().delays().overdue(clock.instant(), 10)).hasSize(1);
        assertThat(stored("A-1").state()).isEqualTo("awaiting");

        Claim pushed = ledger.outOfTurn().takeSettled(A1).orElseThrow();
        pushed.followUps().follow(pushed.followUps().all().get("track").awaiting(null, null));
        pushed.endings().changed("push", "{}", "completed");
        assertThat(ledger.queries().delays().overdue(clock.instant(), 10)).isEmpty();
    }

    @Test
    void anOrderIsTakenForAPushOnlyOnceAndOnlyWhenItIsSettled() {
        Claim booked = booked(claimed(order("A-1")));
        assertThat(ledger.outOfTurn().takeSettled(A1)).isEmpty();
        booked.endings().settle("completed");

        Claim claim = ledger.outOfTurn().takeSettled(A1).orElseThrow();
        assertThat(ledger.outOfTurn().takeSettled(A1)).isEmpty();
        assertThat(node("two").outOfTurn().takeSettled(A1)).isEmpty();
        claim.endings().rest();

        assertThat(ledger.outOfTurn().takeSettled(A1)).isPresent();
        assertThat(history("A-1")).endsWith("completed");
    }

    @Test
    void anOrderWhoseContentWasTakenAwayIsNotTakenAndStaysAsItIs() {
        completed(claimed(order("A-1")));
        assertThat(ledger.forgetting().order(stored("A-1"), null, false)).isTrue();

        assertThat(ledger.outOfTurn().takeSettled(A1)).isEmpty();

        // what was written of it before is durable by then
        assertThat(accept(ledger, order("A-1"))).isInstanceOf(Acceptance.Duplicate.class);
        assertThat(stored("A-1").dueAt()).isNull();
        assertThat(history("A-1")).endsWith("completed", "forgotten");
        assertThat(ledger.free()).isEqualTo(1000);
    }

    @Test
    void aVoidThatBrokeOffIsInDoubtAndNotSentAgain() {
        requested("A-1");
        Claim claim = ledger.takeDue(10).get(0);
        assertThat(claim.begin("cancel")).isTrue();
        claim.sent("cancel", "REF-A-1", new StepFacts("v1", "request", null, null, null));
        assertThat(stored("A-1").state()).isEqualTo("awaiting");

        Ledger reborn = node("one");
        assertThat(reborn.recover()).isEqualTo(new Recovery(1, 0));

        assertThat(stored("A-1").state()).isEqualTo("awaiting");
        assertThat(step("A-1", "cancel")).isEqualTo("in-doubt");
        assertThat(history("A-1")).endsWith("cancel-requested", "cancel-sent", "cancel-in-doubt");
        assertThat(reborn.takeDue(10)).isEmpty();
        clock.forward(Duration.ofMinutes(1));
        Claim again = reborn.takeDue(10).get(0);
        assertThat(again.followUps().cancellation().orElseThrow().state()).isEqualTo(FollowUp.IN_DOUBT);
        assertThatThrownBy(() -> again.begin("cancel")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> claim.endings().changed("cancelled", "{}", "cancelled"))
                .isInstanceOf(Fenced.class);
    }

    @Test
    void whatWasLetGoAtAStopIsNoMoreOfWhoHadItThoughNoRowTellsOfTheNextTaking() {
        requested("A-1");
        Claim late = ledger.takeDue(10).get(0);
        List<String> before = history("A-1");
        ledger.letGo();

        Claim again = node("two").takeDue(10).get(0);

        assertThat(history("A-1")).isEqualTo(before);
        assertThatThrownBy(unsendable(late)).isInstanceOf(Fenced.class);
        assertThatThrownBy(late.endings()::rest).isInstanceOf(Fenced.class);
        voided(again);
        assertThat(history("A-1")).containsOnlyOnce("cancel-sent");
    }

    @Test
    void aVoidThatProcessesDieWithStaysInDoubtUntilAPersonDecides() {
        requested("A-1");
        ledger.takeDue(10).get(0).sent("cancel", "REF-A-1", new StepFacts("v1", "request", null, null, null));
        Ledger last = null;
        Claim claim = null;
        for (int deaths = 1; deaths <= 4; deaths++) {
            last = node("one");
            assertThat(last.recover()).isEqualTo(deaths == 1 ? new Recovery(1, 0) : new Recovery(0, 1));
            clock.forward(HALF_HOUR);
            claim = last.takeDue(10).get(0);
            assertThat(claim.lives()).isEqualTo(deaths);
            assertThat(claim.follows()).isTrue();
            assertThat(claim.followUps().cancellation().orElseThrow().state()).isEqualTo(FollowUp.IN_DOUBT);
            assertThatThrownBy(unsendable(claim)).isInstanceOf(IllegalStateException.class);
        }

        for (FollowUp row : claim.followUps().all().values()) {
            boolean cancel = row.operation().equals(FollowUp.CANCEL);
            claim.followUps().follow(row.at(cancel ? FollowUp.IN_DOUBT : FollowUp.GIVEN_UP, "4 processes died"));
        }
        claim.endings().changed("follow-ups-given-up", "{}", claim.state());

        assertThat(stored("A-1").state()).isEqualTo("awaiting");
        assertThat(stored("A-1").lives()).isZero();
        assertThat(stored("A-1").dueAt()).isNull();
        assertThat(step("A-1", "cancel")).isEqualTo("in-doubt");
        clock.forward(Duration.ofDays(1));
        assertThat(last.takeDue(10)).isEmpty();
        Claim decided = last.outOfTurn().take(stored("A-1")).orElseThrow();
        assertThatThrownBy(unsendable(decided)).isInstanceOf(IllegalStateException.class);
        decided.brought("cancel", StepFacts.NONE, json("{\"status\":\"cancelled\"}"), true);
        decided.followUps()
                .follow(decided.followUps()
                        .cancellation()
                        .orElseThrow()
                        .at(FollowUp.REQUESTED, clock.instant(), "a person said so"));
        decided.endings().changed("cancel-decided", "{}", decided.state());
        assertThat(last.takeDue(10).get(0).begin("cancel")).isFalse();
        assertThat(history("A-1"))
                .containsOnlyOnce("cancel-sent")
                .endsWith("follow-ups-given-up", "cancel-done", "cancel-decided");
        assertThat(new Audit(last.queries()).broken(A1)).isEmpty();
    }

    @Test
    void aVoidInDoubtIsFoundByItsIndexUntilItEndsAndNothingIsForgottenMeanwhile() {
        change("insert into follow_up (account, order_id, reissue, operation, state, attempts, since, detail)"
                + " select 'acme', 'X-' || n, 0, 'track', 'ended', 1, current_timestamp, ''"
                + " from (with recursive many(n) as (select 1 union all select n + 1 from many where n < 20000)"
                + " select n from many) as numbers");
        change("analyze");
        completed(claimed(order("A-1")));
        for (String end : List.of(FollowUp.REFUSED, FollowUp.IN_DOUBT)) {
            clock.forward(HALF_HOUR);
            requestedAgain("A-1");
            clock.forward(HALF_HOUR);
            Claim claim = ledger.takeDue(10).get(0);
            claim.sent("cancel", "REF-A-1", new StepFacts("v1", "request", null, null, null));
            claim.endings()
                    .voidEnded(claim.followUps().cancellation().orElseThrow().at(FollowUp.IN_DOUBT, "no answer"));

            assertThat(ledger.queries().voidsInDoubt(10))
                    .singleElement()
                    .satisfies(doubt -> assertThat(doubt.since()).isEqualTo(ledger.now()))
                    .satisfies(doubt -> assertThat(doubt.key()).isEqualTo(A1))
                    .satisfies(doubt -> assertThat(doubt.call()).isEqualTo("cancel"));
            assertThat(forgettable()).isEmpty();
            if (end.equals(FollowUp.REFUSED)) {
                Claim decided = ledger.outOfTurn().take(stored("A-1")).orElseThrow();
                decided.endings()
                        .voidEnded(
                                decided.followUps().cancellation().orElseThrow().at(end, "a person said so"));
                assertThat(ledger.queries().voidsInDoubt(10)).isEmpty();
                assertThat(forgettable()).hasSize(1);
            }
        }

        assertThat(String.join("\n", texts("explain " + Queries.VOIDS_IN_DOUBT.replace("?", "10"))))
                .containsIgnoringCase("follow_up_state");
    }

    @Test
    void whatIsFollowedIsNotForgottenUntilNothingMoreIsAskedOfIt() {
        awaiting("A-1");
        ledger.outOfTurn().takeSettled(A1).orElseThrow().endings().changed("push", "{}", "completed");
        assertThat(stored("A-1").state()).isEqualTo("completed");
        assertThat(forgettable()).isEmpty();

        clock.forward(HALF_HOUR);
        Claim claim = ledger.takeDue(10).get(0);
        claim.followUps().follow(claim.followUps().all().get("track").at(FollowUp.ENDED, ""));
        claim.endings().rest();

        assertThat(forgettable()).singleElement().satisfies(over -> assertThat(over.updatedAt())
                .isEqualTo(ledger.now()));
    }

    private List<Stored> forgettable() {
        return ledger.queries()
                .remembered()
                .orders(Instant.EPOCH, clock.instant().plusSeconds(1), 10);
    }

    private static ThrowingCallable unsendable(Claim claim) {
        return () -> claim.sent("cancel", "REF-A-1", new StepFacts("v1", "request", null, null, null));
    }

    @Test
    void whatTheCarrierSaidOfAVoidIsDurableBeforeAnythingIsMadeOfIt() {
        requested("A-1");
        Claim claim = voided(ledger.takeDue(10).get(0));
        assertThat(step("A-1", "cancel")).isEqualTo("done");
        assertThat(stored("A-1").state()).isEqualTo("awaiting");
        claim.endings().rest();

        Claim again = ledger.takeDue(10).get(0);

        assertThat(again.begin("cancel")).isFalse();
        assertThat(again.answers().path("cancel").path("status").asText()).isEqualTo("cancelled");
        again.followUps().follow(again.followUps().cancellation().orElseThrow().at(FollowUp.CONFIRMED, ""));
        again.followUps().follow(again.followUps().all().get("track").at(FollowUp.ENDED, ""));
        again.endings().changed("cancelled", "{}", "cancelled");
        assertThat(stored("A-1").state()).isEqualTo("cancelled");
        assertThat(stored("A-1").dueAt()).isNull();
    }

    @Test
    void aVoidThatWasRefusedLeavesTheOrderAsItWasAndMayBeAskedForAgain() {
        requested("A-1");
        Claim claim = ledger.takeDue(10).get(0);
        claim.sent("cancel", "REF-A-1", new StepFacts("v1", "request", null, null, null));
        claim.endings().voidEnded(claim.followUps().cancellation().orElseThrow().at(FollowUp.REFUSED, "too late"));

        assertThat(stored("A-1").state()).isEqualTo("awaiting");
        assertThat(step("A-1", "cancel")).isEqualTo("rejected");
        assertThat(history("A-1")).endsWith("cancel-refused");
        assertThat(ledger.takeDue(10)).isEmpty();

        requestedAgain("A-1");
        assertThat(ledger.takeDue(10).get(0).begin("cancel")).isTrue();
    }

    @Test
    void aBookingThatWaitsGoesOnWhenItsVoidWasRefused() {
        Claim claim = sentProduct("A-1");
        claim.waits().postpone(HALF_HOUR, "throttled");
        requestedAgain("A-1");
        Claim asked = ledger.takeDue(10).get(0);
        assertThat(asked.follows()).isTrue();
        assertThat(asked.calls().open()).contains("product-1");
        asked.sent("cancel", "REF-A-1", new StepFacts("v1", "request", null, null, null));
        assertThat(stored("A-1").state()).isEqualTo("waiting");
        asked.endings().voidEnded(asked.followUps().cancellation().orElseThrow().at(FollowUp.REFUSED, "too late"));

        Claim goesOn = ledger.takeDue(10).get(0);

        assertThat(goesOn.follows()).isFalse();
        assertThat(goesOn.calls().open()).contains("product-1");
        assertThat(goesOn.begin("product-1")).isTrue();
        goesOn.sent("product-1", "REF-A-1", new StepFacts("v1", "request", null, null, null));
        dead(goesOn);
        assertThat(ledger.queries().resumption(A1).orElseThrow().call().step()).isEqualTo("product-1");
    }

    @Test
    void aDeadOrderThatCannotBeCancelledStaysDead() {
        booked(claimed(order("A-1"))).endings().dead("label", "label-refused", List.of(deadLetter("A-1")));
        Claim claim = ledger.outOfTurn().take(stored("A-1")).orElseThrow();
        claim.followUps().follow(FollowUp.requested(clock.instant(), "").at(FollowUp.UNSUPPORTED, "no way to"));
        claim.endings().changed("cancel-unsupported", "{}", claim.state());

        clock.forward(HALF_HOUR);

        assertThat(stored("A-1").state()).isEqualTo("dead-letter");
        assertThat(stored("A-1").dueAt()).isNull();
        assertThat(ledger.takeDue(10)).isEmpty();
        assertThat(ledger.queries().deadLetters().cause(A1)).contains("rejected");
        assertThat(ledger.outOfTurn().replay(A1, "{}")).isTrue();
        assertThat(ledger.queries().deadLetters().cause(A1)).isEmpty();
    }

    @Test
    void aDeadOrderWhoseCancellationBrokeOffStaysDead() {
        booked(claimed(order("A-1"))).endings().dead("label", "label-refused", List.of(deadLetter("A-1")));
        List<String> before = history("A-1");

        ledger.outOfTurn().take(stored("A-1")).orElseThrow().release();
        ledger.recover();
        assertDead(ledger);
        ledger.outOfTurn().take(stored("A-1")).orElseThrow();
        Ledger reborn = node("one");
        reborn.recover();
        assertDead(reborn);
        reborn.outOfTurn().take(stored("A-1")).orElseThrow();
        reborn.letGo();
        assertDead(node("two"));

        assertThat(history("A-1")).startsWith(before.toArray(String[]::new)).doesNotContain("taken");
    }

    private void assertDead(Ledger node) {
        assertThat(stored("A-1").state()).isEqualTo("dead-letter");
        assertThat(stored("A-1").owner()).isNull();
        assertThat(stored("A-1").dueAt()).isNull();
        assertThat(node.takeDue(10)).isEmpty();
    }

    @Test
    void whatAnOrderDiedOfIsNotWhatAnInputDiedOfThatClaimedItsIdentity() {
        booked(claimed(order("A-1"))).endings().dead("label", "label-refused", List.of(deadLetter("A-1")));
        ledger.append(Sql.of(
                "insert into dead_letter (account, order_id, reissue, id, stage, cause, message, faults, next, source, file, at)"
                        + " values ('acme', 'A-1', 0, 'later', 'accept', 'invalid', '', '[]', '', '', '',"
                        + " current_timestamp + interval '1' minute)"));

        assertThat(ledger.queries().deadLetters().cause(A1)).contains("rejected");
    }

    private Claim awaiting(String id) {
        Claim claim = booked(claimed(order(id)));
        claim.answered("{\"tracking_number\":\"\"}");
        Instant now = clock.instant();
        claim.followUps()
                .follow(FollowUp.begin("track", now, now.plus(HALF_HOUR), now.plus(Duration.ofDays(60)))
                        .awaiting("tracking_number", now.plus(Duration.ofDays(5))));
        claim.endings().settle("awaiting");
        return claim;
    }

    private void requested(String id) {
        awaiting(id);
        requestedAgain(id);
    }

    private void requestedAgain(String id) {
        Claim claim = ledger.outOfTurn().take(stored(id)).orElseThrow();
        claim.followUps().follow(FollowUp.requested(clock.instant(), ""));
        claim.endings().changed("cancel-requested", "{\"by\":\"ann\"}", claim.state());
    }

    private static Claim voided(Claim claim) {
        claim.sent("cancel", "REF-A-1", new StepFacts("v1", "request", null, null, null));
        ObjectNode brought = json("{\"status\":\"cancelled\"}");
        claim.brought("cancel", new StepFacts(null, null, "response", brought.toString(), null), brought, true);
        return claim;
    }

    private Claim sentProduct(String id) {
        Claim claim = sent(claimed(order(id)));
        ObjectNode result = json("{\"carrier_order_id\":\"7\"}");
        claim.brought("book", new StepFacts(null, null, "response", result.toString(), null), result, false);
        claim.begin("product-1");
        claim.sent("product-1", "REF-" + id, new StepFacts("v1", "request", null, null, null));
        return claim;
    }
}
