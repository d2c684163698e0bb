package io.waybill.sink;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpResponseException;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.ssl.SSLContexts;

/**
 * Fetches a label from an address that was admitted, and reaches nothing else while it does.
 *
 * <ol>
 *   <li>The host is resolved once; if any of its addresses is not {@link PublicAddress public}, it is refused. The connection
 *       goes to what was checked, past every HTTP proxy.
 *   <li>One GET: no redirect is followed, nothing is sent that names us or was sent to us before, nothing is tried twice.
 *   <li>Only 200 is a label. At most {@value #MAX_BYTES} bytes are read, and after ten seconds it is over, however the time
 *       was spent; what then is still on its way is not read but cut off.
 *   <li>A host that hangs again and again is left alone for a while, see {@link SilentHosts}.
 * </ol>
 *
 * <p>Whether the bytes are a label is for {@link LabelStore} to say.
 */
public final class LabelDownload {

    /** The largest label that is fetched, in bytes. */
    static final int MAX_BYTES = 2 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What a server says that may give the label another time: not ready, too slow, too early, too often. */
    private static final Set<Integer> LATER = Set.of(202, 408, 425, 429);

    /**
     * The world outside.
     *
     * @param lookup what a host's addresses are
     * @param allowed which of them may be reached
     * @param trust whose certificates are believed
     * @param patience how long a download may take in all
     */
    record Network(DnsResolver lookup, Predicate<InetAddress> allowed, SSLContext trust, Duration patience) {}

    private final CloseableHttpClient client;
    private final Duration patience;
    private final SilentHosts silent;

    public LabelDownload() {
        this(new Network(
                SystemDefaultDnsResolver.INSTANCE, PublicAddress::test, SSLContexts.createSystemDefault(), PATIENCE));
    }

    LabelDownload(Network network) {
        this.client = LabelClient.of(network);
        this.patience = network.patience();
        this.silent = new SilentHosts(patience);
    }

    /**
     * Fetches.
     *
     * @throws LabelRefused if there is no label for us there, now or later
     * @throws IOException if it was not reached or not ready; trying again is safe
     */
    byte[] fetch(LabelUrl url) throws IOException {
        silent.ask(url.host());
        HttpGet get = new HttpGet(url.uri());
        FutureTask<byte[]> download = new FutureTask<>(() -> download(url, get));
        Thread thread = new Thread(download, "label-download");
        thread.setDaemon(true);
        thread.start();
        try {
            byte[] label = download.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            silent.answered(url.host());
            return label;
        } catch (ExecutionException e) {
            heard(url.host(), e.getCause());
            throw failure(url, e.getCause());
        } catch (TimeoutException e) {
            silent.saidNothing(url.host());
            throw new IOException(
                    "label: fetching it from '" + url.host() + "' took longer than " + patience.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("label: fetching it from '" + url.host() + "' was interrupted");
        } finally {
            get.cancel();
        }
    }

    private void heard(String host, Throwable failure) {
        // its own time-outs are as long as this one
        if (failure instanceof InterruptedIOException) {
            silent.saidNothing(host);
        } else {
            silent.answered(host);
        }
    }

    private byte[] download(LabelUrl url, HttpGet get) throws IOException {
        return client.execute(new HttpHost("https", url.host()), get, response -> {
            try {
                return read(url, response);
            } finally {
                // else the client would read what is left, to the end
                get.cancel();
            }
        });
    }

    private static byte[] read(LabelUrl url, ClassicHttpResponse response) throws IOException {
        check(url, response.getCode());
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return new byte[0];
        }
        demand(entity.getContentLength() <= MAX_BYTES);
        InputStream content = entity.getContent();
        byte[] label = content.readNBytes(MAX_BYTES + 1);
        demand(label.length <= MAX_BYTES);
        return label;
    }

    private static void check(LabelUrl url, int status) throws HttpResponseException {
        if (LATER.contains(status) || status >= 500) {
            throw new HttpResponseException(status, "");
        }
        if (status != 200) {
            throw new LabelRefused("label: host '" + url.host() + "' answered " + status + ", expected 200");
        }
    }

    private static void demand(boolean small) {
        if (!small) {
            throw new LabelRefused("label: longer than " + MAX_BYTES + " bytes at its address");
        }
    }

    /** Says what kind of failure it was and no more, since its words may be those of the server. */
    private static IOException failure(LabelUrl url, Throwable cause) {
        if (cause instanceof LabelRefused refused) {
            throw refused;
        }
        String what = cause instanceof HttpResponseException answer
                ? "answered " + answer.getStatusCode() + ", expected 200"
                : "gave nothing: " + cause.getClass().getSimpleName();
        return new IOException("label: host '" + url.host() + "' " + what, cause);
    }
}
