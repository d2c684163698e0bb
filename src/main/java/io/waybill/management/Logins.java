package io.waybill.management;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.waybill.access.Door;
import io.waybill.access.Login;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The one login of the port: a password with each request (Basic), the token of the command line (Bearer), or the cookie of
 * a session, which a browser gets for a password.
 *
 * <p>A browser is never asked for a Basic password: it would keep it, and no session would ever end. Passwords are verified
 * on one thread beside the server's.
 */
final class Logins {

    private static final String LOGIN = "login";
    private static final String BASIC = "Basic ";
    private static final String BEARER = "Bearer ";
    private static final int WAITING = 50;

    private final Door door;
    private final Connections connections;
    private final String cookie;
    private final boolean secure;
    private final AtomicInteger waiting = new AtomicInteger();
    private WorkerExecutor verifier;

    /**
     * A login of this port.
     *
     * @param connections whose patience does not run while a password is verified
     * @param port   names the cookie, which browsers send to every port of a host
     * @param secure whether the cookie is for TLS only, also where no proxy was asked by TLS
     */
    Logins(Door door, Connections connections, int port, boolean secure) {
        this.door = door;
        this.connections = connections;
        this.cookie = "waybill-" + port;
        this.secure = secure;
    }

    void start(Vertx vertx) {
        verifier = vertx.createSharedWorkerExecutor("waybill-login", 1);
    }

    /** Who sent this request, null before {@link #check}. */
    static Login of(RoutingContext context) {
        return context.get(LOGIN);
    }

    /** Lets the request go on if somebody who is known sent it. */
    void check(RoutingContext context) {
        String given = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (given == null) {
            session(context);
        } else if (given.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            basic(context, given.substring(BASIC.length()));
        } else if (given.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            door.token(given.substring(BEARER.length()).strip())
                    .ifPresentOrElse(login -> enter(context, login), () -> refuse(context, "wrong token"));
        } else {
            refuse(context, "expected Basic or Bearer");
        }
    }

    /** The form of the login page. */
    void form(RoutingContext context) {
        String user = Optional.ofNullable(context.request().getFormAttribute("username"))
                .orElse("");
        String password = Optional.ofNullable(context.request().getFormAttribute("password"))
                .orElse("");
        verify(context, user, password, answer -> {
            if (answer instanceof Door.In in) {
                context.put(LOGIN, in.login());
                context.response().addCookie(cookie(context, door.begin(in.login())));
                redirect(context, "/hawtio/");
            } else {
                refuse(context, answer);
            }
        });
    }

    /** Ends the session. */
    void logout(RoutingContext context) {
        Cookie sent = context.request().getCookie(cookie);
        if (sent != null) {
            door.end(sent.getValue());
        }
        context.response().addCookie(cookie(context, "").setMaxAge(0));
        redirect(context, "/hawtio/");
    }

    /** Something was done by hand in the session. */
    void use(RoutingContext context) {
        Cookie sent = context.request().getCookie(cookie);
        if (sent != null) {
            door.use(sent.getValue());
        }
    }

    /** The answer to the console's question how long a session lasts without use; both times are the server's. */
    String sessionTimeout() {
        return "{\"timeout\":%d,\"now\":0,\"req\":0}".formatted(door.idle().toSeconds());
    }

    private void session(RoutingContext context) {
        Cookie sent = context.request().getCookie(cookie);
        Optional<Login> login = Optional.ofNullable(sent).map(Cookie::getValue).flatMap(door::session);
        login.ifPresentOrElse(known -> enter(context, known), () -> refuse(context, (String) null));
    }

    private void basic(RoutingContext context, String encoded) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException noBase64) {
            refuse(context, "the password is not encoded as Basic demands");
            return;
        }
        int colon = pair.indexOf(':');
        verify(context, pair.substring(0, Math.max(colon, 0)), pair.substring(colon + 1), answer -> {
            if (answer instanceof Door.In in) {
                enter(context, in.login());
            } else {
                refuse(context, answer);
            }
        });
    }

    private void verify(RoutingContext context, String user, String password, Consumer<Door.Answer> then) {
        String address = Callers.of(context);
        Optional<Door.Answer> known = door.known(user, password, address);
        if (known.isPresent()) {
            then.accept(known.get());
        } else if (waiting.incrementAndGet() > WAITING) {
            waiting.decrementAndGet();
            context.response().putHeader("Retry-After", "5");
            Refusals.refuse(context, 503, "too many logins at once");
        } else {
            HttpServerRequest request = context.request();
            request.pause();
            connections.paused(request);
            verifier.executeBlocking(() -> door.knock(user, password, address))
                    .onComplete(done -> {
                        waiting.decrementAndGet();
                        connections.resumed(request);
                        request.resume();
                    })
                    .onSuccess(then::accept)
                    .onFailure(context::fail);
        }
    }

    private static void enter(RoutingContext context, Login login) {
        context.put(LOGIN, login);
        context.next();
    }

    private void refuse(RoutingContext context, Door.Answer answer) {
        if (answer instanceof Door.LockedOut out) {
            context.response().putHeader("Retry-After", Long.toString(out.left().toSeconds() + 1));
            refuse(context, 429, "too many failed logins; try again later");
        } else {
            // the door has told the log
            refuse(context, 401, "wrong user or password");
        }
    }

    private void refuse(RoutingContext context, String reason) {
        context.put(Refusals.REASON, reason);
        refuse(context, 401, reason);
    }

    private void refuse(RoutingContext context, int status, String reason) {
        if (isBrowser(context.request())) {
            context.response()
                    .setStatusCode(status)
                    .putHeader("WWW-Authenticate", "Form realm=\"Waybill\"")
                    .putHeader("Content-Type", "text/html; charset=utf-8")
                    .end(LoginPage.with(reason == null ? "" : reason));
        } else {
            context.response()
                    .setStatusCode(status)
                    .putHeader("WWW-Authenticate", "Basic realm=\"Waybill\"")
                    .putHeader("Content-Type", "text/plain; charset=utf-8")
                    .end((reason == null ? "a password is needed" : reason) + "\n");
        }
    }

    private static boolean isBrowser(HttpServerRequest request) {
        String agent = request.getHeader(HttpHeaders.USER_AGENT);
        return agent != null && agent.startsWith("Mozilla/");
    }

    private Cookie cookie(RoutingContext context, String value) {
        return Cookie.cookie(cookie, value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(secure || Callers.byTls(context))
                .setSameSite(CookieSameSite.STRICT);
    }

    private static void redirect(RoutingContext context, String path) {
        context.response().setStatusCode(303).putHeader("Location", path).end();
    }
}
