package io.waybill.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.order.OrderKey;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.PostgresProcess;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.TcpProxy;
import io.waybill.testing.Trouble;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.MBeanException;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two things go wrong at once, or in an unlucky order. */
@Tag("crash")
class TwoFaultsTest {

    /** The acceptance, three calls of a booking, a void, and their ends. */
    private static final int COMMITS = 9;

    private static final int LEASE = 5;

    @TempDir
    Path temp;

    private PostgresProcess postgres;
    private TcpProxy wire;
    private Sandbox sandbox;
    private RunningWaybill waybill;

    @BeforeEach
    void start() {
        postgres = PostgresProcess.start(temp.resolve("postgres"));
        wire = TcpProxy.to(postgres.port());
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        startWaybill();
    }

    @AfterEach
    void stop() {
        waybill.close();
        sandbox.close();
        wire.close();
        postgres.close();
    }

    private void startWaybill() {
        waybill = on("work").start();
    }

    private RunningWaybill.Start on(String node) {
        return RunningWaybill.on(temp.resolve(node))
                .carriers(sandbox)
                .with("waybill.in-doubt.settle-seconds", "1")
                .with("waybill.take-over.poll-ms", "500")
                .with("waybill.pause.after-calls", "0")
                .with("waybill.db.url", postgres.url(wire.port()) + "?socketTimeout=4")
                .with("waybill.db.user", "postgres")
                .with("waybill.lease-seconds", String.valueOf(LEASE))
                .with("waybill.node", node);
    }

    @Test
    void anyOneCommitOfSeveralCallsAndTheirVoidIsNotAcknowledged() {
        int cut = 0;
        while (wire.toCut() == 0) {
            String id = "L-" + cut;
            wire.cutAtAnswer("COMMIT", cut++, 1);
            waybill.drop(id + ".json", Orders.british(id));
            waybill.awaitAnswered(id);
            Patience.await("void of " + id)
                    .until(() -> told("cancel", id, "not wanted"), said -> said.contains("cancelled already"));
            waybill.await(id, "cancelled");

            assertThat(bookings(id)).extracting(Booked::state).as(id).containsExactly("CANCELLED");
            assertThat(Shipped.history(waybill, id))
                    .as(id)
                    .containsOnlyOnce(
                            "accepted",
                            "book-sent",
                            "booked",
                            "submit-sent",
                            "submit-done",
                            "cancel-sent",
                            "cancel-done")
                    .doesNotContain("in-doubt", "cancel-in-doubt");
        }
        assertThat(cut).isGreaterThan(COMMITS);
        awaitFree();
    }

    @Test
    void theDatabaseSaysNothingMoreInTheMiddleOfAWrite() {
        wire.next(Trouble.of(Trouble.Kind.HOLD).about("S-silent"));

        waybill.drop("S-silent.json", Orders.malaysian("S-silent"));
        waybill.drop("S-other.json", Orders.malaysian("S-other"));

        Shipped.once(waybill, sandbox, List.of("S-silent", "S-other"));
        awaitFree();
    }

    @Test
    void itIsStoppedWhileTheDatabaseIsAwayAndOrdersAreInDoubt() {
        sandbox.script(
                Fault.at("kdniao").reference("D-k").calls(0, 1).afterCommit(Reply.drop()),
                Fault.at("kdniao").reference("D-late").delay(Duration.ofSeconds(3)),
                Fault.at("birdsystem")
                        .path("/Consignment")
                        .reference("D-b")
                        .calls(0, 1)
                        .delay(Duration.ofSeconds(3)),
                Fault.at("mabang").reference("D-m").delay(Duration.ofSeconds(3)));
        waybill.drop("D-k.json", Orders.chinese("D-k"));
        waybill.drop("D-late.json", Orders.chinese("D-late"));
        waybill.drop("D-b.json", Orders.british("D-b"));
        waybill.drop("D-m.json", Orders.malaysian("D-m"));
        List<String> ids = List.of("D-k", "D-late", "D-b", "D-m");
        Patience.await().until(() -> ids.stream().allMatch(id -> bookings(id).size() == 1));

        postgres.kill();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(waybill::close);
        waybill.drop("D-next.json", Orders.chinese("D-next"));
        postgres.start();
        stopped.join();
        startWaybill();

        Patience.await().until(() -> waybill.order(key("D-m")).get("owner") == null);
        if (waybill.order(key("D-m")).get("state").equals("in-doubt")) {
            told("resolve", "D-m", "adopt", bookings("D-m").get(0).carrierOrderId(), "asked them");
        }
        Shipped.once(waybill, sandbox, List.of("D-k", "D-late", "D-b", "D-m", "D-next"));
        awaitFree();
    }

