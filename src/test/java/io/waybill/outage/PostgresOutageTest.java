package io.waybill.outage;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.engine.EmbeddedBroker;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.PostgresProcess;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.TcpProxy;
import io.waybill.testing.Trouble;
import jakarta.jms.JMSContext;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL that goes away and comes back, at every moment that matters. */
class PostgresOutageTest {

    @TempDir
    static Path temp;

    private static PostgresProcess postgres;
    private static TcpProxy wire;
    private static Sandbox sandbox;
    private static TcpProxy carrier;
    private static EmbeddedBroker broker;
    private static RunningWaybill waybill;

    @BeforeAll
    static void startAll() {
        postgres = PostgresProcess.start(temp.resolve("postgres"));
        wire = TcpProxy.to(postgres.port());
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        carrier = TcpProxy.to(sandbox.port());
        broker = EmbeddedBroker.start(temp.resolve("broker"), List.of("waybill.orders", "waybill.shipments"));
        String url = "http://127.0.0.1:" + carrier.port();
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.carrier.mabang.url", url)
                .with("waybill.db.url", postgres.url(wire.port()))
                .with("waybill.db.user", "postgres")
                .with("waybill.db.connections", "4")
                .with("waybill.broker.url", broker.url())
                .start();
    }

    @AfterAll
    static void stopAll() {
        waybill.close();
        broker.close();
        carrier.close();
        sandbox.close();
        wire.close();
        postgres.close();
    }

    @AfterEach
    void everybodyIsThere() {
        Patience.await()
                .untilAsserted(
                        () -> assertThat(waybill.engine().ledger().free()).isEqualTo(1000));
    }

