package io.waybill.operate;

import org.apache.camel.CamelContext;
import org.apache.camel.Ordered;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.StartupListener;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/**
 * The port that carriers push to, or none.
 *
 * <ol>
 *   <li>Before the start: the port is free. Camel would only warn and run on without it.
 *   <li>What the server could do beside (uploads, static files) is switched off, whatever the settings say.
 *   <li>Before any route starts: the {@link PushGate} is mounted; every other path is 404.
 * </ol>
 */
public final class HttpPort extends MainListenerSupport implements StartupListener, Ordered {

    private HttpPort() {}

    /**
     * Prepares the main for its start; call it before {@code main.start()}.
     *
     * @param port 0: no port is opened
     */
    public static void configure(Main main, String host, int port) {
        main.addOverrideProperty("camel.server.enabled", Boolean.toString(port > 0));
        if (port == 0) {
            return;
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("read waybill.http.port: expected 0 to 65535, was '%d'".formatted(port));
        }
        ManagementPort.free("http", host, port);
        main.addOverrideProperty("camel.server.host", host);
        main.addOverrideProperty("camel.server.port", Integer.toString(port));
        main.addOverrideProperty("camel.server.path", "/");
        main.addOverrideProperty("camel.server.staticEnabled", "false");
        main.addOverrideProperty("camel.server.fileUploadEnabled", "false");
        main.addOverrideProperty("camel.server.maxBodySize", Integer.toString(PushGate.MOST_BYTES));
        main.addMainListener(new HttpPort());
    }

    @Override
    public void afterConfigure(BaseMainSupport main) {
        try {
            main.getCamelContext().addStartupListener(this);
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
        MainHttpServer server = context.hasService(MainHttpServer.class);
        new PushGate(context.createProducerTemplate()).mount(server.getRouter());
    }

    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
        // all is done before the routes start
    }
}
