package io.waybill.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.HeldPort;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.TcpProxy;
import io.waybill.testing.TlsKey;
import io.waybill.testing.Trouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing can have left: the order waits, is never in doubt, and is shipped when the carrier is reached. */
class CarrierUnreachedTest {

    @TempDir
    Path temp;

    private Sandbox sandbox;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
    }

    @AfterEach
    void stop() {
        TlsKey.believeNoMore();
        sandbox.close();
    }

    @Test
    void nameThatNoServerKnows() {
        try (RunningWaybill waybill = waybill("http://carrier.invalid").start()) {
            assertWaits(waybill, "mabang was not reached: UnknownHostException carrier.invalid");
        }
        try (RunningWaybill again = waybill(sandbox.uri().toString()).start()) {
            Shipped.once(again, sandbox, List.of("U-1"));
        }
    }

    @Test
    @SuppressWarnings("try") // the first server ends before the second begins
    void serverWithoutTlsBehindAnHttpsAddressThenWithIt() {
        TlsKey key = TlsKey.in(temp);
        key.believe();
        try (HeldPort port = HeldPort.any();
                TcpProxy plain = TcpProxy.to(sandbox.port(), port.number(), null);
                RunningWaybill waybill =
                        waybill("https://127.0.0.1:" + port.number()).start()) {
            assertWaits(waybill, "mabang was not reached: SSLException Unsupported or unrecognized SSL message");

            plain.close();
            try (TcpProxy secure = TcpProxy.to(sandbox.port(), port.number(), key.context())) {
                Shipped.once(waybill, sandbox, List.of("U-1"));
                assertThat(secure.requests()).isEqualTo(1);
            }
            assertThat(Shipped.history(waybill, "U-1")).doesNotContain("in-doubt");
        }
    }

    @Test
    void certificateThatNobodySigned() {
        TlsKey key = TlsKey.in(temp);
        try (TcpProxy secure = TcpProxy.to(sandbox.port(), 0, key.context());
                RunningWaybill waybill =
                        waybill("https://127.0.0.1:" + secure.port()).start()) {
            assertWaits(waybill, "mabang was not reached: SSLHandshakeException");
            assertThat(sandbox.calls("mabang")).isZero();
        }
    }

    @Test
    void handshakeThatIsCutThatIsNeverAnsweredAndThatDrips() {
        try (TcpProxy cut = TcpProxy.to(sandbox.port());
                RunningWaybill waybill =
                        quick("https://127.0.0.1:" + cut.port()).start()) {
            cut.next(
                    Trouble.cutRequest(10),
                    Trouble.of(Trouble.Kind.HOLD),
                    Trouble.endless("", "\u0016\u0003\u0003\u0000\u0001\u0000"),
                    Trouble.of(Trouble.Kind.CLOSE_UNSEEN));

            waybill.drop("U-1.json", Orders.malaysian("U-1"));

            Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(
                            Shipped.history(waybill, "U-1").stream().filter("waiting"::equals))
                    .hasSizeGreaterThanOrEqualTo(5));
            assertThat(Shipped.history(waybill, "U-1")).doesNotContain("in-doubt");
        }
    }

    @Test
    void portThatTakesNoMoreConnections() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> crowd = crowd(full);
            try (RunningWaybill waybill = waybill("http://127.0.0.1:" + full.getLocalPort())
                    .changed("mappings/mabang/carrier.yaml", "timeout: PT5S", "timeout: PT1S")
                    .start()) {
                assertWaits(waybill, "mabang was not reached: ConnectTimeoutException");
            } finally {
                for (Socket socket : crowd) {
                    socket.close();
                }
            }
        }
        try (RunningWaybill again = waybill(sandbox.uri().toString()).start()) {
            Shipped.once(again, sandbox, List.of("U-1"));
        }
    }

    @Test
    void poolWhoseOnlyConnectionIsBusy() {
        try (TcpProxy proxy = TcpProxy.to(sandbox.port());
                RunningWaybill waybill = waybill("http://127.0.0.1:" + proxy.port())
                        .changed("mappings/mabang/carrier.yaml", "timeout: PT5S", "timeout: PT1S")
                        .with("camel.component.http.connectionsPerRoute", "1")
                        .with("waybill.pause.after-calls", "1")
                        .start()) {
            proxy.next(Trouble.of(Trouble.Kind.HOLD));
            waybill.drop("U-0.json", Orders.malaysian("U-0"));
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> proxy.held() == 1);

            assertWaits(waybill, "mabang was not reached: ConnectionRequestTimeoutException");
            // it is our own pool that is too small
            assertThat(waybill.query("select * from carrier_state")).isEmpty();
            proxy.deliver();

            Shipped.once(waybill, sandbox, List.of("U-0", "U-1"));
            assertThat(Shipped.history(waybill, "U-0")).containsOnlyOnce("book-sent");
        }
    }

    private static void assertWaits(RunningWaybill waybill, String reason) {
        waybill.drop("U-1.json", Orders.malaysian("U-1"));

        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(
                        waybill.query("select reason from step where order_id = 'U-1' and state = 'not-sent'"))
                .first()
                .extracting(row -> row.get("reason"))
                .asString()
                .startsWith(reason));
        assertThat(Shipped.history(waybill, "U-1")).contains("waiting").doesNotContain("in-doubt");
    }

    /** Takes every place in the queue of a port; whoever comes then hangs. */
    private static List<Socket> crowd(ServerSocket full) throws IOException {
        List<Socket> crowd = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Socket socket = new Socket();
            crowd.add(socket);
            try {
                socket.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 300);
            } catch (SocketTimeoutException hangs) {
                return crowd;
            }
        }
        assumeTrue(false, "this system takes connections that nobody accepts");
        return crowd;
    }

    private RunningWaybill.Start waybill(String url) {
        return RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.carrier.mabang.url", url)
                // each test is about one order, and none about a carrier that is down
                .with("waybill.pause.after-calls", "0");
    }

    private RunningWaybill.Start quick(String url) {
        return waybill(url)
                .changed("mappings/mabang/carrier.yaml", "timeout: PT5S", "timeout: PT1S")
                .changed("mappings/mabang/carrier.yaml", "timeout: PT30S", "timeout: PT1S");
    }
}
