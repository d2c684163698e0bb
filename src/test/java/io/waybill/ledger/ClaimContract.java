package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.order.OrderKey;
import io.waybill.testing.CapturedLog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Working on an order: which step may run, what is durable when, who is fenced off. */
abstract class ClaimContract extends LedgerContract {

    private static final OrderKey A1 = new OrderKey("acme", "A-1", 0);

    ClaimContract(TestDatabase database) {
        super(database);
    }

    @Test
    void theWholeWayLeavesEveryStepDone() {
        completed(claimed(order("A-1")));

        Stored stored = stored("A-1");
        assertThat(stored.state()).isEqualTo("completed");
        assertThat(stored.owner()).isNull();
        assertThat(stored.dueAt()).isNull();
        assertThat(stored.carrierReference()).isEqualTo("REF-A-1");
        assertThat(step("A-1", "book")).isEqualTo("done");
        assertThat(step("A-1", "label")).isEqualTo("done");
        assertThat(history("A-1")).containsExactly("accepted", "book-sent", "booked", "completed");
        assertThat(ledger.claim(A1)).isEmpty();
    }

    @Test
    void aSentStepIsDurableAndNotBegunAgain() {
        Claim claim = sent(claimed(order("A-1")));

        assertThat(step("A-1", "book")).isEqualTo("sent");
        assertThat(claim.calls().sent("book")).isTrue();
        assertThatThrownBy(() -> claim.begin("book"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("order acme:A-1: step 'book' is sent; it waits to be resolved and is not sent again");
    }

    @Test
    void theCarrierIsNotAskedTwiceUnderOneClaim() {
        Claim claim = sent(claimed(order("A-1")));

        assertThatThrownBy(() -> claim.sent("book", "REF-A-1", StepFacts.NONE))
                .isInstanceOf(IllegalStateException.class);
        assertThat(history("A-1")).containsExactly("accepted", "book-sent");
    }

    @Test
    void aBookedOrderIsNotSentAgain() {
        Claim claim = booked(claimed(order("A-1")));

        assertThat(claim.begin("book")).isFalse();
        assertThatThrownBy(() -> claim.sent("book", "REF-A-1", StepFacts.NONE))
                .isInstanceOf(IllegalStateException.class);
        assertThat(step("A-1", "book")).isEqualTo("done");
    }

    @Test
    void anOrderInDoubtIsNobodysAndNotDue() {
        sent(claimed(order("A-1"))).waits().inDoubt("read timed out", null);

        assertThat(stored("A-1").state()).isEqualTo("in-doubt");
        assertThat(step("A-1", "book")).isEqualTo("in-doubt");
        assertThat(ledger.takeDue(10)).isEmpty();
        assertThat(ledger.queries().inDoubt()).extracting(Stored::key).containsExactly(A1);
        assertThat(accept(ledger, order("A-1"))).isInstanceOf(Acceptance.Duplicate.class);
    }

    @Test
    void aPostponedOrderIsDueLaterAndMayBeSentAgain() {
        sent(claimed(order("A-1"))).waits().postpone(Duration.ofMinutes(5), "refused");

        assertThat(ledger.takeDue(10)).isEmpty();
        clock.forward(Duration.ofMinutes(5));
        Claim again = ledger.takeDue(10).get(0);

        assertThat(again.attempts()).isEqualTo(1);
        assertThat(booked(again).begin("book")).isFalse();
        assertThat(texts("select attempt from step where order_id = 'A-1'")).containsExactly("2");
        assertThat(history("A-1")).containsExactly("accepted", "book-sent", "waiting", "taken", "book-sent", "booked");
    }

    @Test
    void whyAPostponedOrderWaitsIsInItsHistoryAndInTheLogByAWordOfOurs() {
        try (CapturedLog log = new CapturedLog()) {
            sent(claimed(order("A-1"))).waits().postpone(Duration.ofMinutes(5), "throttled", "they said: PIIMARK");

            assertThat(texts("select detail from history where what = 'waiting'"))
                    .containsExactly("{\"attempts\":1,\"seconds\":300,\"cause\":\"throttled\"}");
            assertThat(log.lines())
                    .noneMatch(line -> line.contains("PIIMARK"))
                    .filteredOn(line -> line.contains("change=\"waiting\""))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line).contains("order=\"acme:A-1\"", "seconds=\"300\"", "cause=\"throttled\""));
        }
    }

