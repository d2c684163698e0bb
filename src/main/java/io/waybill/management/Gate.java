package io.waybill.management;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What every request to the management port passes before anything answers it.
 *
 * <ol>
 *   <li>The answer gets the headers that keep a browser from asking any other host; a refusal is logged.
 *   <li>Who sent it is known, see {@link Logins}.
 *   <li>It comes from no page of another site, since a browser sends the session along with its requests.
 *   <li>Its path does not climb.
 *   <li>Jolokia takes small bodies, and commands by POST only.
 * </ol>
 */
final class Gate {

    static final String JOLOKIA = "/hawtio/jolokia";

    private static final long BODY_BYTES = 256 * 1024;
    private static final long FORM_BYTES = 4 * 1024;
    private static final Set<String> JOLOKIA_GET = Set.of(JOLOKIA, JOLOKIA + "/", JOLOKIA + "/version");
    private static final Pattern CLIMBS = Pattern.compile("\\.\\.|%2e|%2f|%5c|%00|\\\\|;|\\p{Cntrl}");

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
                    + "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
                    + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cache-Control",
            "private, no-cache");

    private final Logins logins;
    private final Jolokia jolokia;
    private final Refusals refusals;
    private final Connections connections;
    private final Callers callers;

    Gate(Logins logins, Jolokia jolokia, Refusals refusals, Connections connections, Callers callers) {
        this.logins = logins;
        this.jolokia = jolokia;
        this.refusals = refusals;
        this.connections = connections;
        this.callers = callers;
    }

    void mount(Router router) {
        router.route().handler(this::before);
        router.post(LoginPage.ACTION).handler(Gate::refuseOtherSites);
        router.post(LoginPage.ACTION)
                .handler(BodyHandler.create(false).setBodyLimit(FORM_BYTES))
                .handler(logins::form);
        router.route().handler(logins::check);
        router.route().handler(Gate::refuseOtherSites);
        router.route().handler(Gate::refuseClimbing);
        router.get("/hawtio/auth/logout").handler(logins::logout);
        router.get(JOLOKIA + "/*").handler(this::versionOnly);
        router.post(JOLOKIA + "/*")
                .handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES))
                .handler(jolokia::post);
    }

    private void before(RoutingContext context) {
        callers.note(context);
        HEADERS.forEach(context.response()::putHeader);
        context.addEndHandler(end -> {
            refusals.note(context);
            connections.answered(context.request());
        });
        context.next();
    }

    private static void refuseOtherSites(RoutingContext context) {
        HttpServerRequest request = context.request();
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        boolean otherSite = site != null && !site.equals("same-origin") && !site.equals("none");
        if (otherSite || (origin != null && !sameHost(origin, request.authority()))) {
            Refusals.refuse(context, 403, "the request comes from a page of another site");
        } else {
            context.next();
        }
    }

    private static boolean sameHost(String origin, HostAndPort host) {
        try {
            return host != null && host.toString().equals(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static void refuseClimbing(RoutingContext context) {
        String path = context.request().path();
        if (path == null || CLIMBS.matcher(path.toLowerCase(Locale.ROOT)).find()) {
            Refusals.refuse(context, 400, "the path is none of this port");
        } else {
            context.next();
        }
    }

    private void versionOnly(RoutingContext context) {
        boolean harmless = JOLOKIA_GET.contains(context.request().path())
                && context.queryParam("p").isEmpty();
        if (harmless) {
            jolokia.version(context);
        } else {
            context.response().putHeader("Allow", "POST");
            Refusals.refuse(context, 405, "Jolokia takes commands by POST only");
        }
    }
}
