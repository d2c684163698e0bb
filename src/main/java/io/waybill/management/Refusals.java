package io.waybill.management;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.waybill.access.Login;
import io.waybill.access.Visible;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log what was refused, to whom and why, and no more than {@value #MOST} lines a second: an attack must not fill
 * the disk. What is left out is counted.
 */
final class Refusals {

    static final String REASON = "refused-because";

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final int MOST = 20;

    private final LongSupplier nanos;
    private long second;
    private int lines;
    private int left;

    Refusals(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Refuses a request with a sentence. */
    static void refuse(RoutingContext context, int status, String reason) {
        context.put(REASON, reason);
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end(reason + "\n");
    }

    /** Notes an answer that was a refusal; of nobody who gave no password, which is how each login begins. */
    void note(RoutingContext context) {
        int status = context.response().getStatusCode();
        String reason = context.get(REASON);
        if (status >= 400 && status != 404 && (status != 401 || reason != null)) {
            HttpServerRequest request = context.request();
            say(
                    "refused with {}: {} {} of {} from {}: {}",
                    status,
                    Visible.text(request.method().name()),
                    Visible.text(String.valueOf(request.path())),
                    user(context),
                    Callers.of(context),
                    reason == null ? context.response().getStatusMessage() : reason);
        }
    }

    /** Notes something that was refused otherwise. */
    synchronized void say(String message, Object... values) {
        long now = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong());
        if (now != second) {
            if (left > 0) {
                LOG.warn("{} more refusals", left);
            }
            second = now;
            lines = 0;
            left = 0;
        }
        if (lines < MOST) {
            lines++;
            LOG.warn(message, values);
        } else {
            left++;
        }
    }

    /** Answers, and notes, a head that is too long or no HTTP. */
    void refuseInvalid(HttpServerRequest request) {
        say(
                "refused from {}: {}",
                address(request),
                Visible.text(String.valueOf(request.decoderResult().cause().getMessage())));
        HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
    }

    static String address(HttpServerRequest request) {
        return request.remoteAddress().hostAddress();
    }

    private static String user(RoutingContext context) {
        Login login = Logins.of(context);
        return login == null ? "nobody" : "'" + login.user() + "'";
    }
}
