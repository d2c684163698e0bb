package io.waybill.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * A node whose threads fight with another node, in this process or another, for the same orders, for some seconds.
 *
 * <p>Each thread takes what is due and does a piece of work on it: a call, a wait, an end. Now and then it loses sight of the
 * order, or declares the other node dead in the middle of its work and takes everything over. Every call carries a token of its
 * own, so that the history tells who answered whose call.
 */
final class Fuzzer implements AutoCloseable {

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

    /** {@code url user name other-name seconds}; prints {@code taken <n> fenced <n>} at the end. */
    public static void main(String[] arguments) {
        HikariDataSource pool = Database.open(arguments[0], arguments[1], "", 10);
        Fuzzer fuzzer = new Fuzzer(pool, arguments[2], arguments[3]);
        System.out.println("ready");
        fuzzer.fight(8, Long.parseLong(arguments[4])).join();
        System.out.println("taken " + fuzzer.taken + " fenced " + fuzzer.fenced);
        System.out.flush();
        fuzzer.close();
        pool.close();
        System.exit(0);
    }

    /** Completes when all threads are done. */
    CompletableFuture<Void> fight(int threads, long seconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        return CompletableFuture.allOf(IntStream.range(0, threads)
                .mapToObj(thread -> CompletableFuture.runAsync(() -> rounds(end), Runners.THREADS))
                .toArray(CompletableFuture[]::new));
    }

    /** How often it took an order. */
    int taken() {
        return taken.get();
    }

    /** How many of its writes came too late. */
    int fenced() {
        return fenced.get();
    }

    @Override
    public void close() {
        ledger.close();
    }

    private void rounds(long end) {
        while (System.nanoTime() < end) {
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
            claim.postpone(Duration.ZERO, "later");
        } else if (!chance(10)) {
            call(claim);
        }
    }

    private void call(Claim claim) {
        String token = name + "-" + tokens.incrementAndGet();
        claim.choose("birdsystem", "standard", "a-rule");
        claim.allowAgain(true);
        claim.sent("book", "REF-" + claim.key().orderId(), new StepFacts("v1", token, null, null, null));
        if (chance(3)) {
            Thread.yield();
        }
        if (chance(10)) {
            return;
        }
        if (chance(2)) {
            claim.postpone(Duration.ZERO, "refused");
        } else if (chance(2)) {
            claim.inDoubt("no answer", Duration.ZERO);
        } else {
            ObjectNode result = LedgerContract.json("{}");
            claim.brought("book", new StepFacts(null, null, token, "{}", null), result, true);
            claim.postpone(Duration.ZERO, "a sink failed");
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
