package io.waybill.management;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Ordered;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.StartupListener;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The port that carriers push to, or none. The server is ours, since Camel's has no setting for slow senders and long heads.
 *
 * <ol>
 *   <li>Before the start: the port is free.
 *   <li>Before any route starts: it listens. Each push passes the {@link PushGate}; every other path is 404.
 *   <li>Who sends nothing, or never a whole head, is closed, see {@link Connections}.
 *   <li>It ends with Camel.
 * </ol>
 */
public final class HttpPort extends MainListenerSupport implements StartupListener, Ordered {

    private static final int HEADER_BYTES = 8 * 1024;
    private static final int LINE_BYTES = 4 * 1024;
    private static final int WORKERS = 16;
    private static final long STOP_SECONDS = 10;

    private final ManagementPort port;
    private final Duration patience;

    private HttpPort(ManagementPort port, Duration patience) {
        this.port = port;
        this.patience = patience;
    }

    /**
     * Prepares the main for its start; call it before {@code main.start()}.
     *
     * @param port 0: no port is opened
     * @param patience how long a push may take to come in
     */
    public static void configure(Main main, String host, int port, Duration patience) {
        main.addOverrideProperty("camel.server.enabled", "false");
        if (port == 0) {
            return;
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("read waybill.http.port: expected 0 to 65535, was '%d'".formatted(port));
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("read waybill.http.request-seconds: expected at least 1");
        }
        main.addMainListener(new HttpPort(ManagementPort.free("http", host, port), patience));
    }

    @Override
    public void afterConfigure(BaseMainSupport main) {
        try {
            main.getCamelContext().addStartupListener(this);
        } catch (Exception refused) {
            throw RuntimeCamelException.wrapRuntimeCamelException(refused);
        }
    }

    @Override
    public int getOrder() {
        return LOWEST;
    }

    @Override
    public void onCamelContextStarting(CamelContext context, boolean alreadyStarted) throws Exception {
        context.addService(new Server(context), true, true);
    }

    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
        // all is done before the routes start
    }

    /** One thread for the connections, some for the ledger. */
    private final class Server extends ServiceSupport {

        private final CamelContext context;
        private final Refusals refusals = new Refusals(System::nanoTime);
        private Vertx vertx;

        Server(CamelContext context) {
            this.context = context;
        }

        @Override
        protected void doStart() {
            vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(WORKERS));
            HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                    .setMaxHeaderSize(HEADER_BYTES)
                    .setMaxInitialLineLength(LINE_BYTES)
                    .setHttp2ClearTextEnabled(false));
            // the gate itself answers a body that is slow, so its time is over first
            Connections connections = new Connections(patience.multipliedBy(2), System::nanoTime, refusals);
            connections.watch(vertx, server);
            Router router = router(connections);
            server.invalidRequestHandler(refusals::refuseInvalid);
            server.requestHandler(request -> {
                connections.began(request);
                router.handle(request);
            });
            try {
                server.listen(port.number(), port.address().getHostAddress())
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
            } catch (CompletionException taken) {
                doStop();
                throw port.refused(taken.getCause().getMessage());
            }
        }

        private Router router(Connections connections) {
            Router router = Router.router(vertx);
            router.route().handler(each -> {
                each.addEndHandler(end -> connections.answered(each.request()));
                each.next();
            });
            new PushGate(context.createProducerTemplate(), patience, refusals).mount(router);
            return router;
        }

        @Override
        protected void doStop() {
            vertx.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(STOP_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
    }
}
