package io.waybill.ledger;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * Makes the writes of many concurrent orders durable with few commits, see {@link CommitLane}.
 *
 * <ol>
 *   <li>There are {@value #LANES} lanes, each with a connection of its own, so that one writes while another waits for the disk.
 *   <li>An order is always in the same lane, so that its writes keep their order and never wait for each other's locks.
 * </ol>
 */
final class GroupCommit implements AutoCloseable {

    private static final int LANES = 2;

    private final List<CommitLane> lanes;

    GroupCommit(DataSource dataSource, int largest) {
        this.lanes = IntStream.range(0, LANES)
                .mapToObj(i -> new CommitLane(dataSource, largest, "waybill-ledger-" + i))
                .toList();
    }

    /**
     * Writes, and answers when it is durable.
     *
     * @return true if the guard held; completes with {@link LedgerUnavailable} if nothing is known to be durable, with
     *     {@link LedgerRefused} if it never will be
     */
    CompletableFuture<Boolean> submit(Write write) {
        return lanes.get(Math.floorMod(write.key().hashCode(), LANES)).submit(write);
    }

    /** Waits for what became of a write. */
    static boolean await(CompletableFuture<Boolean> write) {
        try {
            return write.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    /** How many commits were made so far. */
    long commits() {
        return lanes.stream().mapToLong(CommitLane::commits).sum();
    }

    @Override
    public void close() {
        lanes.forEach(CommitLane::close);
    }
}
