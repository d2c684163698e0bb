package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.order.OrderKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Writes that the database will never take: they harm nobody else, and their order still comes to an end. */
abstract class RefusalContract extends LedgerContract {

    private static final OrderKey A1 = new OrderKey("acme", "A-1", 0);
    private static final String SECRET = "PIIMARK-" + "x".repeat(80);

    RefusalContract(TestDatabase database) {
        super(database);
    }

    @Test
    void aRowThatDoesNotFitHarmsItsOrderOnly() {
        Claim bad = booked(claimed(order("A-1")));
        bad.sinks().join(label(A1, SECRET));
        List<Claim> good = IntStream.range(0, 50)
                .mapToObj(i -> booked(claimed(order("B-" + i))))
                .toList();
        List<CompletableFuture<Void>> ends = new ArrayList<>();

        good.forEach(claim ->
                ends.add(CompletableFuture.runAsync(() -> claim.endings().settle("completed"), Runners.THREADS)));
        assertThatThrownBy(() -> bad.endings().settle("completed")).isInstanceOf(LedgerRefused.class);

        ends.forEach(CompletableFuture::join);
        assertThat(ledger.queries().counts()).containsEntry("completed", 50L).containsEntry("booked", 1L);
    }

    @Test
    void aGroupWithABadOrderInItAcceptsTheOthers() {
        List<CompletableFuture<Acceptance>> acceptances = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            acceptances.add(ledger.accept(order(i % 10 == 0 ? "too long ".repeat(20) + i : "A-" + i)));
        }

        long refused = acceptances.stream()
                .filter(acceptance ->
                        acceptance.handle((done, failure) -> failure != null).join())
                .count();

        assertThat(refused).isEqualTo(10);
        assertThat(texts("select order_id from orders")).hasSize(90);
        assertThat(ledger.free()).isEqualTo(910);
    }

    @Test
    void aReferenceThatAnotherOrderHasIsRefusedBeforeTheCall() {
        sent(claimed(order("A-1")));
        Claim second = claimed(order("A-2"));
        second.choose("birdsystem", "standard", "a-rule");

        assertThatThrownBy(() -> second.sent("book", "REF-A-1", StepFacts.NONE))
                .isInstanceOf(LedgerRefused.class)
                .hasMessageStartingWith("order acme:A-2: the ledger refuses a write: ")
                .hasMessageMatching("(?is).*orders_reference.*");

        assertThat(second.calls().sent("book")).isFalse();
        assertThat(second.reference()).isNull();
        assertThat(history("A-2")).containsExactly("accepted");
    }

    @Test
    void anOrderWhoseReferenceWasRefusedStillComesToItsEnd() {
        sent(claimed(order("A-1")));
        Claim second = claimed(order("A-2"));
        second.choose("birdsystem", "standard", "a-rule");
        assertThatThrownBy(() -> second.sent("book", "REF-A-1", StepFacts.NONE)).isInstanceOf(LedgerRefused.class);

        dead(second);

        assertThat(stored("A-2").state()).isEqualTo("dead-letter");
        assertThat(stored("A-2").carrierReference()).isNull();
        assertThat(ledger.free()).isEqualTo(999);
    }

    @Test
    void anOrderWhoseRowsWereRefusedStillComesToItsEnd() {
        Claim claim = booked(claimed(order("A-1")));
        claim.sinks().join(label(A1, SECRET));
        claim.sinks().finish("label");
        assertThatThrownBy(() -> claim.endings().settle("completed")).isInstanceOf(LedgerRefused.class);

        dead(claim);

        assertThat(stored("A-1").state()).isEqualTo("dead-letter");
        assertThat(rows("label", "A-1")).isZero();
        assertThat(step("A-1", "label")).isEqualTo("none");
        assertThat(step("A-1", "book")).isEqualTo("done");
    }

    @Test
    void aStatementThatIsWrongIsRefusedInsteadOfWaitingForEver() {
        Claim claim = booked(claimed(order("A-1")));
        claim.sinks().join(Sql.of("insert into label (no_such_column) values (?)", "x"));

        assertThatThrownBy(() -> claim.endings().settle("completed")).isInstanceOf(LedgerRefused.class);
    }

    @Test
    void aStatementWithTooManyValuesIsRefusedInsteadOfWaitingForEver() {
        Claim claim = booked(claimed(order("A-1")));
        claim.sinks().join(Sql.of("delete from label where path = ?", "x", "y"));

        assertThatThrownBy(() -> claim.endings().settle("completed")).isInstanceOf(LedgerRefused.class);
    }

    @Test
    void aRefusalNeverTellsTheValues() {
        Claim claim = booked(claimed(order("A-1")));
        claim.sinks().join(label(A1, SECRET));

        assertThatThrownBy(() -> claim.endings().settle("completed"))
                .isInstanceOf(LedgerRefused.class)
                .satisfies(e -> {
                    for (Throwable each = e; each != null; each = each.getCause()) {
                        assertThat(each.toString()).doesNotContain("PIIMARK");
                    }
                })
                .hasMessageContaining("order acme:A-1: the ledger refuses a write: ")
                .hasMessageContaining("too long");
    }

    @Test
    void rowsOfOneOrderAreWrittenInTheirOrder() {
        Claim first = booked(claimed(order("A-1")));
        first.sinks().join(label(A1, "pdf"));
        first.sinks().join(Sql.of("delete from label where order_id = ?", "A-1"));
        Claim second = booked(claimed(order("A-2")));
        second.sinks().join(Sql.of("delete from label where order_id = ?", "A-2"));
        second.sinks().join(label(second.key(), "pdf"));
        first.sinks().join(label(A1, "zpl"));

        CompletableFuture<Void> one =
                CompletableFuture.runAsync(() -> first.endings().settle("completed"), Runners.THREADS);
        second.endings().settle("completed");
        one.join();

        assertThat(texts("select format from label order by order_id")).containsExactly("zpl", "pdf");
    }

    @Test
    void aRowOfNoClaimIsDurableWhenAppendReturns() {
        ledger.append(deadLetter("D-1"));
        ledger.append(deadLetter("D-1"));

        assertThat(texts("select id from dead_letter")).containsExactly("D-1");
        assertThatThrownBy(() -> ledger.append(deadLetter("x".repeat(500))))
                .isInstanceOf(LedgerRefused.class)
                .hasMessageStartingWith("order without a claim: the ledger refuses a write: ");
    }
}
