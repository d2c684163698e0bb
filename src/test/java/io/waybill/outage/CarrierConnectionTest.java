package io.waybill.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.TcpProxy;
import io.waybill.testing.Trouble;
import io.waybill.testing.Trouble.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What breaks after the request began to leave: nobody knows, so nothing is sent again before that is found out. */
class CarrierConnectionTest {

    private static final Map<String, Trouble> TROUBLES = troubles();

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static TcpProxy kdniao;
    private static TcpProxy mabang;
    private static TcpProxy birdsystem;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        kdniao = TcpProxy.to(sandbox.port());
        mabang = TcpProxy.to(sandbox.port());
        birdsystem = TcpProxy.to(sandbox.port());
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.carrier.kdniao.url", "http://127.0.0.1:" + kdniao.port())
                .with("waybill.carrier.mabang.url", "http://127.0.0.1:" + mabang.port())
                .with("waybill.carrier.birdsystem.url", "http://127.0.0.1:" + birdsystem.port() + "/client")
                .with("waybill.in-doubt.settle-seconds", "1")
                // each test is about one order, and none about a carrier that is down
                .with("waybill.pause.after-calls", "0")
                .changed("mappings/kdniao/carrier.yaml", "timeout: PT30S", "timeout: PT1S")
                .changed("mappings/mabang/carrier.yaml", "timeout: PT30S", "timeout: PT1S")
                .start();
        makeTrouble();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        birdsystem.close();
        mabang.close();
        kdniao.close();
        sandbox.close();
    }

    /** The carrier did what it was asked for, and its answer is lost. */
    private static List<Trouble> afterTheRequest() {
        String ok = "HTTP/1.1 200 OK\r\n";
        return List.of(
                Trouble.of(Kind.RESET_AFTER_REQUEST),
                Trouble.cutAnswer(20),
                Trouble.cutAnswer(300),
                Trouble.drip(Duration.ofMillis(100)),
                Trouble.endless(ok, "X-More: and more\r\n"),
                Trouble.endless(ok + "X-Long: ", "more"),
                Trouble.endless(ok + "Transfer-Encoding: chunked\r\n\r\n", "4\r\nmore\r\n"),
                Trouble.endless(ok + "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nmore\r\n"),
                Trouble.endless("", "HTTP/1.1 100 Continue\r\n\r\n"),
                Trouble.endless("SSH-2.0-OpenSSH_9.6\r\n", "no HTTP at all\r\n"));
    }

    /** The carrier never saw it; the first is what a connection looks like that the carrier closes at this moment. */
    private static List<Trouble> beforeTheRequest() {
        return List.of(Trouble.of(Kind.CLOSE_UNSEEN), Trouble.cutRequest(1), Trouble.cutRequest(200));
    }

    /** All at once, since each takes its time. */
    private static void makeTrouble() {
        TROUBLES.forEach((name, trouble) -> {
            kdniao.next(trouble.about("W-known-" + name));
            mabang.next(trouble.about("W-unknown-" + name));
            waybill.drop(name + "-known.json", Orders.chinese("W-known-" + name));
            waybill.drop(name + "-unknown.json", Orders.malaysian("W-unknown-" + name));
        });
    }

    private static Map<String, Trouble> troubles() {
        Map<String, Trouble> troubles = new TreeMap<>();
        afterTheRequest().forEach(trouble -> troubles.put("after-" + troubles.size(), trouble));
        beforeTheRequest().forEach(trouble -> troubles.put("before-" + troubles.size(), trouble));
        return troubles;
    }

    static Stream<Arguments> named() {
        return TROUBLES.entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("named")
    void sameBytesAgainAreAnsweredWithTheFirstWaybill(String name, Trouble trouble) {
        String id = "W-known-" + name;

        waybill.await(id, "completed");

        assertThat(Shipped.history(waybill, id)).containsSubsequence("book-sent", "in-doubt", "book-sent", "booked");
        assertThat(Shipped.bookings(sandbox, id)).hasSize(1);
        assertThat(waybill.shipment("default", id).get("tracking_number").asText())
                .isEqualTo(Shipped.bookings(sandbox, id).get(0).trackingNumber());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("named")
    void whereNobodyCanBeAskedAPersonDecides(String name, Trouble trouble) {
        String id = "W-unknown-" + name;

        assertThat(waybill.await(id, "in-doubt")).containsEntry("due_at", null);

        assertThat(Shipped.history(waybill, id)).containsExactly("accepted", "book-sent", "in-doubt");
        // the carrier may still be at it when nobody waits for its answer any more
        Patience.await().untilAsserted(() -> assertThat(Shipped.bookings(sandbox, id))
                .hasSize(name.startsWith("after") ? 1 : 0));
    }

    @Test
    void anAnswerThatTheLedgerCannotEvenNameLeavesADoubt() {
        mabang.next(Trouble.endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "\0 no size\r\n")
                .about("W-nameless"));
        waybill.drop("nameless.json", Orders.malaysian("W-nameless"));

        Patience.await().untilAsserted(() -> assertThat(Shipped.history(waybill, "W-nameless"))
                .hasSizeGreaterThan(2));
        assertThat(Shipped.history(waybill, "W-nameless")).startsWith("accepted", "book-sent", "in-doubt");
    }

    @Test
    void anAnswerThatTheLedgerCannotEvenNameLeavesTheDoubtAsItIs() {
        sandbox.script(Fault.at("birdsystem")
                .reference("W-named")
                .path("/Consignment")
                .calls(0, 1)
                .afterCommit(Reply.drop()));
        birdsystem.next(Trouble.endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "\0 no size\r\n")
                .about("GET /client/consignment?"));

        waybill.drop("named.json", Orders.british("W-named"));

        Patience.await().untilAsserted(() -> assertThat(Shipped.history(waybill, "W-named"))
                .filteredOn(what -> what.equals("in-doubt") || what.equals("waiting"))
                .hasSizeGreaterThan(1));
        assertThat(Shipped.history(waybill, "W-named")).doesNotContain("waiting");
        assertThat(waybill.query("select state from step where order_id = 'W-named' and step = 'book'"))
                .extracting(step -> step.get("state"))
                .containsExactly("in-doubt");
        assertThat(Shipped.bookings(sandbox, "W-named")).hasSize(1);
    }
}
