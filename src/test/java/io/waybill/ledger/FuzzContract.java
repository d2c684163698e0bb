package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.order.OrderKey;
import io.waybill.testing.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** Many threads of two nodes want the same orders at once. */
abstract class FuzzContract extends LedgerContract {

    private static final int THREADS = 8;
    private static final int ROUNDS = 25;

    /** Deliberately unprotected: only mutual exclusion makes it exact. */
    private int counter;

    FuzzContract(TestDatabase database) {
        super(database);
    }

    @Test
    void onlyOneAtATimeWorksOnAnOrder() {
        List<Ledger> nodes = List.of(ledger, node("two"));
        claimed(order("A-1")).waits().postpone(Duration.ZERO, "to be fought for");

        together(thread -> {
            Ledger node = nodes.get(thread % 2);
            for (int round = 0; round < ROUNDS; round++) {
                Claim claim = taken(node);
                int before = counter;
                Thread.yield();
                counter = before + 1;
                claim.waits().postpone(Duration.ZERO, "next");
            }
        });

        assertThat(counter).isEqualTo(THREADS * ROUNDS);
        assertThat(stored("A-1").attempts()).isEqualTo(THREADS * ROUNDS + 1);
        assertThat(stored("A-1").historySeq()).isEqualTo(2 + 2 * THREADS * ROUNDS);
    }

    @Test
    void everyDueOrderIsTakenExactlyOnce() {
        for (int i = 0; i < 300; i++) {
            claimed(order("A-" + i)).waits().postpone(Duration.ZERO, "due");
        }
        List<Ledger> nodes = List.of(ledger, node("two"));
        Queue<OrderKey> taken = new ConcurrentLinkedQueue<>();

        together(thread -> {
            while (taken.size() < 300) {
                nodes.get(thread % 2).takeDue(20).forEach(claim -> taken.add(claim.key()));
            }
        });

        assertThat(taken).hasSize(300).doesNotHaveDuplicates();
        assertThat(nodes.get(0).free() + nodes.get(1).free()).isEqualTo(1700);
    }

    @Test
    void nodesThatDeclareEachOtherDeadNeverWorkOnOneOrderTogether() {
        for (int i = 0; i < 40; i++) {
            accept(node("full", 0), order("A-" + i));
        }

        try (Fuzzer one = new Fuzzer(wire.dataSource(), "left", "right");
                Fuzzer two = new Fuzzer(wire.dataSource(), "right", "left")) {
            BooleanSupplier enough = () -> one.enough() && two.enough();
            CompletableFuture.allOf(one.fight(THREADS / 2, enough), two.fight(THREADS / 2, enough))
                    .orTimeout(Patience.MILLIS, TimeUnit.MILLISECONDS)
                    .join();
        }

        for (int i = 0; i < 40; i++) {
            Chain.assertOneClaimAtATime(ledger.queries(), new OrderKey("acme", "A-" + i, 0));
        }
    }

    @Test
    void ofManyThatBringTheSameOrderOneIsAccepted() {
        List<Ledger> nodes = List.of(ledger, node("two"));
        Queue<Acceptance> acceptances = new ConcurrentLinkedQueue<>();

        together(thread -> {
            for (int i = 0; i < 50; i++) {
                acceptances.add(accept(nodes.get(thread % 2), order("A-" + i)));
            }
        });

        assertThat(acceptances).hasSize(THREADS * 50);
        assertThat(acceptances.stream().filter(each -> each instanceof Acceptance.Accepted))
                .hasSize(50);
        assertThat(acceptances.stream().filter(each -> each instanceof Acceptance.Duplicate))
                .hasSize(THREADS * 50 - 50);
        assertThat(nodes.get(0).free() + nodes.get(1).free()).isEqualTo(1950);
    }

    @Test
    void ofManyCorrectionsOneIsTakenAndTheOthersAreConflicts() {
        dead(claimed(order("A-1")));
        List<Ledger> nodes = List.of(ledger, node("two"));
        Queue<Acceptance> acceptances = new ConcurrentLinkedQueue<>();

        together(thread -> acceptances.add(accept(nodes.get(thread % 2), order("A-1", "correction " + thread))));

        assertThat(acceptances.stream().filter(each -> each instanceof Acceptance.Accepted))
                .hasSize(1);
        assertThat(acceptances.stream().filter(each -> each instanceof Acceptance.Conflict))
                .hasSize(THREADS - 1);
        assertThat(nodes.get(0).free() + nodes.get(1).free()).isEqualTo(1999);
    }

    private static Claim taken(Ledger node) {
        for (long until = System.nanoTime() + Patience.LIMIT.toNanos(); System.nanoTime() < until; ) {
            List<Claim> claims = node.takeDue(1);
            if (!claims.isEmpty()) {
                return claims.get(0);
            }
            Thread.yield();
        }
        throw new AssertionError("the order is not due to anybody");
    }

    private static void together(IntConsumer work) {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int number = thread;
            threads.add(CompletableFuture.runAsync(
                    () -> {
                        meet(start);
                        work.accept(number);
                    },
                    Runners.THREADS));
        }
        CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new))
                .orTimeout(Patience.MILLIS, TimeUnit.MILLISECONDS)
                .join();
    }

    private static void meet(CyclicBarrier start) {
        try {
            start.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