    @Test
    void nodesThatWereAllWithoutTheDatabaseForLongerThanTheirLeaseTakeNothingFromEachOther() {
        sandbox.script(Fault.at("mabang").calls(0, -1).delay(Duration.ofSeconds(10)));
        List<String> ids = IntStream.range(0, 10).mapToObj(i -> "N-" + i).toList();
        try (RunningWaybill other = on("other").start()) {
            ids.forEach(id -> (id.hashCode() % 2 == 0 ? waybill : other).drop(id + ".json", Orders.malaysian(id)));
            Patience.await()
                    .until(() -> ids.stream().allMatch(id -> bookings(id).size() == 1));
            wire.refuse();
            Patience.await().until(() -> lapsed() == 2);
            wire.pass();

            ids.forEach(id -> waybill.await(id, "completed"));
            assertThat(ids).allSatisfy(id -> assertThat(Shipped.history(waybill, id))
                    .containsExactly("accepted", "book-sent", "booked", "completed"));
        }
    }

    private long lapsed() throws SQLException {
        try (Connection connection = postgres.connection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from node where seen_at < current_timestamp - interval '" + LEASE
                                + "' second")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void manyPeopleDecideAboutOneOrderAtOnce() {
        List<String> ids = IntStream.range(0, 12).mapToObj(i -> "P-" + i).toList();
        ids.forEach(id -> {
            sandbox.script(Fault.at("mabang").reference(id).calls(0, 1).instead(Reply.drop()));
            waybill.drop(id + ".json", Orders.malaysian(id));
        });
        ids.forEach(id -> waybill.await(id, "in-doubt"));
        List<CompletableFuture<String>> said = new ArrayList<>();
        for (String id : ids) {
            for (String decision : List.of("rebook", "rebook", "abandon")) {
                said.add(CompletableFuture.supplyAsync(() -> told("resolve", id, decision, "", "we asked them")));
            }
            said.add(CompletableFuture.supplyAsync(() -> told("cancel", id, "not wanted")));
            said.add(CompletableFuture.supplyAsync(() -> told("replay", id, "once more")));
        }

        assertThat(said)
                .extracting(CompletableFuture::join)
                .filteredOn(each -> each.matches("order default:P-\\d+: (rebook|abandon) accepted"))
                .hasSizeGreaterThanOrEqualTo(ids.size());
        Patience.await().untilAsserted(() -> assertThat(ids)
                .allSatisfy(id -> assertThat(isEnded(id)).isTrue()));
        assertThat(ids).allSatisfy(id -> assertThat(bookings(id))
                .hasSize(waybill.order(key(id)).get("state").equals("completed") ? 1 : 0));
        awaitFree();
    }

    /** What is given up and then replayed is in doubt again. */
    private boolean isEnded(String id) {
        return waybill.atRest(key(id))
                && List.of("completed", "dead-letter", "in-doubt")
                        .contains(waybill.order(key(id)).get("state"));
    }

    @Test
    void theSameOrdersComeByTwoFilesAgainAndAgainWhileTheDatabaseDies() {
        List<String> ids = IntStream.range(0, 120).mapToObj(i -> "T-" + i).toList();
        String lines = String.join(
                "\n", ids.stream().map(id -> Orders.chinese(id).toString()).toList());
        for (int round = 0; round < 3; round++) {
            waybill.drop("same.ndjson", lines);
            waybill.drop("other-" + round + ".ndjson", lines);
            int booked = sandbox.booked().size();
            Patience.await()
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> sandbox.booked().size() > Math.min(booked + 10, 119));
            postgres.kill();
            waybill.drop("same.ndjson", lines);
            postgres.start();
        }

        Shipped.once(waybill, sandbox, ids);
        Patience.await().until(() -> RunningWaybill.files(waybill.inbox()).isEmpty());
        assertThat(ids)
                .allSatisfy(id -> assertThat(Shipped.history(waybill, id)).containsOnlyOnce("accepted", "booked"));
        awaitFree();
    }

    private List<Booked> bookings(String id) {
        return Shipped.bookings(sandbox, id);
    }

    private void awaitFree() {
        Patience.await()
                .untilAsserted(
                        () -> assertThat(waybill.engine().ledger().free()).isEqualTo(1000));
    }

    private static OrderKey key(String id) {
        return Shipped.key(id);
    }

    /** What an operation says, or why it does nothing. */
    private static String told(String operation, String id, String... more) {
        List<Object> arguments = new ArrayList<>(List.of("default", id, 0));
        arguments.addAll(List.of(more));
        String[] signature = arguments.stream()
                .map(each -> each instanceof Integer ? "int" : "java.lang.String")
                .toArray(String[]::new);
        try {
            Object said = ManagementFactory.getPlatformMBeanServer()
                    .invoke(new ObjectName("io.waybill:type=Operations"), operation, arguments.toArray(), signature);
            return said instanceof Map<?, ?> row ? row.get("state") + ", " + row.get("says") : String.valueOf(said);
        } catch (RuntimeMBeanException | MBeanException e) {
            return e.getCause().toString();
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
