package io.waybill.management;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * What every push passes before a route sees it: {@code POST /push/<carrier>[/<account>[/<secret>]]}.
 *
 * <ol>
 *   <li>At most so many at once, so many bytes and so many seconds each; the bytes are counted as they come, whatever a
 *       header promises. No thread waits for a sender that is slow.
 *   <li>Its bytes go to {@code direct:push} as they are; the route decides what is answered. Of the headers only
 *       {@code Authorization} and those of a carrier's own ({@code X-...}) are passed on, as a variable.
 * </ol>
 */
final class PushGate {

    /** The largest push. */
    static final int MOST_BYTES = 1 << 20;

    private static final int MOST_AT_ONCE = 64;
    private static final int MOST_HEADERS = 20;
    private static final long LINGER_MILLIS = 1_000;
    private static final Pattern PATH =
            Pattern.compile("/push/([a-z0-9-]{1,40})(?:/([a-z0-9-]{1,40})(?:/([^/]{1,200}))?)?/?");

    private final ProducerTemplate routes;
    private final long readMillis;
    private final Refusals refusals;
    private final AtomicInteger open = new AtomicInteger();

    PushGate(ProducerTemplate routes, Duration patience, Refusals refusals) {
        this.routes = routes;
        this.refusals = refusals;
        this.readMillis = patience.toMillis();
    }

    void mount(Router router) {
        router.route("/push/*").handler(this::receive);
    }

    private void receive(RoutingContext context) {
        HttpServerRequest request = context.request();
        Matcher path = PATH.matcher(String.valueOf(context.normalizedPath()));
        if (!path.matches()) {
            refuse(request, 404);
        } else if (request.method() != HttpMethod.POST) {
            request.response().putHeader("Allow", "POST");
            refuse(request, 405);
        } else if (tooLong(request.getHeader(HttpHeaders.CONTENT_LENGTH))) {
            refuse(request, 413);
        } else if (open.incrementAndGet() > MOST_AT_ONCE) {
            open.decrementAndGet();
            refuse(request, 503);
        } else {
            new Reading(context.vertx(), request, path).begin();
        }
    }

    private static boolean tooLong(String length) {
        return length != null && (!length.matches("[0-9]{1,9}") || Long.parseLong(length) > MOST_BYTES);
    }

    /** Answers at once; what still comes is thrown away for a moment, so that the sender can read the answer. */
    private void refuse(HttpServerRequest request, int status) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        // not its path, in which a secret may be
        refusals.say("a push from {} is refused with {}", Refusals.address(request), status);
        boolean ended = request.isEnded();
        if (!ended) {
            response.putHeader(HttpHeaders.CONNECTION, "close");
            request.handler(thrownAway -> {});
            request.resume();
        }
        response.setStatusCode(status).end();
        if (!ended) {
            Vertx.currentContext().owner().setTimer(LINGER_MILLIS, timer -> request.connection()
                    .close());
        }
    }

    /** One push on its way in; used by the thread of its connection only. */
    private final class Reading {

        private final Vertx vertx;
        private final HttpServerRequest request;
        private final Matcher path;
        private final Buffer body = Buffer.buffer();
        private boolean over;
        private long timer;

        Reading(Vertx vertx, HttpServerRequest request, Matcher path) {
            this.vertx = vertx;
            this.request = request;
            this.path = path;
        }

        void begin() {
            timer = vertx.setTimer(readMillis, late -> end(408));
            request.exceptionHandler(broken -> end(400));
            request.handler(this::more);
            request.endHandler(whole -> {
                if (over()) {
                    pass();
                }
            });
        }

        private void more(Buffer part) {
            if (body.length() + part.length() > MOST_BYTES) {
                end(413);
            } else {
                body.appendBuffer(part);
            }
        }

        /** Whether this is the end, and not yet another one. */
        private boolean over() {
            boolean first = !over;
            over = true;
            vertx.cancelTimer(timer);
            return first;
        }

        private void end(int status) {
            if (over()) {
                open.decrementAndGet();
                refuse(request, status);
            }
        }

        private void pass() {
            Map<String, String> headers = headers();
            byte[] bytes = body.getBytes();
            vertx.<Exchange>executeBlocking(
                            () -> routes.send("direct:push", exchange -> {
                                exchange.getMessage().setBody(bytes);
                                exchange.setVariable("carrier", path.group(1));
                                exchange.setVariable("account", path.group(2));
                                exchange.setVariable("secret", path.group(3));
                                exchange.setVariable("headers", headers);
                            }),
                            false)
                    .onComplete(done -> {
                        open.decrementAndGet();
                        answer(done.result());
                    });
        }

        private void answer(Exchange exchange) {
            HttpServerResponse response = request.response();
            if (response.ended() || response.closed()) {
                return;
            }
            boolean failed = exchange == null || exchange.getException() != null;
            int status =
                    failed ? 500 : exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
            String text = failed || status != 200 ? null : exchange.getMessage().getBody(String.class);
            response.setStatusCode(status);
            if (text == null) {
                response.end();
            } else {
                response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
                        .end(text);
            }
        }

        private Map<String, String> headers() {
            Map<String, String> headers = new HashMap<>();
            request.headers().forEach(header -> {
                String name = header.getKey().toLowerCase(java.util.Locale.ROOT);
                if (headers.size() < MOST_HEADERS && (name.equals("authorization") || name.startsWith("x-"))) {
                    headers.put(name, header.getValue());
                }
            });
            return headers;
        }
    }
}
