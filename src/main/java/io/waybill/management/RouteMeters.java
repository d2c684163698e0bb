package io.waybill.management;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.api.management.mbean.ManagedRouteMBean;

/**
 * The metrics of Camel's routes, from what it counts for the console anyway, under the names that its own have.
 *
 * <p>Its own would count each exchange of each route once more, on the way of every order. Times are the sum of whole
 * milliseconds, as the console shows them.
 */
final class RouteMeters {

    private final CamelContext camel;
    private final MeterRegistry meters;

    RouteMeters(CamelContext camel, MeterRegistry meters) {
        this.camel = camel;
        this.meters = meters;
    }

    /** Shows all routes; nothing is read before somebody asks. */
    void show() {
        ManagedCamelContext managed = camel.getCamelContextExtension().getContextPlugin(ManagedCamelContext.class);
        for (Route route : camel.getRoutes()) {
            show(route.getId(), managed.getManagedRoute(route.getId()));
        }
    }

    private void show(String id, ManagedRouteMBean route) {
        Tags tags = Tags.of("camelContext", camel.getName(), "kind", "CamelRoute", "routeId", id, "eventType", "route");
        count("total", tags, any -> route.getExchangesTotal());
        count("succeeded", tags, any -> route.getExchangesCompleted());
        count("failed", tags, any -> route.getExchangesFailed());
        count("failures.handled", tags, any -> route.getFailuresHandled());
        count("external.redeliveries", tags, any -> route.getExternalRedeliveries());
        FunctionTimer.builder(
                        "camel.route.policy",
                        camel,
                        any -> route.getExchangesTotal(),
                        any -> route.getTotalProcessingTime(),
                        TimeUnit.MILLISECONDS)
                .tags(tags)
                .register(meters);
    }

    /** A meter holds what it reads from weakly, so that it must be what lives as long as the routes. */
    private void count(String what, Tags tags, ToDoubleFunction<CamelContext> value) {
        FunctionCounter.builder("camel.exchanges." + what, camel, value)
                .tags(tags)
                .register(meters);
    }
}
