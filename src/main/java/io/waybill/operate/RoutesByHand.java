package io.waybill.operate;

import io.waybill.access.Visible;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.RouteChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of this node, as somebody starts and stops them by hand.
 *
 * <ol>
 *   <li>Who and why are in {@code route_history} before anything is done.
 *   <li>A stop waits until what the route has in hand has left it. One that takes too long is taken back: nothing is torn off.
 *   <li>It is about this node only, and no longer than until the node's next start.
 * </ol>
 */
final class RoutesByHand {

    private static final Logger LOG = LoggerFactory.getLogger(RoutesByHand.class);
    private static final long STOP_SECONDS = 30;

    private final Supplier<CamelContext> camel;
    private final Ledger ledger;
    private final TraceByHand trace;

    RoutesByHand(Supplier<CamelContext> camel, Ledger ledger) {
        this.camel = camel;
        this.ledger = ledger;
        this.trace = new TraceByHand(camel, ledger);
    }

    /** Every route with its state, and who changed it last by hand, and why; then the trace of all of them, if it is on. */
    List<Map<String, Object>> list() {
        Map<String, RouteChange> last = new HashMap<>();
        ledger.queries()
                .routeHistory(ledger.node(), Lists.LISTED)
                .forEach(change -> last.putIfAbsent(change.route(), change));
        Stream<Map<String, Object>> routes = camel.get().getRoutes().stream()
                .map(Route::getRouteId)
                .sorted()
                .map(route -> row(route, state(route), last.get(route)));
        Stream<Map<String, Object>> traced =
                trace.isOn() ? Stream.of(row(TraceByHand.ALL, "traced", last.get(TraceByHand.ALL))) : Stream.empty();
        return Stream.concat(routes, traced).toList();
    }

    /** Switches the trace of all routes. */
    String trace(boolean on, Reason reason) {
        return trace.turn(on, reason);
    }

    private static Map<String, Object> row(String route, String state, RouteChange last) {
        return Row.of(
                "route",
                route,
                "state",
                state,
                "what",
                last == null ? null : last.what(),
                "at",
                last == null ? null : last.at(),
                "by",
                last == null ? null : last.actor(),
                "reason",
                last == null ? null : last.reason());
    }

    String stop(String route, Reason reason) throws Exception {
        refuseUnless(route, ServiceStatus.Started);
        note(route, "stop", reason);
        if (!camel.get().getRouteController().stopRoute(route, STOP_SECONDS, TimeUnit.SECONDS, true)) {
            note(route, "stop-failed", new Reason(reason.user(), "it has something in hand"));
            throw new IllegalArgumentException("route " + route + ": it has not stopped within " + STOP_SECONDS
                    + " s, since it has something in hand; it goes on");
        }
        return "route " + route + ": stopped on this node, until somebody starts it or the node starts again";
    }

    String start(String route, Reason reason) throws Exception {
        refuseUnless(route, ServiceStatus.Stopped);
        note(route, "start", reason);
        camel.get().getRouteController().startRoute(route);
        return "route " + route + ": started";
    }

    private void refuseUnless(String route, ServiceStatus expected) {
        ServiceStatus status = camel.get().getRouteController().getRouteStatus(route);
        if (status == null) {
            throw new IllegalArgumentException(
                    "route " + Visible.text(route) + ": there is none; 'waybill route list' shows them");
        }
        if (status != expected) {
            throw new IllegalArgumentException("route " + route + ": it is " + state(route) + "; nothing was changed");
        }
    }

    private String state(String route) {
        return String.valueOf(camel.get().getRouteController().getRouteStatus(route))
                .toLowerCase(java.util.Locale.ROOT);
    }

    private void note(String route, String what, Reason reason) {
        ledger.routeChanged(route, what, reason.by(), reason.why());
        LOG.info("route={} {} by {}: {}", route, what, reason.by(), Visible.text(reason.text()));
    }
}
