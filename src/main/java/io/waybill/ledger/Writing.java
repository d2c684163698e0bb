package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * How the writes of orders become durable, whatever the database does meanwhile.
 *
 * <ol>
 *   <li>A write whose guard changed nothing is refused with {@link Fenced}, unless it is found to be written already.
 *   <li>While the database is away it is tried again, in growing pauses, until the node stops; where it was written all the
 *       same and only the answer got lost, it is not written twice.
 * </ol>
 */
final class Writing {

    private static final long LONGEST_PAUSE_MS = 5_000;

    private final GroupCommit commits;
    private final Queries queries;
    private final Nodes nodes;
    private volatile boolean open = true;

    Writing(GroupCommit commits, Queries queries, Nodes nodes) {
        this.commits = commits;
        this.queries = queries;
        this.nodes = nodes;
    }

    /** From now on nothing waits for the database any more. */
    void stop() {
        open = false;
    }

    /** Waits for the database as long as the node runs; a commit whose acknowledgement was lost is found again by its hash. */
    void order(OrderKey key, String what, Write write, History row) {
        write(key, what, write, () -> row.hash().equals(queries.historyHash(key)));
    }

    /** As {@link #order}, without a row in the history; found again by the order's epoch, which nobody changed since. */
    void rest(OrderKey key, Write write, long epoch) {
        write(key, "rest", write, () -> queries.find(key)
                .filter(stored -> stored.epoch() == epoch && !nodes.token().equals(stored.owner()))
                .isPresent());
    }

    private void write(OrderKey key, String what, Write write, BooleanSupplier written) {
        boolean again = false;
        for (long pause = 50; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
            try {
                if (again && written.getAsBoolean()) {
                    return;
                }
                again = true;
                if (!GroupCommit.await(commits.submit(write)) && !written.getAsBoolean()) {
                    throw new Fenced(key, what);
                }
                return;
            } catch (LedgerUnavailable e) {
                if (!open || !pause(pause)) {
                    throw e;
                }
            }
        }
    }

    private static boolean pause(long milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
