package io.waybill.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.waybill.testing.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a download makes of an answer, in its limits of size and time. */
class LabelDownloadTest {

    /** What the server takes for an answer without a length. */
    private static final long NOT_ANNOUNCED = 0;

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
    void aLabelIsFetchedAsItIs() throws Exception {
        server.at("/1.pdf", 200, LABEL);

        assertThat(fetch("/1.pdf?key=a%20b")).isEqualTo(LABEL);
        assertThat(server.requests.get(0).getRequestURI()).hasToString("/1.pdf?key=a%20b");
    }

    @Test
    void theLargestLabelIsFetched() throws Exception {
        server.at("/1.pdf", 200, new byte[LabelDownload.MAX_BYTES]);

        assertThat(fetch("/1.pdf")).hasSize(LabelDownload.MAX_BYTES);
    }

    @Test
    void nothingIsSentThatNamesUsOrWasSentToUs() throws Exception {
        server.at("/1.pdf", exchange -> {
            exchange.getResponseHeaders().add("Set-Cookie", "id=1; Path=/");
            exchange.sendResponseHeaders(200, LABEL.length);
            exchange.getResponseBody().write(LABEL);
        });
        LabelDownload download = new LabelDownload(server.network(LONG));

        download.fetch(url("/1.pdf"));
        download.fetch(url("/1.pdf"));

        Headers second = server.requests.get(1).getRequestHeaders();
        assertThat(second.keySet()).containsExactlyInAnyOrder("Host", "Connection", "User-agent");
        assertThat(second.get("User-agent")).containsExactly("waybill");
    }

    @Test
    void aRedirectIsRefusedAndNotFollowed() {
        server.at("/2.pdf", 200, LABEL).at("/1.pdf", exchange -> {
            exchange.getResponseHeaders().add("Location", "https://labels.example.com/2.pdf");
            exchange.sendResponseHeaders(302, -1);
        });

        assertThatThrownBy(() -> fetch("/1.pdf"))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: host 'labels.example.com' answered 302, expected 200");
        assertThat(server.requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 307, 400, 403, 404, 410})
    void anAnswerThatIsNotALabelIsRefused(int status) {
        server.at("/1.pdf", status, status == 204 ? new byte[0] : LABEL);

        assertThatThrownBy(() -> fetch("/1.pdf"))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: host 'labels.example.com' answered " + status + ", expected 200");
    }

    @Test
    void askingForAPasswordIsRefusedAndNotAnswered() {
        server.at("/1.pdf", exchange -> {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"labels\"");
            exchange.sendResponseHeaders(401, -1);
        });

        assertThatThrownBy(() -> fetch("/1.pdf"))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: host 'labels.example.com' answered 401, expected 200");
        assertThat(server.requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {202, 408, 425, 429, 500, 502, 503, 504})
    void anAnswerThatMayChangeIsTriedAgainLaterButNotAtOnce(int status) {
        server.at("/1.pdf", status, LABEL);

        assertThatThrownBy(() -> fetch("/1.pdf"))
                .isInstanceOf(IOException.class)
                .hasMessage("label: host 'labels.example.com' answered " + status + ", expected 200");
        assertThat(server.requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {NOT_ANNOUNCED, 3L << 20, 3L << 30})
    void aLabelThatIsTooLongIsCutOff(long length) throws Exception {
        CompletableFuture<Long> written = new CompletableFuture<>();
        server.at("/1.pdf", exchange -> pour(exchange, length, written));

        assertThatThrownBy(() -> fetch("/1.pdf"))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: longer than 2097152 bytes at its address");
        assertThat(written.get()).isLessThan(64L << 20);
    }

    @Test
    void aLabelThatIsAnnouncedTooLongIsNotWaitedFor() throws Exception {
        CountDownLatch refused = new CountDownLatch(1);
        server.at("/1.pdf", exchange -> {
            exchange.sendResponseHeaders(200, LabelDownload.MAX_BYTES + 1);
            exchange.getResponseBody().flush();
            drip(OutputStream.nullOutputStream(), refused);
        });

        assertThatThrownBy(() -> fetch("/1.pdf"))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: longer than 2097152 bytes at its address");
        refused.countDown();
    }

    @Test
    void aDripOfBytesEndsAtTheDeadline() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        // the first handshake of a JVM may take as long as the deadline
        server.at("/0.pdf", 200, LABEL);
        fetch("/0.pdf");
        server.at("/1.pdf", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            drip(exchange.getResponseBody(), gone);
        });

        assertThatThrownBy(() -> new LabelDownload(server.network(SHORT)).fetch(url("/1.pdf")))
                .isInstanceOf(IOException.class)
                .hasMessage("label: fetching it from 'labels.example.com' took longer than 2000 ms");
        assertThat(gone.await(Patience.MILLIS, TimeUnit.MILLISECONDS)).isTrue();
    }

    @Test
    void aHostThatHangsAgainAndAgainIsLeftAloneForAWhile() {
        CountDownLatch over = new CountDownLatch(1);
        server.at("/0.pdf", 200, LABEL).at("/1.pdf", exchange -> drip(new ByteArrayOutputStream(), over));
        LabelDownload download = new LabelDownload(server.network(SHORT));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> download.fetch(url("/1.pdf"))).isInstanceOf(IOException.class);
        }

        assertThatThrownBy(() -> download.fetch(url("/0.pdf")))
                .isInstanceOf(IOException.class)
                .hasMessage("label: host 'labels.example.com' did not answer again and again, so it is left alone for a"
                        + " minute");
        over.countDown();
    }

    @Test
    void aLabelThatBreaksOffIsTriedAgainLater() {
        server.at("/1.pdf", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(LABEL);
            exchange.getResponseBody().flush();
            throw new IOException("broken off");
        });

        assertThatThrownBy(() -> fetch("/1.pdf"))
                .isInstanceOf(IOException.class)
                .hasMessage("label: host 'labels.example.com' gave nothing: ConnectionClosedException");
    }

    private byte[] fetch(String path) throws IOException {
        return new LabelDownload(server.network(LONG)).fetch(url(path));
    }

    private static LabelUrl url(String path) {
        return LabelUrl.parse("https://" + LabelServer.HOST + path);
    }

    /** Writes until nobody listens any more, and tells how much that was. */
    private static void pour(HttpExchange exchange, long length, CompletableFuture<Long> written) throws IOException {
        long sent = 0;
        try {
            exchange.sendResponseHeaders(200, length);
            byte[] part = new byte[8192];
            while (length == NOT_ANNOUNCED || sent < length) {
                exchange.getResponseBody().write(part);
                sent += part.length;
            }
        } finally {
            written.complete(sent);
        }
    }

    private static void drip(OutputStream out, CountDownLatch gone) throws IOException {
        try {
            while (!await(gone)) {
                out.write('%');
                out.flush();
            }
        } finally {
            gone.countDown();
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
