package io.waybill.management;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a request comes from: the address of its connection, or, where that is a reverse proxy of ours, the last address in
 * {@code X-Forwarded-For} that is none. What anybody else says there is not believed.
 */
final class Callers {

    private static final String CALLER = "caller";
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");

    private final Set<String> proxies;

    Callers(Set<String> proxies) {
        this.proxies = proxies;
    }

    /** Keeps the address with the request. */
    void note(RoutingContext context) {
        context.put(CALLER, address(context.request()));
    }

    /** The address that was kept. */
    static String of(RoutingContext context) {
        return context.get(CALLER);
    }

    private String address(HttpServerRequest request) {
        String address = request.remoteAddress().hostAddress();
        String[] passed =
                String.join(",", request.headers().getAll("X-Forwarded-For")).split(",");
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
