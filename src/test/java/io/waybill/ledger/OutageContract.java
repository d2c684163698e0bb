package io.waybill.ledger;

import static io.waybill.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The database is away, or did what it was asked and could not say so. */
abstract class OutageContract extends LedgerContract {

    OutageContract(TestDatabase database) {
        super(database);
    }

    @Test
    void anAcceptanceFailsAtOnceSoThatTheInputStays() {
        wire.refuse(Integer.MAX_VALUE);

        assertThatThrownBy(() -> accept(ledger, order("A-1")))
                .hasCauseInstanceOf(LedgerUnavailable.class)
                .hasMessageEndingWith(
                        "order acme:A-1: the ledger did not take a write: connection refused; it is tried" + " again");
        assertThat(ledger.free()).isEqualTo(1000);

        wire.refuse(0);
        assertThat(claimed(order("A-1"))).isNotNull();
    }

    @Test
    void aReplayThatIsNotDurableFailsAtOnceSoThatTheInputStays() {
        dead(claimed(order("A-1")));
        wire.refuseAfterCommit();

        assertThatThrownBy(() -> accept(ledger, order("A-1"))).hasCauseInstanceOf(LedgerUnavailable.class);
        assertThat(ledger.free()).isEqualTo(1000);
    }

    @Test
    void theWritesOfAClaimWaitForTheDatabase() {
        Claim claim = claimed(order("A-1"));
        wire.refuse(5);

        completed(claim);

        assertThat(wire.toRefuse()).isZero();
        assertThat(stored("A-1").state()).isEqualTo("completed");
        assertThat(history("A-1")).containsExactly("accepted", "book-sent", "booked", "completed");
    }

    @Test
    void everyCommitWhoseAnswerWasLostIsFoundAndNotRepeated() {
        Claim claim = claimed(order("A-1"));

        wire.loseAnswers(1);
        sent(claim);
        wire.loseAnswers(1);
        claim.brought("book", StepFacts.NONE, json("{}"), true);
        wire.loseAnswers(1);
        claim.endings().settle("completed");

        assertThat(history("A-1")).containsExactly("accepted", "book-sent", "booked", "completed");
        assertThat(stored("A-1").state()).isEqualTo("completed");
    }

    @Test
    void anAcceptanceWhoseAnswerWasLostIsADuplicateAndComesBack() {
        wire.loseAnswers(1);
        assertThatThrownBy(() -> accept(ledger, order("A-1"))).hasCauseInstanceOf(LedgerUnavailable.class);

        assertThat(accept(ledger, order("A-1"))).isInstanceOf(Acceptance.Duplicate.class);

        assertThat(ledger.recover()).isEqualTo(new Recovery(0, 1));
        completed(ledger.takeDue(1).get(0));
        assertThat(ledger.free()).isEqualTo(1000);
    }

    @Test
    void aTakeWhoseAnswerWasLostComesBack() {
        claimed(order("A-1")).release();
        ledger.recover();
        wire.loseAnswers(1);

        assertThat(ledger.takeDue(1)).isEmpty();

        assertThat(ledger.recover()).isEqualTo(new Recovery(0, 1));
        completed(ledger.takeDue(1).get(0));
        assertThat(ledger.free()).isEqualTo(1000);
    }

    @Test
    void anOrderThatWasTakenButNotReadComesBack() {
        claimed(order("A-1")).release();
        ledger.recover();
        List<Stored> due = ledger.queries().due().unfinished(clock.instant(), 10);
        assertThat(due).hasSize(1);
        wire.refuseAfterCommit();

        assertThat(ledger.takeDue(1)).isEmpty();

        wire.refuse(0);
        assertThat(ledger.free()).isEqualTo(1000);
        assertThat(ledger.recover()).isEqualTo(new Recovery(0, 1));
        completed(ledger.takeDue(1).get(0));
    }

    @Test
    void whoTakesAnOrderOutOfTurnIsToldThatTheDatabaseIsAway() {
        sent(claimed(order("A-1"))).waits().inDoubt("no answer", null);
        dead(claimed(order("A-2")));
        completed(claimed(order("A-3")));

        wire.loseAnswers(3);
        assertThatThrownBy(() -> ledger.outOfTurn().takeInDoubt(stored("A-1").key(), "{}"))
                .isInstanceOf(LedgerUnavailable.class);
        assertThatThrownBy(() -> ledger.outOfTurn().replay(stored("A-2").key(), "{}"))
                .isInstanceOf(LedgerUnavailable.class);
        assertThatThrownBy(() -> ledger.outOfTurn().takeSettled(stored("A-3").key()))
                .isInstanceOf(LedgerUnavailable.class);

        assertThat(ledger.free()).isEqualTo(1000);
        assertThat(ledger.recover()).isEqualTo(new Recovery(0, 2));
    }

    @Test
    void anErrorThatNobodyExpectsDoesNotStopTheLedger() {
        wire.fail(new StackOverflowError("of a driver"));

        assertThatThrownBy(() -> accept(ledger, order("A-1"))).hasCauseInstanceOf(LedgerUnavailable.class);

        assertThat(claimed(order("A-1"))).isNotNull();
    }

    @Test
    void anInterruptedLedgerThreadGoesOn() {
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("waybill-ledger"))
                .forEach(Thread::interrupt);

        assertThat(claimed(order("A-1"))).isNotNull();
    }

    @Test
    void anInterruptedWaitEndsAndTheOrderIsFoundAgain() throws Exception {
        Claim claim = claimed(order("A-1"));
        wire.refuse(Integer.MAX_VALUE);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread waiting = new Thread(() -> sent(claim));
        waiting.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
        waiting.start();
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);

        waiting.interrupt();
        waiting.join();

        assertThat(failure.get()).isInstanceOf(LedgerUnavailable.class);
        wire.refuse(0);
        claim.release();
        assertThat(ledger.recover()).isEqualTo(new Recovery(0, 1));
    }

    @Test
    void closingAnswersEveryWriteThatWaits() {
        Claim claim = claimed(order("A-1"));
        wire.refuse(Integer.MAX_VALUE);
        CompletableFuture<Claim> waiting = CompletableFuture.supplyAsync(() -> sent(claim), Runners.THREADS);
        await().until(() -> wire.toRefuse() < Integer.MAX_VALUE);

        ledger.close();

        assertThatThrownBy(waiting::join).hasCauseInstanceOf(LedgerUnavailable.class);
        assertThatThrownBy(() -> accept(ledger, order("A-2")))
                .hasCauseInstanceOf(LedgerUnavailable.class)
                .hasMessageEndingWith("ledger: it is closed");
    }

    @Test
    void closingWritesWhatWasSubmittedBefore() {
        List<CompletableFuture<Acceptance>> acceptances = IntStream.range(0, 200)
                .mapToObj(i -> ledger.accept(order("A-" + i)))
                .toList();

        ledger.close();

        assertThat(acceptances)
                .allMatch(CompletableFuture::isDone)
                .noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(texts("select order_id from orders")).hasSize(200);
    }
}