    @Test
    void aDoubtStaysHoweverTheOrderIsLetGoUnlessItSurelyDidNotArrive() {
        sent(claimed(order("A-1"))).waits().inDoubt("read timed out", Duration.ZERO);
        ledger.takeDue(1).get(0).waits().postpone(Duration.ZERO, "the order could not be settled");

        assertThat(stored("A-1").state()).isEqualTo("in-doubt");
        Claim again = ledger.takeDue(1).get(0);
        assertThatThrownBy(() -> sent(again)).isInstanceOf(IllegalStateException.class);
        again.calls().allowAgain(false);
        again.waits().postpone(Duration.ZERO, "it may be repeated, and is not yet");
        assertThat(step("A-1", "book")).isEqualTo("in-doubt");

        Claim absent = ledger.takeDue(1).get(0);
        absent.calls().allowAgain(true);
        absent.waits().postpone(Duration.ZERO, "to be booked again");
        assertThat(step("A-1", "book")).isEqualTo("not-sent");
        assertThat(ledger.takeDue(1).get(0).begin("book")).isTrue();
    }

    @Test
    void anAcceptedOrderThatIsLeftToOthersIsTakenOnceAndCostsFiveCommits() {
        Ledger other = node("two").leaveAccepted();
        int before = wire.commits();

        assertThat(ledger.leaveAccepted().accept(order("A-1")).join()).isEqualTo(new Acceptance.Accepted(null));
        Claim claim = other.takeAccepted(A1).orElseThrow();
        assertThat(other.takeAccepted(A1)).isEmpty();
        assertThat(ledger.takeAccepted(A1)).isEmpty();
        completed(claim);

        assertThat(wire.commits() - before).isEqualTo(5);
        assertThat(ledger.takeAccepted(A1)).isEmpty();
        assertThat(other.free()).isEqualTo(1000);
    }

    @Test
    void aReferenceStaysWithTheCarrierThatItWasMadeFor() {
        sent(claimed(order("A-1"))).waits().postpone(Duration.ZERO, "refused");
        Claim again = ledger.takeDue(1).get(0);

        again.choose(again.carrier(), "express", "other service");
        assertThat(again.reference()).isEqualTo("REF-A-1");

        again.choose("elsewhere", "standard", "other carrier");
        assertThat(again.reference()).isNull();
    }

    @Test
    void aPersonDecidesOnlyAboutADoubtThatNobodyLooksInto() {
        sent(claimed(order("A-1"))).waits().inDoubt("read timed out", Duration.ZERO);
        assertThat(texts("select reason from step where step = 'book'")).containsExactly("read timed out");
        Claim looking = ledger.takeDue(1).get(0);
        Ledger other = node("two");

        assertThat(other.outOfTurn().takeInDoubt(A1, "{\"by\":\"ann\"}")).isEmpty();
        assertThat(ledger.outOfTurn().takeInDoubt(A1, "{\"by\":\"ann\"}")).isEmpty();
        looking.waits().inDoubt("nobody answers", null);

        assertThat(other.outOfTurn().takeInDoubt(A1, "{\"by\":\"ann\"}")).isPresent();
        assertThat(ledger.outOfTurn().takeInDoubt(A1, "{\"by\":\"bob\"}")).isEmpty();
        assertThat(texts("select detail from history where what = 'resolved'")).containsExactly("{\"by\":\"ann\"}");
    }

    @Test
    void aDoubtThatWasGivenUpIsFoundAgainByAReplay() {
        sent(claimed(order("A-1"))).waits().inDoubt("read timed out", null);
        dead(ledger.outOfTurn().takeInDoubt(A1, "{}").orElseThrow());
        assertThat(step("A-1", "book")).isEqualTo("in-doubt");

        ledger.outOfTurn().replay(A1, "{}");
        Claim again = ledger.takeDue(1).get(0);

        assertThatThrownBy(() -> again.begin("book"))
                .hasMessage("order acme:A-1: step 'book' is in-doubt; it waits to be resolved and is not sent again");
    }

    @Test
    void aBookedOrderThatWaitsForASinkIsNotSentAgain() {
        Claim claim = booked(claimed(order("A-1")));
        claim.sinks().finish("label");
        claim.sinks().failed("billing", "disk full");
        claim.waits().postpone(Duration.ZERO, "waits for billing");

        Claim again = ledger.takeDue(1).get(0);

        assertThat(stored("A-1").state()).isEqualTo("booked");
        assertThat(again.begin("book")).isFalse();
        assertThat(again.begin("label")).isFalse();
        assertThat(again.begin("billing")).isTrue();
    }

