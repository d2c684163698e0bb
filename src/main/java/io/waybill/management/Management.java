package io.waybill.management;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waybill.access.Door;
import io.waybill.access.LocalToken;
import io.waybill.access.UsersFile;
import io.waybill.watch.OrderMetrics;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.main.Main;

/**
 * The management port of a run: health, metrics and console behind one login, or a start that fails.
 *
 * <ol>
 *   <li>Before the start: the port is free and the users file names users that only its owner can read.
 *   <li>The server is {@link ManagementServer}, which lets nobody in without a login; Camel mounts health and metrics on it.
 *   <li>After the server came up: Camel took ours and switched on nothing else, see {@link ManagementListener}.
 * </ol>
 *
 * <p>Paths: {@code /observe/health}, {@code /observe/metrics}, {@code /hawtio/}.
 */
public final class Management implements AutoCloseable {

    /** Registry name under which camel-micrometer looks for its meters. */
    static final String METERS = "metricsRegistry";

    private final MeterRegistry meters;
    private final int port;
    private final Optional<LocalToken> token;

    private Management(MeterRegistry meters, int port, Optional<LocalToken> token) {
        this.meters = meters;
        this.port = port;
        this.token = token;
    }

    /** Prepares the main for its start; call it before {@code main.start()}. */
    public static Management configure(Main main, ManagementSettings settings, Clock clock) {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        main.bind(METERS, meters);
        main.addMainListener(Descriptions.listener());
        main.addOverrideProperty("camel.management.enabled", Boolean.toString(settings.enabled()));
        main.addOverrideProperty("camel.metrics.enabled", Boolean.toString(settings.enabled()));
        if (!settings.enabled()) {
            return new Management(meters, 0, Optional.empty());
        }
        UsersFile users = new UsersFile(settings.usersFile());
        users.roles();
        ManagementPort port = ManagementPort.free(settings.host(), settings.port());
        properties(settings, port).forEach(main::addOverrideProperty);
        main.addInitialProperty("camel.health.exposureLevel", "full");
        Optional<LocalToken> token = Optional.of(LocalToken.write(settings.tokenFile()));
        Door door = new Door(users, settings.limits(), token, clock);
        MaskedTracer tracer = new MaskedTracer(settings.traceBodies());
        tracer.properties().forEach(main::addOverrideProperty);
        main.addMainListener(new ManagementListener(new ManagementServer(settings, port, door), port, tracer, meters));
        return new Management(meters, port.number(), token);
    }

    private static Map<String, String> properties(ManagementSettings settings, ManagementPort port) {
        return Map.ofEntries(
                Map.entry("camel.management.host", settings.host()),
                Map.entry("camel.management.port", Integer.toString(port.number())),
                Map.entry("camel.management.path", "/"),
                Map.entry("camel.management.healthCheckEnabled", "true"),
                Map.entry("camel.management.healthPath", "/observe/health"),
                Map.entry("camel.management.metricsEnabled", "true"),
                // see RouteMeters
                Map.entry("camel.metrics.enableRoutePolicy", "false"),
                Map.entry("camel.metrics.path", "/observe/metrics"),
                Map.entry("camel.health.enabled", "true"));
    }

    /** The port in use, also where the settings said 0; 0 if management is switched off. */
    public int port() {
        return port;
    }

    /** Shows how many connections of the pool are in use, and how long one is waited for. */
    public void pool(HikariDataSource database) {
        database.setMetricRegistry(meters);
    }

    /** Takes the token of the command line away. */
    @Override
    public void close() {
        token.ifPresent(LocalToken::close);
    }

    /** The counters of orders and calls, shown at {@code /observe/metrics}. */
    public OrderMetrics orderMetrics(Set<String> carriers) {
        return new OrderMetrics(meters, carriers);
    }
}
