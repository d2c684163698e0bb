package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.OrderKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A booking of several calls: each is a step, and work that broke off goes on with the first that is not done. */
abstract class CallsContract extends LedgerContract {

    private static final OrderKey A1 = new OrderKey("acme", "A-1", 0);

    CallsContract(TestDatabase database) {
        super(database);
    }

    @Test
    void everyFurtherCallCostsOneCommit() {
        int before = wire.commits();

        Claim claim = made(made(made(claimed(order("A-1")), "book", false), "product-1", false), "submit", true);
        claim.endings().settle("completed");

        assertThat(wire.commits() - before).isEqualTo(4 + 2);
        assertThat(history("A-1"))
                .containsExactly(
                        "accepted",
                        "book-sent",
                        "booked",
                        "product-1-sent",
                        "product-1-done",
                        "submit-sent",
                        "submit-done",
                        "completed");
        assertThat(new Audit(ledger.queries()).broken(A1)).isEmpty();
    }

    @Test
    void whatACallBroughtIsDurableBeforeTheNextOneIsSent() {
        Claim claim = made(claimed(order("A-1")), "book", false);
        assertThat(step("A-1", "book")).isEqualTo("sent");
        assertThat(claim.done("book")).isTrue();
        assertThat(claim.calls().sent()).isFalse();

        ask(claim, "product-1");

        assertThat(step("A-1", "book")).isEqualTo("done");
        assertThat(texts("select result from step where step = 'book'")).containsExactly("{\"id\":\"of book\"}");
        assertThat(step("A-1", "product-1")).isEqualTo("sent");
        assertThat(stored("A-1").state()).isEqualTo("sent");
    }

    @Test
    void aCrashBeforeTheNextCallLeavesTheLastOneInDoubt() {
        made(claimed(order("A-1")), "book", false);

        assertThat(node("one").recover()).isEqualTo(new Recovery(1, 0));

        assertThat(step("A-1", "book")).isEqualTo("in-doubt");
    }

    @Test
    void aCrashInALaterCallLeavesOnlyThatOneInDoubt() {
        ask(made(claimed(order("A-1")), "book", false), "product-1");
        Ledger reborn = node("one");
        assertThat(reborn.recover()).isEqualTo(new Recovery(1, 0));
        clock.forward(Duration.ofMinutes(5));

        Claim claim = reborn.takeDue(1).get(0);

        assertThat(claim.calls().open()).contains("product-1");
        assertThat(claim.calls().inDoubt()).isTrue();
        assertThat(claim.begin("book")).isFalse();
        assertThat(claim.answers().toString()).isEqualTo("{\"book\":{\"id\":\"of book\"}}");
        assertThat(claim.result().toString()).isEqualTo("{\"id\":\"of book\"}");
        assertThatThrownBy(() -> claim.begin("product-1")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCallThatWasFoundAtTheCarrierIsDoneAndTheNextGoesOut() {
        ask(made(claimed(order("A-1")), "book", false), "product-1");
        Ledger reborn = node("one");
        reborn.recover();
        clock.forward(Duration.ofMinutes(5));
        Claim claim = reborn.takeDue(1).get(0);

        answer(claim, "product-1", false);
        assertThat(claim.calls().inDoubt()).isFalse();
        made(claim, "submit", true).endings().settle("completed");

        assertThat(step("A-1", "product-1")).isEqualTo("done");
        assertThat(history("A-1")).containsOnlyOnce("product-1-sent");
        assertThat(stored("A-1").state()).isEqualTo("completed");
    }

    @Test
    void anOrderThatWaitsInTheMiddleGoesOnThere() {
        Claim claim = made(claimed(order("A-1")), "book", false);
        ask(claim, "product-1").waits().postpone(Duration.ofMinutes(1), "throttled");
        assertThat(stored("A-1").state()).isEqualTo("waiting");
        assertThat(step("A-1", "product-1")).isEqualTo("not-sent");
        clock.forward(Duration.ofMinutes(1));

        Claim again = ledger.takeDue(1).get(0);

        assertThat(again.begin("book")).isFalse();
        assertThat(again.begin("product-1")).isTrue();
        assertThat(again.calls().bound()).isTrue();
    }

    @Test
    void aCallThatWasRejectedIsWhereAReplayGoesOn() {
        dead(ask(made(claimed(order("A-1")), "book", false), "product-1"));
        assertThat(step("A-1", "book")).isEqualTo("done");
        assertThat(step("A-1", "product-1")).isEqualTo("rejected");

        Claim replayed = claimed(order("A-1"));

        assertThat(replayed.begin("book")).isFalse();
        assertThat(replayed.begin("product-1")).isTrue();
        dead(replayed);
        assertThat(accept(ledger, order("A-1", "other goods"))).isInstanceOf(Acceptance.Conflict.class);
    }

    @Test
    void theDoubtAboutACallIsNoneAboutTheNextOne() {
        sent(claimed(order("A-1"))).waits().inDoubt("no answer", Duration.ZERO);
        Claim claim = ledger.takeDue(1).get(0);
        claim.calls().allowAgain(false);
        ask(claim, "book");
        assertThat(claim.calls().doubted()).isTrue();

        answer(claim, "book", false);

        assertThat(claim.calls().doubted()).isFalse();
        assertThat(claim.calls().sameRequest("submit", "of the submit")).isTrue();
    }

    @Test
    void whatALaterCallSaysOfTheShipmentIsDurableWithIt() {
        Claim claim = made(claimed(order("A-1")), "book", false);
        ask(claim, "submit");
        claim.result().put("status", "submitted");
        claim.revise();

        answer(claim, "submit", true);

        assertThat(texts("select result from step where step = 'book'"))
                .containsExactly("{\"id\":\"of book\",\"status\":\"submitted\"}");
    }

    @Test
    void aFencedClaimKeepsNothingOfWhatItWasAnswered() {
        Claim late = made(claimed(order("A-1")), "book", false);
        node("one").recover();

        assertThatThrownBy(() -> ask(late, "product-1")).isInstanceOf(Fenced.class);

        assertThat(step("A-1", "book")).isEqualTo("in-doubt");
        assertThat(step("A-1", "product-1")).isEqualTo("none");
    }

    private static Claim made(Claim claim, String step, boolean last) {
        return answer(ask(claim, step), step, last);
    }

    private static Claim ask(Claim claim, String step) {
        claim.choose("birdsystem", "standard", "a-rule");
        assertThat(claim.begin(step)).isTrue();
        claim.sent(step, "REF-A-1", new StepFacts("v1", "request", null, null, null));
        return claim;
    }

    private static Claim answer(Claim claim, String step, boolean last) {
        ObjectNode brought = json("{\"id\":\"of " + step + "\"}");
        claim.brought(step, new StepFacts(null, null, "response", brought.toString(), null), brought, last);
        return claim;
    }
}
