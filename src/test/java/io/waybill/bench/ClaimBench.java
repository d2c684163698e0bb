package io.waybill.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.ledger.Acceptance;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Database;
import io.waybill.ledger.Ledger;
import io.waybill.order.Json;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * What a claim costs in a large ledger beside a small one, on one PostgreSQL.
 *
 * <ol>
 *   <li>Two databases are filled with finished orders, their history and their booking, and with {@value #WAITING} that wait.
 *   <li>In turns, each takes {@value #CLAIMS} new orders: they are accepted together, taken when they are due, and given back
 *       as those of a dead node would be, which is looked for once.
 *   <li>They are finished before the next turn, which is not measured.
 * </ol>
 */
final class ClaimBench {

    private static final int WAITING = 5_000;
    private static final int SMALL = 5_000;
    private static final int CLAIMS = 500;
    private static final int WARM = 4;
    private static final int TURNS = 16;

    /** Nanoseconds of one turn. */
    private record Turn(long accept, long take, long recover) {

        long all() {
            return accept + take + recover;
        }
    }

    private ClaimBench() {}

    static void run(Path work, int orders) throws IOException, SQLException {
        try (BenchDatabase server = BenchDatabase.postgres(work.resolve("claims"));
                Side small = new Side(server, "small", SMALL);
                Side large = new Side(server, "large", orders)) {
            for (int turn = 0; turn < WARM + TURNS; turn++) {
                small.turn(turn);
                large.turn(turn);
            }
            System.out.printf(
                    "%n%-22s %10s %10s %10s %10s%n", "us per claim, median", "accept", "take", "recover", "all");
            small.print();
            large.print();
            System.out.printf(
                    Locale.ROOT,
                    "%-22s %10.2f %10.2f %10.2f %10.2f%n",
                    "ratio",
                    large.median(Turn::accept) / small.median(Turn::accept),
                    large.median(Turn::take) / small.median(Turn::take),
                    large.median(Turn::recover) / small.median(Turn::recover),
                    large.median(Turn::all) / small.median(Turn::all));
        }
    }

    private interface Part {
        long of(Turn turn);
    }

    private static final class Side implements AutoCloseable {

        private final int orders;
        private final HikariDataSource pool;
        private final Ledger ledger;
        private final List<Turn> turns = new ArrayList<>();

        Side(BenchDatabase server, String name, int orders) throws SQLException {
            this.orders = orders;
            try (HikariDataSource all = Database.open(server.url(name), "postgres", "", 2)) {
                execute(all, "create database " + name);
            }
            pool = Database.open(server.url(name).replaceFirst("/postgres$", "/" + name), "postgres", "", 8);
            long start = System.nanoTime();
            fill();
            System.out.printf("%d orders filled in %d s%n", orders, (System.nanoTime() - start) / 1_000_000_000);
            ledger = new Ledger(pool, "bench", Integer.MAX_VALUE, Side::parse, Clock.systemUTC());
        }

        private static Order parse(OrderKey key, String raw, String source) {
            return new Order(key, (com.fasterxml.jackson.databind.node.ObjectNode) read(raw), raw, source);
        }

        private static com.fasterxml.jackson.databind.JsonNode read(String raw) {
            try {
                return Json.orders().readTree(raw);
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                throw new IllegalArgumentException(e);
            }
        }

        /** The keys are made when the rows are there, which is much faster. */
        private void fill() throws SQLException {
            String numbers = " from generate_series(1, " + orders + ") n";
            for (String table : List.of("orders", "step", "history")) {
                execute(pool, "alter table " + table + " drop constraint " + table + "_pkey");
            }
            execute(
                    pool,
                    "drop index orders_due",
                    "drop index orders_reference",
                    "insert into orders (account, order_id, reissue, state, carrier, service, rule, carrier_reference,"
                            + " source, fingerprint, payload, shipment, epoch, attempts, lives, duplicates, history_seq,"
                            + " history_hash, accepted_at, updated_at) select 'default', 'C-' || lpad(n::text, 9, '0'), 0,"
                            + " 'completed', 'kdniao', 'yto', 'r', 'C-' || lpad(n::text, 9, '0'), 'a.json', md5(n::text),"
                            + " '{\"order_id\":\"' || n || '\",\"content\":\"' || repeat('x', 300) || '\"}',"
                            + " '{\"tracking_number\":\"' || n || '\"}', 1, 0, 0, 0, 6, md5(n::text) || md5(n::text), now(),"
                            + " now()" + numbers,
                    "insert into step (account, order_id, reissue, step, state, attempt, owner, since)"
                            + " select 'default', 'C-' || lpad(n::text, 9, '0'), 0, 'book', 'done', 1, 'bench', now()"
                            + numbers,
                    "insert into history (account, order_id, reissue, seq, at, what, detail, actor, hash)"
                            + " select 'default', 'C-' || lpad(n::text, 9, '0'), 0, 1, now(), 'accepted', '{}', 'bench',"
                            + " md5(n::text) || md5(n::text)" + numbers,
                    "update orders set state = 'waiting', due_at = now() + interval '1' day where order_id > 'C-"
                            + String.format(Locale.ROOT, "%09d", orders - Math.min(WAITING, orders / 2)) + "'",
                    "alter table orders add primary key (account, order_id, reissue)",
                    "alter table step add primary key (account, order_id, reissue, step)",
                    "alter table history add primary key (account, order_id, reissue, seq)",
                    "create index orders_due on orders (owner, due_at)",
                    "create unique index orders_reference on orders (carrier, account, carrier_reference)",
                    "vacuum analyze",
                    "checkpoint");
        }

        void turn(int number) {
            long start = System.nanoTime();
            List<CompletableFuture<Acceptance>> accepted = IntStream.range(0, CLAIMS)
                    .mapToObj(i -> new OrderKey("default", "N-" + number + "-" + i, 0))
                    .map(key -> ledger.accept(parse(key, SampleOrders.text("N", number), "a.json")))
                    .toList();
            List<Claim> claims = accepted.stream()
                    .map(CompletableFuture::join)
                    .map(acceptance -> ((Acceptance.Accepted) acceptance).claim())
                    .toList();
            long took = System.nanoTime();
            claims.forEach(Claim::release);
            ledger.recover();
            long recovered = System.nanoTime();
            List<Claim> again = ledger.takeDue(CLAIMS);
            long taken = System.nanoTime();
            if (again.size() != CLAIMS) {
                throw new IllegalStateException("taken: " + again.size());
            }
            finish(again);
            if (number >= WARM) {
                turns.add(new Turn(took - start, taken - recovered, recovered - took));
            }
        }

        private static void finish(List<Claim> claims) {
            claims.parallelStream().forEach(claim -> {
                claim.answered("{}");
                claim.endings().settle("completed");
            });
        }

        double median(Part part) {
            long[] sorted = turns.stream().mapToLong(part::of).sorted().toArray();
            return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2.0 / CLAIMS / 1000;
        }

        void print() {
            System.out.printf(
                    Locale.ROOT,
                    "%-22s %10.1f %10.1f %10.1f %10.1f%n",
                    orders + " orders",
                    median(Turn::accept),
                    median(Turn::take),
                    median(Turn::recover),
                    median(Turn::all));
        }

        private static void execute(HikariDataSource pool, String... statements) throws SQLException {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("set synchronous_commit to off");
                for (String sql : statements) {
                    statement.execute(sql);
                }
                statement.execute("set synchronous_commit to on");
            }
        }

        @Override
        public void close() {
            ledger.close();
            pool.close();
        }
    }
}
