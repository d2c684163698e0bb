package io.waybill.watch;

import java.util.Map;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Ready only while at least one route runs: Camel itself says UP with none. */
final class StartedRoutes extends AbstractHealthCheck {

    static final String ID = "started-routes";

    StartedRoutes() {
        super("waybill", ID);
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        long started = getCamelContext().getRoutes().stream()
                .map(Route::getRouteId)
                .map(getCamelContext().getRouteController()::getRouteStatus)
                .filter(ServiceStatus.Started::equals)
                .count();
        builder.detail("routes.started", started);
        if (started == 0) {
            builder.message("no route is started").down();
        } else {
            builder.up();
        }
    }
}
