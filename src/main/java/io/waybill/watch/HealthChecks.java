package io.waybill.watch;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;

/** What {@code /observe/health} asks: whether the process can work, and what a person should look at. */
public final class HealthChecks {

    private HealthChecks() {}

    /** Makes them known to a context before it starts. */
    public static void register(CamelContext context) {
        HealthCheckRegistry registry = HealthCheckRegistry.get(context);
        List.of(
                        new StartedRoutes(),
                        new ReachableDatabase(),
                        new PausedCarriers(),
                        new ReachableBroker(),
                        new RoomOnDisk(),
                        new OrdersAtRest())
                .forEach(registry::register);
    }
}
