package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.order.OrderKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many commits orders cost, and that what was committed can be proved later. */
abstract class CommitContract extends LedgerContract {

    CommitContract(TestDatabase database) {
        super(database);
    }

    @Test
    void anOrderAloneCostsFourCommits() {
        int before = wire.commits();

        completed(claimed(order("A-1")));

        assertThat(wire.commits() - before).isEqualTo(4);
        assertThat(ledger.commits()).isEqualTo(4);
    }

    @Test
    void concurrentOrdersShareTheirCommits() {
        int before = wire.commits();

        List<CompletableFuture<Void>> orders = IntStream.range(0, 64)
                .mapToObj(i -> CompletableFuture.runAsync(() -> completed(claimed(order("A-" + i))), Runners.THREADS))
                .toList();
        orders.forEach(CompletableFuture::join);

        assertThat(ledger.queries().counts()).containsOnly(Map.entry("completed", 64L));
        assertThat(wire.commits() - before).isLessThan(64 * 4 * 3 / 4);
    }

    @Test
    void whatBelongsToNoClaimIsOneCommitOrNothing() {
        int before = wire.commits();

        ledger.append(List.of(deadLetter("D-1"), deadLetter("D-1"), deadLetter("D-2")));

        assertThat(wire.commits() - before).isEqualTo(1);
        assertThat(texts("select id from dead_letter order by id")).containsExactly("D-1", "D-2");
        assertThatThrownBy(() -> ledger.append(List.of(deadLetter("D-3"), deadLetter("x".repeat(500)))))
                .isInstanceOf(LedgerRefused.class);
        assertThat(rows("dead_letter", "D-3")).isZero();
    }

    @Test
    void ofGuardsThatTheDriverJoinsEachIsToldWhetherItHeld() {
        try (GroupCommit group = new GroupCommit(wire.dataSource(), 64)) {
            List<CompletableFuture<Boolean>> held = IntStream.range(0, 40)
                    .mapToObj(i -> group.submit(new Write(
                            "guard " + i,
                            Sql.of(
                                    "insert into node (name, incarnation, seen_at)"
                                            + " values (?, 0, current_timestamp) on conflict do nothing",
                                    "guard-" + i % 30),
                            List.of(Sql.of(
                                    "insert into carrier_history (carrier, version, at, state, reason, actor)"
                                            + " values (?, 1, current_timestamp, 'paused', 'r', 'a')",
                                    "guard-" + i % 30)))))
                    .toList();

            assertThat(held)
                    .extracting(CompletableFuture::join)
                    .filteredOn(each -> each)
                    .hasSize(30);
        }
        assertThat(texts("select carrier from carrier_history where carrier like 'guard-%'"))
                .hasSize(30)
                .doesNotHaveDuplicates();
    }

    @Test
    void theChainOfEveryHistoryHolds() {
        completed(claimed(order("A-1")));
        dead(sent(claimed(order("A-2"))));
        completed(claimed(order("A-2", "coffee")));

        assertThat(audit("A-1")).isEmpty();
        assertThat(audit("A-2")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"what = 'x'", "detail = '{}'", "actor = 'x'", "at = at + interval '1' second", "hash = 'x'"})
    void aChangedRowIsFound(String change) {
        completed(claimed(order("A-1")));

        change("update history set " + change + " where seq = 3");

        assertThat(audit("A-1"))
                .first()
                .asString()
                .matches("order acme:A-1: history row 3 '(booked|x)' was changed after it was written");
    }

    @Test
    void aRowThatIsMissingIsFound() {
        completed(claimed(order("A-1")));

        change("delete from history where seq = 2");

        assertThat(audit("A-1")).containsExactly("order acme:A-1: history row 2 is missing");
    }

    @Test
    void aMissingEndIsFound() {
        completed(claimed(order("A-1")));

        change("delete from history where seq = 4");

        assertThat(audit("A-1"))
                .containsExactly("order acme:A-1: its last history row is not the one that the order names");
    }

    private List<String> audit(String id) {
        return new Audit(ledger.queries()).broken(new OrderKey("acme", id, 0));
    }
}
