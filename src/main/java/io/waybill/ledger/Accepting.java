package io.waybill.ledger;

import io.waybill.order.Order;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * How orders become durable, and what becomes of one whose identity is taken.
 *
 * <ol>
 *   <li>An order of a new identity is written with the first row of its history; it is this node's if a hand is free, unless
 *       accepted orders are left to whoever takes them.
 *   <li>A dead order begins again: with the content that it had, or with another one if nothing was booked for it.
 *   <li>The same content is a duplicate of what is known, and other content is in conflict with it.
 * </ol>
 */
final class Accepting {

    private final Ledger ledger;
    private final GroupCommit commits;
    private final Queries queries;
    private final Hands hands;
    private final Taking taking;
    private final Executor readers;
    private volatile boolean leaves;

    Accepting(Ledger ledger, GroupCommit commits, Queries queries, Hands hands, Taking taking, Executor readers) {
        this.ledger = ledger;
        this.commits = commits;
        this.queries = queries;
        this.hands = hands;
        this.taking = taking;
        this.readers = readers;
    }

    void leave() {
        leaves = true;
    }

    boolean leaves() {
        return leaves;
    }

    /** Completes when it is durable. */
    CompletableFuture<Acceptance> accept(Order order) {
        boolean mine = reach(order);
        Instant now = ledger.now();
        String fingerprint = order.fingerprint();
        History first = History.after(
                0, History.NONE, now, "accepted", "{\"fingerprint\":\"" + fingerprint + "\"}", ledger.node());
        Sql guard = Statements.insertOrder(order, fingerprint, mine ? ledger.owner() : null, now, first);
        Write write = new Write(order.key().text(), guard, List.of(first.row(order.key())));
        return commits.submit(write)
                .whenComplete((held, failure) -> {
                    if (mine && (failure != null || !held)) {
                        hands.miss(order.key(), order.raw().length());
                    }
                    if (failure == null && held) {
                        ChangeLog.tell(order.key(), "accepted", "accepted", null, "{}");
                    }
                })
                .thenCompose(held -> held
                        ? CompletableFuture.completedFuture(new Acceptance.Accepted(
                                mine ? hands.hold(new Claim(ledger, order, 1, first, first.at())) : null))
                        : CompletableFuture.completedFuture(order)
                                .thenComposeAsync(again -> knownBefore(again, fingerprint), readers));
    }

    private boolean reach(Order order) {
        return !leaves && hands.reach(order);
    }

    private CompletableFuture<Acceptance> knownBefore(Order order, String fingerprint) {
        Stored stored = queries.find(order.key()).orElseThrow();
        boolean same = stored.fingerprint().equals(fingerprint);
        if (stored.state().equals("dead-letter")
                && (same && stored.forgottenAt() == null || !queries.booked(order.key()))) {
            return taking.again(stored, order, same ? "replayed" : "corrected", reach(order))
                    .thenComposeAsync(
                            taken -> taken.held()
                                    ? CompletableFuture.completedFuture(new Acceptance.Accepted(taken.claim()))
                                    : knownBefore(order, fingerprint),
                            readers);
        }
        if (!same) {
            return CompletableFuture.completedFuture(new Acceptance.Conflict(stored, fingerprint));
        }
        commits.submit(new Write(order.key().text(), Statements.countDuplicate(order.key()), List.of()));
        return CompletableFuture.completedFuture(new Acceptance.Duplicate(stored));
    }
}
