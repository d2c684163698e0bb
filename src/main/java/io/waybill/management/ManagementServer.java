package io.waybill.management;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.waybill.access.Door;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;

/**
 * Camel's management server and router, with what Camel gives no setting for: bounded request heads, patience with slow
 * clients, TLS of its own key store, the login, and a start that fails when the port is taken. Gate and console are mounted
 * before Camel mounts health and metrics.
 */
final class ManagementServer extends VertxPlatformHttpServer {

    private static final int HEADER_BYTES = 8 * 1024;
    private static final int LINE_BYTES = 4 * 1024;
    private static final int IDLE_SECONDS = 120;
    private static final long STOP_SECONDS = 10;

    private final ManagementSettings settings;
    private final ManagementPort port;
    private final Refusals refusals = new Refusals(System::nanoTime);
    private final Connections connections;
    private final Logins logins;
    private final Jolokia jolokia = new Jolokia(refusals);
    private HttpServer server;
    private Router routes;

    ManagementServer(ManagementSettings settings, ManagementPort port, Door door) {
        super(configuration(port));
        this.settings = settings;
        this.port = port;
        this.connections = new Connections(settings.patience(), System::nanoTime, refusals);
        this.logins =
                new Logins(door, connections, port.number(), settings.tls().isPresent());
    }

    private static VertxPlatformHttpServerConfiguration configuration(ManagementPort port) {
        VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
        configuration.setBindHost(port.address().getHostAddress());
        configuration.setBindPort(port.number());
        configuration.setServerType(VertxPlatformHttpRouter.SERVER_TYPE_MANAGEMENT);
        return configuration;
    }

    /** Its own, not one that others use. */
    @Override
    protected Vertx lookupVertx() {
        return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2));
    }

    @Override
    protected void doInit() {
        // what would be looked up here is made when it starts
    }

    @Override
    protected void initializeServer() {
        super.initializeServer();
        routes = VertxPlatformHttpRouter.lookup(
                getCamelContext(), VertxPlatformHttpRouter.getRouterNameFromPort(port.number()));
        logins.start(getVertx());
        jolokia.start(getVertx());
        new Gate(logins, jolokia, refusals, connections, new Callers(settings.proxies())).mount(routes);
        new Console(logins).mount(routes);
    }

    @Override
    protected void startServer() {
        server = getVertx().createHttpServer(options());
        connections.watch(getVertx(), server);
        server.invalidRequestHandler(refusals::refuseInvalid);
        server.requestHandler(this::handle);
        try {
            server.listen(port.number(), port.address().getHostAddress())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException taken) {
            throw port.refused(taken.getCause().getMessage());
        }
    }

    @Override
    protected void stopServer() {
        jolokia.stop();
        if (server != null) {
            await(server.close());
            server = null;
        }
    }

    /** Camel closes only what it made itself, and threads that stay would keep the process from its end. */
    @Override
    protected void stopVertx() {
        if (getVertx() != null) {
            await(getVertx().close());
        }
    }

    private static void await(Future<Void> closed) {
        closed.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(STOP_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxHeaderSize(HEADER_BYTES)
                .setMaxInitialLineLength(LINE_BYTES)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setHttp2ClearTextEnabled(false);
        settings.tls().ifPresent(tls -> options.setSsl(true).setKeyCertOptions(tls.options()));
        return options;
    }

    private void handle(HttpServerRequest request) {
        connections.began(request);
        routes.handle(request);
    }
}
