package io.waybill.route;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.http.HttpComponent;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.Registry;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;

/**
 * The components {@code http:} and {@code https:}, for calls that may cost money.
 *
 * <ol>
 *   <li>A failure before the connection stands, TLS included, is a {@link NeverLeft}.
 *   <li>Nothing is sent twice by itself: no repetition after 429 or 503, no redirect. {@link LastLook} has the last word.
 *   <li>A connection on which nobody spoke for a moment is looked at before it is used again: the carrier may have closed it.
 *   <li>The head of an answer may not be longer than {@value #MOST_HEADERS} lines of {@value #LONGEST_LINE} bytes, nor come
 *       later than the {@code deadlineMs} of the endpoint, however it drips.
 * </ol>
 */
final class CarrierHttp extends HttpComponent {

    static final int MOST_HEADERS = 200;
    static final int LONGEST_LINE = 64 << 10;

    private static final TimeValue SURELY_ALIVE = TimeValue.ofMilliseconds(100);
    private static final String CONNECTED = "waybill.connected";

    private final ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "waybill-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    /** Camel sets up each of the two schemes apart, so what must hold for both is set here. */
    CarrierHttp() {
        deadlines.setRemoveOnCancelPolicy(true);
        setAutomaticRetriesDisabled(true);
        setFollowRedirects(false);
        setCookieManagementDisabled(true);
        setContentCompressionDisabled(true);
        setConnectionTimeToLive(Duration.ofSeconds(30).toMillis());
        setHttpActivityListener(new LastLook());
    }

    @Override
    protected HttpClientBuilder createHttpClientBuilder(
            String uri, Map<String, Object> parameters, Map<String, Object> options) {
        long deadline = getAndRemoveParameter(
                parameters, "deadlineMs", long.class, Duration.ofMinutes(1).toMillis());
        return super.createHttpClientBuilder(uri, parameters, options)
                .addExecInterceptorFirst("bounded", (request, scope, chain) -> bounded(request, scope, chain, deadline))
                .addExecInterceptorAfter(ChainElement.CONNECT.name(), "connected", CarrierHttp::connected);
    }

    private ClassicHttpResponse bounded(
            ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain, long milliseconds)
            throws IOException, HttpException {
        Runnable abort = () -> {
            if (scope.originalRequest instanceof Cancellable cancellable) {
                cancellable.cancel();
            }
        };
        scope.clientContext.removeAttribute(CONNECTED);
        Future<?> deadline = deadlines.schedule(abort, milliseconds, TimeUnit.MILLISECONDS);
        try {
            return chain.proceed(request, scope);
        } catch (IOException e) {
            throw scope.clientContext.getAttribute(CONNECTED) == null ? new NeverLeft(e) : e;
        } finally {
            deadline.cancel(false);
        }
    }

    private static ClassicHttpResponse connected(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        scope.clientContext.setAttribute(CONNECTED, true);
        return chain.proceed(request, scope);
    }

    @Override
    @SuppressWarnings("deprecation")
    protected HttpClientConnectionManager createConnectionManager(
            Registry<org.apache.hc.client5.http.socket.ConnectionSocketFactory> sockets,
            int most,
            int mostToOne,
            SocketConfig socket) {
        Http1Config limits = Http1Config.custom()
                .setMaxHeaderCount(MOST_HEADERS)
                .setMaxLineLength(LONGEST_LINE)
                .build();
        PoolingHttpClientConnectionManager pool = new PoolingHttpClientConnectionManager(
                sockets,
                PoolConcurrencyPolicy.STRICT,
                null,
                ManagedHttpClientConnectionFactory.builder().http1Config(limits).build());
        pool.setDefaultConnectionConfig(ConnectionConfig.custom()
                .setTimeToLive(TimeValue.ofMilliseconds(getConnectionTimeToLive()))
                .setValidateAfterInactivity(SURELY_ALIVE)
                .build());
        pool.setMaxTotal(most > 0 ? most : getMaxTotalConnections());
        pool.setDefaultMaxPerRoute(mostToOne > 0 ? mostToOne : getConnectionsPerRoute());
        pool.setDefaultSocketConfig(socket);
        return pool;
    }

    @Override
    protected void doShutdown() throws Exception {
        deadlines.shutdownNow();
        super.doShutdown();
    }
}
