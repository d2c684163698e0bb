package io.waybill.management;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Bounds what slow clients can hold of the management port.
 *
 * <ol>
 *   <li>A connection that has not sent a whole request is waited for. However it trickles, it is closed when its patience
 *       is over; between two requests it is waited for in the same way.
 *   <li>There are never more than {@value #MOST} connections: a new one drives out the one that is waited for longest.
 * </ol>
 */
final class Connections {

    static final int MOST = 200;
    private static final long LOOK_MILLIS = 250;

    private final long patience;
    private final LongSupplier nanos;
    private final Refusals refusals;
    private final Set<HttpConnection> open = new HashSet<>();
    private final Map<HttpConnection, Wait> waitedFor = new LinkedHashMap<>();

    /** Since when a connection is waited for, and whether for its first request: after that it may just be idle. */
    private record Wait(long since, boolean first) {}

    Connections(Duration patience, LongSupplier nanos, Refusals refusals) {
        this.patience = patience.toNanos();
        this.nanos = nanos;
        this.refusals = refusals;
    }

    void watch(Vertx vertx, HttpServer server) {
        server.connectionHandler(this::opened);
        vertx.setPeriodic(LOOK_MILLIS, tick -> tooSlow().forEach(this::giveUp));
    }

    /** A request has begun on its connection; its body may still be on its way. */
    void began(HttpServerRequest request) {
        restarted(request.connection());
        request.end().onSuccess(all -> {
            if (!request.response().ended()) {
                arrived(request.connection());
            }
        });
    }

    /** It waits for us, not we for it, until {@link #resumed}. */
    void paused(HttpServerRequest request) {
        arrived(request.connection());
    }

    /** What is left of it may come. */
    synchronized void resumed(HttpServerRequest request) {
        if (open.contains(request.connection()) && !request.isEnded()) {
            waitedFor.put(request.connection(), new Wait(nanos.getAsLong(), true));
        }
    }

    /** Its answer is out. */
    synchronized void answered(HttpServerRequest request) {
        if (open.contains(request.connection())) {
            waitedFor.remove(request.connection());
            waitedFor.put(request.connection(), new Wait(nanos.getAsLong(), false));
        }
    }

    private void opened(HttpConnection connection) {
        connection.closeHandler(end -> closed(connection));
        HttpConnection driven = admit(connection);
        if (driven != null) {
            close(driven, "more than " + MOST + " connections");
        }
    }

    private synchronized HttpConnection admit(HttpConnection connection) {
        HttpConnection driven = null;
        if (open.size() >= MOST) {
            driven = waitedFor.isEmpty()
                    ? connection
                    : waitedFor.keySet().iterator().next();
            open.remove(driven);
            waitedFor.remove(driven);
        }
        if (driven != connection) {
            open.add(connection);
            waitedFor.put(connection, new Wait(nanos.getAsLong(), true));
        }
        return driven;
    }

    /** The time that a connection was idle before is no patience with its next request. */
    private synchronized void restarted(HttpConnection connection) {
        Wait wait = waitedFor.get(connection);
        if (wait != null && !wait.first()) {
            waitedFor.remove(connection);
            waitedFor.put(connection, new Wait(nanos.getAsLong(), true));
        }
    }

    private synchronized void arrived(HttpConnection connection) {
        waitedFor.remove(connection);
    }

    private synchronized void closed(HttpConnection connection) {
        open.remove(connection);
        waitedFor.remove(connection);
    }

    private synchronized Map<HttpConnection, Wait> tooSlow() {
        Map<HttpConnection, Wait> late = new LinkedHashMap<>();
        long now = nanos.getAsLong();
        for (Map.Entry<HttpConnection, Wait> waiting : waitedFor.entrySet()) {
            if (now - waiting.getValue().since() < patience) {
                break;
            }
            late.put(waiting.getKey(), waiting.getValue());
        }
        return late;
    }

    private void giveUp(HttpConnection connection, Wait wait) {
        if (wait.first()) {
            close(connection, "no whole request in time");
        } else {
            connection.close();
        }
    }

    private void close(HttpConnection connection, String reason) {
        refusals.say(
                "closed a connection from {}: {}", connection.remoteAddress().hostAddress(), reason);
        connection.close();
    }
}
