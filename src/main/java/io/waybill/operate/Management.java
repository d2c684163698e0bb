package io.waybill.operate;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Set;
import org.apache.camel.main.Main;

/**
 * The management port of a run: health, metrics and console behind one password, or a start that fails.
 *
 * <ol>
 *   <li>Before the start: the port is free and the users file names users that only its owner can read.
 *   <li>The settings that guard the port override every settings file.
 *   <li>After the server came up: it is ours, it asks for the password, nothing else was switched on. See
 *       {@link ManagementListener}.
 * </ol>
 *
 * <p>Paths: {@code /observe/health}, {@code /observe/metrics}, {@code /hawtio/}.
 */
public final class Management {

    /** Registry name under which camel-micrometer looks for its meters. */
    static final String METERS = "metricsRegistry";

    private final MeterRegistry meters;
    private final int port;

    private Management(MeterRegistry meters, int port) {
        this.meters = meters;
        this.port = port;
    }

    /** Prepares the main for its start; call it before {@code main.start()}. */
    public static Management configure(Main main, ManagementSettings settings) {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        main.bind(METERS, meters);
        main.addOverrideProperty("camel.management.enabled", Boolean.toString(settings.enabled()));
        if (!settings.enabled()) {
            return new Management(meters, 0);
        }
        UsersFile.check(settings.usersFile());
        ManagementPort port = ManagementPort.free(settings.host(), settings.port());
        properties(settings, port).forEach(main::addOverrideProperty);
        main.addInitialProperty("camel.health.exposureLevel", "full");
        main.addMainListener(new ManagementListener(port));
        return new Management(meters, port.number());
    }

    private static Map<String, String> properties(ManagementSettings settings, ManagementPort port) {
        return Map.ofEntries(
                Map.entry("camel.management.host", settings.host()),
                Map.entry("camel.management.port", Integer.toString(port.number())),
                Map.entry("camel.management.path", "/"),
                Map.entry("camel.management.authenticationEnabled", "true"),
                Map.entry("camel.management.authenticationPath", "/*"),
                Map.entry("camel.management.authenticationRealm", "Waybill"),
                Map.entry(
                        "camel.management.basicPropertiesFile",
                        settings.usersFile().toAbsolutePath().toString()),
                Map.entry("camel.management.healthCheckEnabled", "true"),
                Map.entry("camel.management.healthPath", "/observe/health"),
                Map.entry("camel.management.metricsEnabled", "true"),
                Map.entry("camel.management.jolokiaEnabled", "true"),
                Map.entry("camel.management.jolokiaPath", Gate.JOLOKIA),
                Map.entry("camel.metrics.enabled", "true"),
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

    /** The counters of orders and calls, shown at {@code /observe/metrics}. */
    public OrderMetrics orderMetrics(Set<String> carriers) {
        return new OrderMetrics(meters, carriers);
    }
}
