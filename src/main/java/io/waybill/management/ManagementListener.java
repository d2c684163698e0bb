package io.waybill.management;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.watch.HealthChecks;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Ordered;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.StartupListener;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;

/**
 * Puts our server in before Camel makes its own, and, before any route starts, looks whether Camel took it and has switched
 * on nothing else. Otherwise the start fails.
 */
final class ManagementListener extends MainListenerSupport implements StartupListener, Ordered {

    private final ManagementServer server;
    private final ManagementPort port;
    private final MaskedTracer tracer;
    private final MeterRegistry meters;

    ManagementListener(ManagementServer server, ManagementPort port, MaskedTracer tracer, MeterRegistry meters) {
        this.server = server;
        this.port = port;
        this.tracer = tracer;
        this.meters = meters;
    }

    @Override
    public void beforeConfigure(BaseMainSupport main) {
        try {
            main.getCamelContext().addService(server, true, false);
        } catch (Exception refused) {
            throw RuntimeCamelException.wrapRuntimeCamelException(refused);
        }
    }

    @Override
    public void afterConfigure(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        HealthChecks.register(context);
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
            refuseAnother(context);
            refuseExtras(context.hasService(ManagementHttpServer.class));
        } catch (RuntimeException refused) {
            context.stop();
            throw refused;
        }
    }

    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
        tracer.replace(context);
        new RouteMeters(context, meters).show();
    }

    private void refuseAnother(CamelContext context) {
        ManagementHttpServer management = context.hasService(ManagementHttpServer.class);
        if (management == null
                || management.getPort() != port.number()
                || context.hasService(VertxPlatformHttpServer.class) != server
                || VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(port.number()))
                        != management.getRouter()) {
            throw refused(
                    "Camel opened another one; remove camel.management settings, and give camel.server its own port");
        }
    }

    private void refuseExtras(ManagementHttpServer management) {
        List<String> extras = new ArrayList<>();
        note(extras, management.isUploadEnabled(), "uploadEnabled");
        note(extras, management.isDownloadEnabled(), "downloadEnabled");
        note(extras, management.isSendEnabled(), "sendEnabled");
        note(extras, management.isDevConsoleEnabled(), "devConsoleEnabled");
        note(extras, management.isInfoEnabled(), "infoEnabled");
        note(extras, management.isJolokiaEnabled(), "jolokiaEnabled");
        if (!extras.isEmpty()) {
            throw refused("camel.management.%s must stay off; remove the setting".formatted(extras.get(0)));
        }
    }

    private static void note(List<String> extras, boolean on, String name) {
        if (on) {
            extras.add(name);
        }
    }

    private IllegalStateException refused(String reason) {
        return new IllegalStateException("open the management port %s: %s".formatted(port, reason));
    }
}
