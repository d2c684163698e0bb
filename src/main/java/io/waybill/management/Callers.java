package io.waybill.management;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a request comes from: the address of its connection, or, where that is a reverse proxy of ours, the last address in
 * {@code X-Forwarded-For} that is none; and whether that proxy was asked by TLS, which it says in {@code X-Forwarded-Proto}.
 * What anybody else says there is not believed.
 */
final class Callers {

    private static final String CALLER = "caller";
    private static final String BY_TLS = "by-tls";
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");

    private final Set<String> proxies;

    Callers(Set<String> proxies) {
        this.proxies = proxies;
    }

    /** Keeps the address, and what the proxy was asked by, with the request. */
    void note(RoutingContext context) {
        context.put(CALLER, address(context.request()));
        context.put(BY_TLS, byTls(context.request()));
    }

    /** The address that was kept. */
    static String of(RoutingContext context) {
        return context.get(CALLER);
    }

    /** Whether a reverse proxy of ours was asked by TLS. */
    static boolean byTls(RoutingContext context) {
        return context.get(BY_TLS);
    }

    private boolean byTls(HttpServerRequest request) {
        String[] passed = passed(request, "X-Forwarded-Proto");
        boolean tls = passed.length > 0 && passed[passed.length - 1].strip().equalsIgnoreCase("https");
        return tls && proxies.contains(request.remoteAddress().hostAddress());
    }

    private static String[] passed(HttpServerRequest request, String header) {
        return String.join(",", request.headers().getAll(header)).split(",");
    }

    private String address(HttpServerRequest request) {
        String address = request.remoteAddress().hostAddress();
        String[] passed = passed(request, "X-Forwarded-For");
        for (int i = passed.length - 1; i >= 0 && proxies.contains(address); i--) {
            String before = passed[i].strip();
            if (!ADDRESS.matcher(before).matches()) {
                return address;
            }
            address = before;
        }
        return address;
    }
}