    @Test
    void stoppedBeforeTheOrdersComeByFolderAndQueue() {
        postgres.stop();
        waybill.drop("P-file.json", Orders.malaysian("P-file"));
        send("P-message");
        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> pool().getHikariPoolMXBean().getThreadsAwaitingConnection() > 0);
        int before = sandbox.calls("mabang");
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.holds("P-file.json"));

        postgres.start();

        Shipped.once(waybill, sandbox, List.of("P-file", "P-message"));
        assertThat(sandbox.calls("mabang")).isEqualTo(before + 2);
        waybill.awaitArchived("P-file.json");
    }

    @Test
    void killedBetweenTheBookingAndItsResult() {
        carrier.next(Trouble.delay(Duration.ofSeconds(2)).about("P-between"));
        waybill.drop("P-between.json", Orders.malaysian("P-between"));
        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> Shipped.bookings(sandbox, "P-between").size() == 1);
        int calls = sandbox.calls("mabang");

        postgres.kill();
        postgres.start();

        Shipped.once(waybill, sandbox, List.of("P-between"));
        assertThat(sandbox.calls("mabang")).isEqualTo(calls);
        assertThat(Shipped.history(waybill, "P-between"))
                .containsExactly("accepted", "book-sent", "booked", "completed");
    }

    @Test
    void killedAndStoppedWhileGroupsCommitAndOrdersKeepComing() {
        List<String> ids = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            int booked = sandbox.booked().size();
            ids.addAll(orders("P-load-" + round, 60));
            for (int i = 0; i < 20; i++) {
                String id = "P-queue-" + round + "-" + i;
                send(id);
                ids.add(id);
            }
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(RunningWaybill.PATIENCE)
                    .until(() -> sandbox.booked().size() > booked + 10);
            if (round == 0) {
                postgres.kill();
            } else {
                postgres.stop();
            }
            postgres.start();
        }

        Shipped.once(waybill, sandbox, ids);
        assertThat(ids)
                .allSatisfy(id -> assertThat(Shipped.history(waybill, id)).containsOnlyOnce("book-sent"));
    }

    @Test
    void everyFewCommitsTheAcknowledgementIsLost() {
        int calls = sandbox.calls("mabang");
        wire.cutAtAnswer("COMMIT", 8);
        List<String> ids = new ArrayList<>();

        for (int i = 0; wire.toCut() > 0; i++) {
            ids.addAll(orders("P-lost-" + i, 2));
            String last = ids.get(ids.size() - 1);
            waybill.await(last, "completed");
        }

        Shipped.once(waybill, sandbox, ids);
        assertThat(sandbox.calls("mabang")).isEqualTo(calls + ids.size());
        assertThat(ids).allSatisfy(id -> assertThat(Shipped.history(waybill, id))
                .containsOnlyOnce("accepted", "book-sent", "booked", "completed"));
    }

    @Test
    void cutOffByTheAdministratorAgainAndAgain() {
        List<String> ids = orders("P-cut", 60);
        for (int i = 0; i < 10; i++) {
            int booked = sandbox.booked().size();
            postgres.run("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'waybill'");
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(RunningWaybill.PATIENCE)
                    .until(() -> sandbox.booked().size() > booked || booked >= 60);
        }

        Shipped.once(waybill, sandbox, ids);
    }

    @Test
    void chosenAsTheVictimOfADeadlock() throws Exception {
        postgres.run(
                "alter database postgres set deadlock_timeout = '6s'",
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'waybill'");
        try (Connection other = postgres.connection();
                Statement statement = other.createStatement()) {
            statement.execute("set deadlock_timeout = '60s'");
            other.setAutoCommit(false);
            carrier.next(Trouble.of(Trouble.Kind.HOLD).about("P-dead"));
            waybill.drop("P-dead.json", Orders.malaysian("P-dead"));
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> carrier.held() == 1);
            long before = count("deadlocks");
            // the ledger takes the order's row first and its steps then; this goes the other way
            statement.execute("lock table step in access exclusive mode");
            carrier.deliver();
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waiting() > 0);
            statement.execute("update orders set duplicates = duplicates where order_id = 'P-dead'");
            other.rollback();
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> count("deadlocks") > before);
        } finally {
            postgres.run("alter database postgres reset deadlock_timeout");
        }

        Shipped.once(waybill, sandbox, List.of("P-dead"));
        assertThat(Shipped.history(waybill, "P-dead")).containsOnlyOnce("booked");
    }

    @Test
    void stricterThanItNeedsToBe() {
        postgres.run(
                "alter database postgres set default_transaction_isolation = 'serializable'",
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'waybill'");
        try {
            Shipped.once(waybill, sandbox, orders("P-serial", 40));
        } finally {
            postgres.run("alter database postgres reset default_transaction_isolation");
        }
    }

    @Test
    void readOnlyForAWhile() {
        postgres.run(
                "alter database postgres set default_transaction_read_only = on",
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'waybill'");
        int calls = sandbox.calls("mabang");
        long rollbacks = count("xact_rollback");
        List<String> ids = orders("P-read", 3);
        send("P-read-message");
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> count("xact_rollback") > rollbacks + 3);
        assertThat(sandbox.calls("mabang")).isEqualTo(calls);

        postgres.run(
                "set default_transaction_read_only = off",
                "alter database postgres reset default_transaction_read_only",
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'waybill'");

        Shipped.once(
                waybill,
                sandbox,
                Stream.concat(ids.stream(), Stream.of("P-read-message")).toList());
    }

    @Test
    void connectionsAllTakenByOthers() throws Exception {
        List<Connection> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            taken.add(pool().getConnection());
        }
        List<String> ids = orders("P-pool", 5);
        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> pool().getHikariPoolMXBean().getThreadsAwaitingConnection() > 0);

        for (Connection each : taken) {
            each.close();
        }

        Shipped.once(waybill, sandbox, ids);
    }

    /** Drops so many orders, in files of ten. */
    private static List<String> orders(String name, int count) {
        List<String> ids =
                IntStream.range(0, count).mapToObj(i -> name + "-" + i).toList();
        for (int i = 0; i < count; i += 10) {
            String lines = ids.subList(i, Math.min(count, i + 10)).stream()
                    .map(id -> Orders.malaysian(id) + "\n")
                    .collect(Collectors.joining());
            waybill.drop(name + "-" + i + ".ndjson", lines);
        }
        return ids;
    }

    private static void send(String id) {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(broker.url());
                JMSContext jms = factory.createContext()) {
            jms.createProducer()
                    .send(
                            jms.createQueue("waybill.orders"),
                            Orders.malaysian(id).toString());
        }
    }

    private static HikariDataSource pool() {
        return waybill.engine().main().lookup("ledgerDb", HikariDataSource.class);
    }

    /** How many sessions wait for another one's lock. */
    private static long waiting() {
        return number("select count(*) from pg_locks where not granted");
    }

    private static long count(String what) {
        return number("select " + what + " from pg_stat_database where datname = 'postgres'");
    }

    private static long number(String query) {
        try (Connection connection = postgres.connection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
