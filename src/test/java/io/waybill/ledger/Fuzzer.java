package io.waybill.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import io.waybill.testing.Patience;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * A node whose threads fight with another node, in this process or another, for the same orders, until enough has happened.
 *
 * <p>Each thread takes what is due and does a piece of work on it: a call, a wait, an end. Now and then it loses sight of the
 * order, or declares the other node dead in the middle of its work and takes everything over. Every call carries a token of its
 * own, so that the history tells who answered whose call.
 */
final class Fuzzer implements AutoCloseable {

    private static final int TAKEN = 300;
    private static final int FENCED = 3;

    private final Ledger ledger;
    private final DataSource pool;
    private final String name;
    private final String other;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger fenced = new AtomicInteger();
    private final AtomicInteger tokens = new AtomicInteger();

    Fuzzer(DataSource pool, String name, String other) {
        this.pool = pool;
        this.name = name;
        this.other = other;
        // due at once, so that an order in doubt is fought for too
        this.ledger = new Ledger(pool, name, 50, LedgerContract::parse, Clock.systemUTC()).settleFor(Duration.ZERO);
    }

    /**
     * {@code url user name other-name}; prints {@code enough} when enough has happened, fights on until its standard input
     * ends, and prints {@code taken <n> fenced <n>} then.
     */
    public static void main(String[] arguments) throws IOException {
        HikariDataSource pool = Database.open(arguments[0], arguments[1], "", 10);
        Fuzzer fuzzer = new Fuzzer(pool, arguments[2], arguments[3]);
        AtomicBoolean told = new AtomicBoolean();
        CompletableFuture<Void> fight = fuzzer.fight(8, told::get);
        long limit = System.nanoTime() + Patience.LIMIT.toNanos();
        while (!fuzzer.enough() && !fight.isDone() && System.nanoTime() < limit) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        System.out.println("enough");
        System.in.transferTo(OutputStream.nullOutputStream());
        told.set(true);
        fight.join();
        System.out.println("taken " + fuzzer.taken + " fenced " + fuzzer.fenced);
        System.out.flush();
        fuzzer.close();
        pool.close();
        System.exit(0);
    }

    /** Fights until it is told to stop; completes when all threads are done. */
    CompletableFuture<Void> fight(int threads, BooleanSupplier stop) {
        return CompletableFuture.allOf(IntStream.range(0, threads)
                .mapToObj(thread -> CompletableFuture.runAsync(() -> rounds(stop), Runners.THREADS))
                .toArray(CompletableFuture[]::new));
    }

    /** Whether it took orders often, and some of its writes came too late. */
    boolean enough() {
        return taken.get() >= TAKEN && fenced.get() >= FENCED;
    }

    @Override
    public void close() {
        ledger.close();
    }

    private void rounds(BooleanSupplier stop) {
        while (!stop.getAsBoolean()) {
            round();
        }
    }

    private void round() {
        if (chance(60)) {
            takeOver();
        }
        for (Claim claim : ledger.takeDue(2)) {
            taken.incrementAndGet();
            try {
                work(claim);
            } catch (Fenced late) {
                fenced.incrementAndGet();
            } finally {
                claim.release();
            }
        }
    }

    private void work(Claim claim) {
        if (claim.done("book") || chance(4)) {
            claim.waits().postpone(Duration.ZERO, "later");
        } else if (!chance(10)) {
            call(claim);
        }
    }

    private void call(Claim claim) {
        String token = name + "-" + tokens.incrementAndGet();
        claim.choose("birdsystem", "standard", "a-rule");
        claim.calls().allowAgain(true);
        claim.sent("book", "REF-" + claim.key().orderId(), new StepFacts("v1", token, null, null, null));
        if (chance(3)) {
            Thread.yield();
        }
        if (chance(10)) {
            return;
        }
        if (chance(2)) {
            claim.waits().postpone(Duration.ZERO, "refused");
        } else if (chance(2)) {
            claim.waits().inDoubt("no answer", Duration.ZERO);
        } else {
            ObjectNode result = LedgerContract.json("{}");
            claim.brought("book", new StepFacts(null, null, token, "{}", null), result, true);
            claim.waits().postpone(Duration.ZERO, "a sink failed");
        }
    }

    private void takeOver() {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "update node set seen_at = current_timestamp - interval '1' hour where name = ?")) {
            statement.setString(1, other);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        ledger.recover();
    }

    private static boolean chance(int of) {
        return ThreadLocalRandom.current().nextInt(of) == 0;
    }
}
