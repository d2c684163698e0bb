package io.waybill.operate;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/**
 * What every request to the management port passes, around the password that Camel asks for.
 *
 * <ol>
 *   <li>Before the password: the response headers that keep a browser from asking any other host. A preflight loses
 *       the header that would let it past the password.
 *   <li>After the password: a page of another site is refused, since a browser sends the password along with its
 *       requests; bodies are small; Jolokia answers commands to POST only.
 * </ol>
 */
final class Gate {

    /** Request header by which a start recognises its own port. */
    static final String MARK = "Waybill-Mark";

    static final String JOLOKIA = "/hawtio/jolokia";

    private static final int BEFORE_PASSWORD = -1;
    // Camel's password handler was mounted first and has this order too: ours runs right after it
    private static final int AFTER_PASSWORD = 1;
    private static final long BODY_BYTES = 256 * 1024;
    private static final Set<String> JOLOKIA_GET = Set.of(JOLOKIA, JOLOKIA + "/", JOLOKIA + "/version");

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
            "no-referrer",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cache-Control",
            "private, no-cache");

    private final String mark;
    private volatile boolean marked;

    Gate(String mark) {
        this.mark = mark;
    }

    String mark() {
        return mark;
    }

    /** Whether a request with the mark of this start came in. */
    boolean marked() {
        return marked;
    }

    void mount(Router router) {
        router.route().order(BEFORE_PASSWORD).handler(this::before);
        router.route().order(AFTER_PASSWORD).handler(Gate::refuseOtherSites);
        router.route(JOLOKIA + "/*")
                .method(HttpMethod.GET)
                .order(AFTER_PASSWORD)
                .handler(Gate::refuseCommandByGet);
        router.route().order(AFTER_PASSWORD).handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES));
    }

    private void before(RoutingContext context) {
        HttpServerRequest request = context.request();
        HEADERS.forEach(context.response()::putHeader);
        request.headers().remove(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        if (mark.equals(request.getHeader(MARK))) {
            marked = true;
        }
        context.next();
    }

    private static void refuseOtherSites(RoutingContext context) {
        HttpServerRequest request = context.request();
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        boolean otherSite = site != null && !site.equals("same-origin") && !site.equals("none");
        if (otherSite || (origin != null && !sameHost(origin, request.authority()))) {
            context.response().setStatusCode(403).end();
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

    private static void refuseCommandByGet(RoutingContext context) {
        boolean harmless = JOLOKIA_GET.contains(context.request().path())
                && context.queryParam("p").isEmpty();
        if (harmless) {
            context.next();
        } else {
            context.response().setStatusCode(405).putHeader("Allow", "POST").end();
        }
    }
}