    @Test
    void joinedRowsAndStepsAppearExactlyWithTheEnd() {
        Claim claim = booked(claimed(order("A-1")));
        claim.begin("label");
        claim.sinks().join(label(A1, "pdf"));
        claim.sinks().finish("label");

        assertThat(rows("label", "A-1")).isZero();
        assertThat(step("A-1", "label")).isEqualTo("none");

        claim.endings().settle("completed");
        assertThat(rows("label", "A-1")).isEqualTo(1);
        assertThat(step("A-1", "label")).isEqualTo("done");
    }

    @Test
    void joinedRowsOfAnAbandonedClaimNeverAppear() {
        Claim claim = booked(claimed(order("A-1")));
        claim.sinks().join(label(A1, "pdf"));
        claim.sinks().finish("label");

        claim.release();
        node("one").recover();

        assertThat(rows("label", "A-1")).isZero();
        assertThat(step("A-1", "label")).isEqualTo("none");
    }

    @Test
    void aFailedSinkLeavesNoRowsAndTheOthersTheirs() {
        Claim claim = booked(claimed(order("A-1")));
        claim.begin("label");
        claim.sinks().join(label(A1, "pdf"));
        claim.sinks().finish("label");
        claim.begin("billing");
        claim.sinks().join(deadLetter("half-a-bill"));
        claim.sinks().failed("billing", "the second row was refused");

        claim.waits().postpone(Duration.ZERO, "waits for billing");

        assertThat(rows("label", "A-1")).isEqualTo(1);
        assertThat(texts("select id from dead_letter")).isEmpty();
        assertThat(step("A-1", "billing")).isEqualTo("none");
    }

    @Test
    void aSinkThatRefusesWhatCameLeavesNoRowsOfIt() {
        Claim claim = booked(claimed(order("A-1")));
        claim.begin("label");
        claim.sinks().join(label(A1, "pdf"));
        claim.sinks().refused("label", "it is no label");

        dead(claim);

        assertThat(rows("label", "A-1")).isZero();
        assertThat(texts("select id from dead_letter")).containsExactly("A-1");
    }

    @Test
    void aSinkThatFailsMakesNoAnswer() {
        Claim claim = booked(claimed(order("A-1")));
        assertThat(claim.begin("answer")).isTrue();

        claim.sinks().failed("billing", "disk full");

        assertThat(claim.begin("answer")).isFalse();
    }

    @Test
    void aClaimThatWasTakenOverWritesNothing() {
        Claim late = booked(claimed(order("A-1")));
        late.sinks().join(label(A1, "pdf"));
        Ledger reborn = node("one");
        reborn.recover();
        Claim taken = reborn.takeDue(1).get(0);
        Stored before = stored("A-1");

        assertThatThrownBy(() -> late.endings().settle("completed"))
                .isInstanceOf(Fenced.class)
                .hasMessage("order acme:A-1: 'completed' was refused, since another node took the order over; it goes"
                        + " on there");

        assertThat(stored("A-1")).isEqualTo(before);
        assertThat(rows("label", "A-1")).isZero();
        taken.endings().settle("completed");
        assertThat(stored("A-1").state()).isEqualTo("completed");
    }

    @Test
    void whileAnEarlierRequestMayHaveLandedOnlyTheSameOneMayGoOut() {
        sent(claimed(order("A-1"))).waits().inDoubt("no answer", Duration.ZERO);
        Claim claim = ledger.takeDue(1).get(0);

        claim.calls().allowAgain(false);

        assertThat(claim.calls().sameRequest("book", "request")).isTrue();
        assertThat(claim.calls().sameRequest("book", "other")).isFalse();
    }

    @Test
    void whereNoEarlierRequestIsRecordedNothingIsTheSame() {
        sent(claimed(order("A-1"))).waits().inDoubt("no answer", Duration.ZERO);
        change("update step set request_fingerprint = null");
        Claim claim = ledger.takeDue(1).get(0);

        claim.calls().allowAgain(false);

        assertThat(claim.calls().sameRequest("book", "request")).isFalse();
    }

    @Test
    void everyWriteOfAFencedClaimIsRefused() {
        Claim late = claimed(order("A-1"));
        node("one").recover();
        List<String> before = history("A-1");

        assertThatThrownBy(() -> late.sent("book", "R", StepFacts.NONE)).isInstanceOf(Fenced.class);
        assertThatThrownBy(() -> late.waits().postpone(Duration.ZERO, "late")).isInstanceOf(Fenced.class);
        assertThatThrownBy(() -> late.waits().inDoubt("late", null)).isInstanceOf(Fenced.class);
        assertThatThrownBy(() -> dead(late)).isInstanceOf(Fenced.class);

        assertThat(history("A-1")).isEqualTo(before);
        assertThat(rows("step", "A-1")).isZero();
        assertThat(rows("dead_letter", "A-1")).isZero();
    }
}
