package io.waybill.ledger;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Makes the writes of many concurrent orders durable with one commit.
 *
 * <ol>
 *   <li>One thread takes what is waiting, at most {@code largest} writes; after a group of several it first lets company
 *       come for a moment, since where many write, few commits serve all.
 *   <li>All guards run, same texts as one JDBC batch; the update counts say who may go on.
 *   <li>The effects of those run, again batched by text, each order's in their own order; then one commit; only then are
 *       the writers answered.
 *   <li>If anything fails, the group is rolled back and each write is tried alone, so that one bad row harms only itself.
 *   <li>A write that the database will never take is refused; any other failure may pass, so it may be tried again.
 * </ol>
 */
final class GroupCommit implements AutoCloseable {

    /** SQL states that trying again does not mend: wrong statements, values that do not fit, broken constraints. */
    private static final Set<String> LASTING = Set.of("07", "0A", "21", "22", "23", "42", "54");

    /** H2's own: a value too many, a value too few. */
    private static final Set<String> LASTING_H2 = Set.of("90008", "90012");

    private record Waiting(Write write, CompletableFuture<Boolean> answer) {}

    private static final long MOMENT_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final DataSource dataSource;
    private final int largest;
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final AtomicLong commits = new AtomicLong();
    private final Values values = new Values();
    private final Thread thread;
    private volatile boolean open = true;

    GroupCommit(DataSource dataSource, int largest) {
        this.dataSource = dataSource;
        this.largest = largest;
        this.thread = new Thread(this::run, "waybill-ledger");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Writes, and answers when it is durable.
     *
     * @return true if the guard held, or there is none; completes with {@link LedgerUnavailable} if nothing is known to be
     *     durable, with {@link LedgerRefused} if it never will be
     */
    CompletableFuture<Boolean> submit(Write write) {
        Waiting waiting = new Waiting(write, new CompletableFuture<>());
        queue.add(waiting);
        if (!open && queue.remove(waiting)) {
            waiting.answer.completeExceptionally(new LedgerUnavailable("ledger: it is closed", null));
        }
        return waiting.answer;
    }

    /** Waits for what became of a write; a failure is the one that it completes with. */
    static <T> T await(CompletableFuture<T> write) {
        try {
            return write.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    /** How many commits were made so far. */
    long commits() {
        return commits.get();
    }

    @Override
    public void close() {
        open = false;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Waiting> group = new ArrayList<>(largest);
        boolean busy = false;
        while (open || !queue.isEmpty()) {
            try {
                Waiting first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    group.add(first);
                    if (busy) {
                        LockSupport.parkNanos(MOMENT_NS);
                    }
                    queue.drainTo(group, largest - 1);
                    busy = group.size() > 1;
                    commit(group);
                    group.clear();
                }
            } catch (InterruptedException e) {
                // only close() ends this thread, else every writer would wait for ever
            }
        }
    }

    private void commit(List<Waiting> group) {
        group.sort(Comparator.comparing(waiting -> waiting.write.key()));
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            commit(connection, group);
        } catch (Throwable e) {
            // whoever was answered keeps that answer; an Error too must reach the writers, who wait without end
            group.forEach(waiting -> waiting.answer.completeExceptionally(unavailable(waiting.write, e)));
        }
    }

    private void commit(Connection connection, List<Waiting> group) throws SQLException {
        try {
            boolean[] held = write(connection, group);
            for (int i = 0; i < held.length; i++) {
                group.get(i).answer.complete(held[i]);
            }
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            if (group.size() == 1) {
                group.get(0).answer.completeExceptionally(failure(group.get(0).write, e));
                return;
            }
            for (Waiting waiting : group) {
                commit(connection, List.of(waiting));
            }
        }
    }

    private boolean[] write(Connection connection, List<Waiting> group) throws SQLException {
        for (Waiting waiting : group) {
            waiting.write.check();
        }
        boolean[] held = guards(connection, group);
        effects(connection, group, held);
        connection.commit();
        commits.incrementAndGet();
        return held;
    }

    private static RuntimeException failure(Write write, Exception e) {
        String state = e instanceof SQLException sql ? cause(sql).getSQLState() : null;
        boolean lasting = e instanceof RuntimeException
                || state != null
                        && state.length() == 5
                        && (LASTING.contains(state.substring(0, 2)) || LASTING_H2.contains(state));
        return lasting ? refused(write, e) : unavailable(write, e);
    }

    private static LedgerRefused refused(Write write, Exception e) {
        return new LedgerRefused("order " + write.key() + ": the ledger refuses a write: " + words(e), discreet(e));
    }

    private static LedgerUnavailable unavailable(Write write, Throwable e) {
        return new LedgerUnavailable(
                "order " + write.key() + ": the ledger did not take a write: " + words(e) + LedgerUnavailable.AGAIN,
                discreet(e));
    }

    /** Databases put the values of a row, thus personal data, behind the first line or between quotes. */
    private static String words(Throwable e) {
        String message = e instanceof SQLException sql ? cause(sql).getMessage() : e.getMessage();
        String line = String.valueOf(message).lines().findFirst().orElse("");
        return line.replaceAll("'[^']*('|$)", "'...'").replaceAll("VALUES \\(.*\\)", "VALUES (...)");
    }

    /** The driver of PostgreSQL repeats the whole statement, values included, and keeps the database's words behind it. */
    private static SQLException cause(SQLException e) {
        return e instanceof BatchUpdateException && e.getNextException() != null ? e.getNextException() : e;
    }

    private static Throwable discreet(Throwable e) {
        String state = e instanceof SQLException sql ? cause(sql).getSQLState() : null;
        SQLException told = new SQLException(e.getClass().getSimpleName() + " " + words(e), state);
        told.setStackTrace(e.getStackTrace());
        return told;
    }

    private boolean[] guards(Connection connection, List<Waiting> group) throws SQLException {
        boolean[] held = new boolean[group.size()];
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < held.length; i++) {
            Sql guard = group.get(i).write.guard();
            held[i] = guard == null;
            if (guard != null) {
                Batch.add(batches, 0, guard, i);
            }
        }
        for (Batch batch : batches) {
            int[] counts = run(connection, batch);
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] == Statement.SUCCESS_NO_INFO) {
                    // the driver joined the rows of several guards; alone, each is told whether it held
                    throw new SQLException("it is not known which guards held");
                }
                held[batch.members().get(i)] = counts[i] == 1;
            }
        }
        return held;
    }

    private void effects(Connection connection, List<Waiting> group, boolean[] held) throws SQLException {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < held.length; i++) {
            int last = 0;
            for (Sql effect : held[i] ? group.get(i).write.effects() : List.<Sql>of()) {
                last = Batch.add(batches, last, effect, i);
            }
        }
        for (Batch batch : batches) {
            run(connection, batch);
        }
    }

    private int[] run(Connection connection, Batch batch) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(batch.text())) {
            for (Sql sql : batch.statements()) {
                values.bind(statement, sql);
                statement.addBatch();
            }
            return statement.executeBatch();
        }
    }
}
