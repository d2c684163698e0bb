package io.waybill.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
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
 *   <li>The effects of those run, again batched by text, then one commit; only then are the writers answered.
 *   <li>If anything fails, the group is rolled back and each write is tried alone, so that one bad row harms only itself.
 * </ol>
 */
final class GroupCommit implements AutoCloseable {

    private record Waiting(Write write, CompletableFuture<Boolean> answer) {}

    private static final long MOMENT_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final DataSource dataSource;
    private final int largest;
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final AtomicLong commits = new AtomicLong();
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
     * @return true if the guard held; completes with {@link LedgerUnavailable} if nothing is known to be durable
     */
    CompletableFuture<Boolean> submit(Write write) {
        Waiting waiting = new Waiting(write, new CompletableFuture<>());
        queue.add(waiting);
        if (!open && queue.remove(waiting)) {
            waiting.answer.completeExceptionally(new LedgerUnavailable("ledger: it is closed", null));
        }
        return waiting.answer;
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
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void commit(List<Waiting> group) {
        group.sort(Comparator.comparing(waiting -> waiting.write.key()));
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            commit(connection, group);
        } catch (SQLException | RuntimeException e) {
            // whoever was answered keeps that answer
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
        boolean[] held = guards(connection, group);
        effects(connection, group, held);
        connection.commit();
        commits.incrementAndGet();
        return held;
    }

    private static RuntimeException failure(Write write, Exception e) {
        boolean forbidden = e instanceof SQLException sql
                && sql.getSQLState() != null
                && (sql.getSQLState().startsWith("23") || sql.getSQLState().startsWith("22"));
        return forbidden ? refused(write, e) : unavailable(write, e);
    }

    private static LedgerRefused refused(Write write, Exception e) {
        return new LedgerRefused("order " + write.key() + ": the ledger refuses a write: " + firstLine(e), e);
    }

    private static LedgerUnavailable unavailable(Write write, Exception e) {
        return new LedgerUnavailable(
                "order " + write.key() + ": the ledger did not take a write: " + firstLine(e) + "; it is tried again",
                e);
    }

    /** Databases put the values of a row, thus personal data, behind the first line. */
    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static boolean[] guards(Connection connection, List<Waiting> group) throws SQLException {
        Map<String, List<Integer>> byText = new LinkedHashMap<>();
        for (int i = 0; i < group.size(); i++) {
            byText.computeIfAbsent(group.get(i).write.guard().text(), text -> new ArrayList<>())
                    .add(i);
        }
        boolean[] held = new boolean[group.size()];
        for (Map.Entry<String, List<Integer>> entry : byText.entrySet()) {
            List<Integer> members = entry.getValue();
            int[] counts = batch(
                    connection,
                    entry.getKey(),
                    members.stream().map(i -> group.get(i).write.guard()).toList());
            for (int i = 0; i < counts.length; i++) {
                held[members.get(i)] = counts[i] == 1;
            }
        }
        return held;
    }

    private static void effects(Connection connection, List<Waiting> group, boolean[] held) throws SQLException {
        Map<String, List<Sql>> byText = new LinkedHashMap<>();
        for (int i = 0; i < held.length; i++) {
            if (held[i]) {
                for (Sql effect : group.get(i).write.effects()) {
                    byText.computeIfAbsent(effect.text(), text -> new ArrayList<>())
                            .add(effect);
                }
            }
        }
        for (Map.Entry<String, List<Sql>> entry : byText.entrySet()) {
            batch(connection, entry.getKey(), entry.getValue());
        }
    }

    private static int[] batch(Connection connection, String text, List<Sql> statements) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            for (Sql sql : statements) {
                for (int i = 0; i < sql.values().size(); i++) {
                    statement.setObject(i + 1, sql.values().get(i));
                }
                statement.addBatch();
            }
            return statement.executeBatch();
        }
    }
}
