package io.waybill.operate;

import io.vertx.ext.web.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Ordered;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.StartupListener;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;

/**
 * Mounts the gate and the console as soon as Camel's management server is up, before any route starts, and then asks
 * the port itself: does it answer, is it ours, does it want a password? Otherwise the start fails.
 */
final class ManagementListener extends MainListenerSupport implements StartupListener, Ordered {

    private static final List<String> PATHS = List.of("/", "/observe/health", "/observe/metrics", Gate.JOLOKIA + "/");
    private static final String POLICY = "jolokia-access.xml";

    private final ManagementPort port;

    ManagementListener(ManagementPort port) {
        this.port = port;
    }

    @Override
    public void afterConfigure(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        HealthCheckRegistry health = HealthCheckRegistry.get(context);
        health.register(new StartedRoutes());
        health.register(new ReachableDatabase());
        health.register(new PausedCarriers());
        health.register(new ReachableBroker());
        health.register(new RoomOnDisk());
        health.register(new OrdersAtRest());
        try {
            context.addStartupListener(this);
        } catch (Exception refused) {
            throw RuntimeCamelException.wrapRuntimeCamelException(refused);
        }
    }

    // Camel starts its servers as startup listeners too, earlier ones
    @Override
    public int getOrder() {
        return LOWEST;
    }

    @Override
    public void onCamelContextStarting(CamelContext context, boolean alreadyStarted) {
        try {
            open(context.hasService(ManagementHttpServer.class));
        } catch (RuntimeException refused) {
            context.stop();
            throw refused;
        }
    }

    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
        // all is done before the routes start
    }

    private void open(ManagementHttpServer server) {
        refuseExtras(server);
        refuseMissingPolicy();
        Router router = server.getRouter();
        Gate gate = new Gate(UUID.randomUUID().toString());
        gate.mount(router);
        new Console().mount(router);
        PATHS.forEach(path -> ask(path, gate));
    }

    private void ask(String path, Gate gate) {
        int status;
        try {
            status = port.statusWithoutPassword(path, gate.mark());
        } catch (IOException silent) {
            throw refused("'%s' does not answer: %s".formatted(path, silent.getMessage()));
        }
        if (!gate.marked()) {
            throw refused("another program answers there; stop it or set waybill.management.port");
        }
        if (status != 401) {
            throw refused(
                    "'%s' without a password: expected 401, was %d; the start is refused".formatted(path, status));
        }
    }

    private void refuseExtras(ManagementHttpServer server) {
        List<String> extras = new ArrayList<>();
        note(extras, server.isUploadEnabled(), "uploadEnabled");
        note(extras, server.isDownloadEnabled(), "downloadEnabled");
        note(extras, server.isSendEnabled(), "sendEnabled");
        note(extras, server.isDevConsoleEnabled(), "devConsoleEnabled");
        note(extras, server.isInfoEnabled(), "infoEnabled");
        if (!extras.isEmpty()) {
            throw refused("camel.management.%s must stay off; remove the setting".formatted(extras.get(0)));
        }
    }

    private static void note(List<String> extras, boolean on, String name) {
        if (on) {
            extras.add(name);
        }
    }

    // without it Jolokia opens every MBean and only warns
    private void refuseMissingPolicy() {
        if (ManagementListener.class.getClassLoader().getResource(POLICY) == null) {
            throw refused("'%s' is not on the class path".formatted(POLICY));
        }
    }

    private IllegalStateException refused(String reason) {
        return new IllegalStateException("open the management port %s: %s".formatted(port, reason));
    }
}
