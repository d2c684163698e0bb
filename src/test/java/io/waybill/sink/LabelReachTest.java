package io.waybill.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.testing.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a download connects to, and whom it believes. */
class LabelReachTest {

    private static final Supplier<List<InetAddress>> LOOPBACK = () -> List.of(InetAddress.getLoopbackAddress());
    private static final Duration LONG = Patience.LIMIT;
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final byte[] LABEL = "%PDF-1.4 label".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    static Path folder;

    private static SSLContext key;

    private LabelServer server;

    @BeforeAll
    static void makeKey() throws Exception {
        key = LabelServer.key(folder);
    }

    @BeforeEach
    void start() throws Exception {
        server = new LabelServer(key);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aHandshakeThatHangsEndsAtTheDeadlineAndLeavesNoConnection() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DnsResolver lookup = LabelServer.resolver(silent.getLocalPort(), LOOPBACK);

            assertThatThrownBy(() -> new LabelDownload(server.network(lookup, SHORT)).fetch(url("/1.pdf")))
                    .isInstanceOf(IOException.class)
                    .hasMessage("label: fetching it from 'labels.example.com' took longer than 2000 ms");
            assertEnds(silent.accept());
        }
    }

    @Test
    void aLookupThatHangsEndsAtTheDeadline() {
        CompletableFuture<List<InetAddress>> never = new CompletableFuture<>();
        DnsResolver lookup = server.resolver(never::join);

        assertThatThrownBy(() -> new LabelDownload(server.network(lookup, SHORT)).fetch(url("/1.pdf")))
                .isInstanceOf(IOException.class)
                .hasMessage("label: fetching it from 'labels.example.com' took longer than 2000 ms");
        never.complete(List.of());
    }

    @Test
    void aHostThatRefusesConnectionsIsTriedAgainLater() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        DnsResolver lookup = LabelServer.resolver(closed, LOOPBACK);

        assertThatThrownBy(() -> new LabelDownload(server.network(lookup, LONG)).fetch(url("/1.pdf")))
                .isInstanceOf(IOException.class)
                .hasMessage("label: host 'labels.example.com' gave nothing: HttpHostConnectException");
    }

    @Test
    void aHostWithoutAnAddressIsTriedAgainLater() {
        DnsResolver lookup = LabelServer.resolver(1, () -> List.of());

        assertThatThrownBy(() -> new LabelDownload(server.network(lookup, LONG)).fetch(url("/1.pdf")))
                .isInstanceOf(IOException.class)
                .hasMessage("label: host 'labels.example.com' gave nothing: UnknownHostException");
    }

    @Test
    void oneForbiddenAddressRefusesTheHost() throws Exception {
        server.at("/1.pdf", 200, LABEL);
        DnsResolver lookup = server.resolver(InetAddress.getLoopbackAddress(), InetAddress.getByName("10.0.0.1"));

        assertThatThrownBy(() -> new LabelDownload(server.network(lookup, LONG)).fetch(url("/1.pdf")))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: host 'labels.example.com' has the address 10.0.0.1, which is not public; nothing"
                        + " was fetched from it");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aHostThatAnswersOtherwiseTheSecondTimeIsAskedOnce() throws Exception {
        server.at("/1.pdf", 200, LABEL);
        InetAddress inside = InetAddress.getByName("169.254.169.254");
        AtomicInteger asked = new AtomicInteger();
        DnsResolver lookup = server.resolver(() -> asked.incrementAndGet() == 1 ? LOOPBACK.get() : List.of(inside));

        byte[] label = new LabelDownload(server.network(lookup, LONG)).fetch(url("/1.pdf"));

        assertThat(label).isEqualTo(LABEL);
        assertThat(asked).hasValue(1);
    }

    @Test
    void theRealRulesForbidLoopback() {
        LabelDownload.Network test = server.network(LONG);
        LabelDownload.Network real = new LabelDownload.Network(test.lookup(), PublicAddress::test, test.trust(), LONG);

        assertThatThrownBy(() -> new LabelDownload(real).fetch(url("/1.pdf")))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: host 'labels.example.com' has the address 127.0.0.1, which is not public; nothing"
                        + " was fetched from it");
    }

    @Test
    void aCertificateThatNobodyKnowsIsNotBelieved() throws Exception {
        server.at("/1.pdf", 200, LABEL);
        LabelDownload.Network test = server.network(LONG);
        LabelDownload.Network real =
                new LabelDownload.Network(test.lookup(), test.allowed(), SSLContext.getDefault(), LONG);

        assertThatThrownBy(() -> new LabelDownload(real).fetch(url("/1.pdf")))
                .isInstanceOf(IOException.class)
                .hasMessage("label: host 'labels.example.com' gave nothing: SSLHandshakeException");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aCertificateOfAnotherHostIsNotBelieved() {
        server.at("/1.pdf", 200, LABEL);

        assertThatThrownBy(() -> new LabelDownload(server.network(LONG))
                        .fetch(LabelUrl.parse("https://other.example.com/1.pdf")))
                .isInstanceOf(IOException.class)
                .hasMessage("label: host 'other.example.com' gave nothing: SSLPeerUnverifiedException");
        assertThat(server.requests).isEmpty();
    }

    private static LabelUrl url(String path) {
        return LabelUrl.parse("https://" + LabelServer.HOST + path);
    }

    /** The other side hangs up. */
    private static void assertEnds(Socket connection) throws IOException {
        try (connection) {
            connection.setSoTimeout(Patience.MILLIS);
            connection.getInputStream().readAllBytes();
        } catch (SocketException e) {
            assertThat(e).hasMessage("Connection reset");
        }
    }
}
