package io.waybill.management;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The Hawtio console below {@code /hawtio/}: its static files, and the few answers it expects from a Hawtio server.
 */
final class Console {

    private static final String FILES = "hawtio-static";

    private static final String CONFIG =
            """
            {"branding":{"appName":"Waybill","appLogoUrl":"img/hawtio-logo.svg","css":"","favicon":""},
             "about":{"title":"Waybill","productInfo":[],"additionalInfo":"","copyright":"",
                      "imgSrc":"img/hawtio-logo.svg"},
             "disabledRoutes":["/connect","/diagnostics","/runtime"]}
            """;

    /** What the console asks for at its start: no plug-ins, no proxy, and the browser does the login. */
    private static final Map<String, String> ANSWERS = Map.of(
            "hawtconfig.json", CONFIG,
            "plugin", "[]",
            "proxy/enabled", "false",
            "keycloak/enabled", "false",
            "auth/config", "{}");

    /** A browser refuses the console's requests on a page opened as http://user:password@host: open it plainly. */
    private static final String PLAIN_ADDRESS =
            """
            if (new URL(document.baseURI).username) {
              location.replace(location.origin + location.pathname + location.search + location.hash);
            }
            """;

    private final Logins logins;
    private final String index;

    Console(Logins logins) {
        this.logins = logins;
        String file = FILES + "/index.html";
        try (InputStream page = Console.class.getClassLoader().getResourceAsStream(file)) {
            if (page == null) {
                throw new IllegalStateException("open the console: '%s' is not on the class path".formatted(file));
            }
            String text = new String(page.readAllBytes(), StandardCharsets.UTF_8);
            index = text.replaceFirst(
                    "<script ",
                    "<script src=\"/hawtio/plain-address.js\"></script>"
                            + "<script src=\"/hawtio/route-reasons.js\"></script><script ");
        } catch (IOException unreadable) {
            throw new UncheckedIOException("open the console: '%s' cannot be read".formatted(file), unreadable);
        }
    }

    void mount(Router router) {
        router.get("/").handler(Console::toConsole);
        router.get("/hawtio").handler(Console::addSlash);
        ANSWERS.forEach((path, body) -> router.get("/hawtio/" + path).handler(context -> json(context, body)));
        router.get("/hawtio/auth/config/session-timeout").handler(context -> json(context, logins.sessionTimeout()));
        router.get("/hawtio/refresh").handler(this::refresh);
        router.get("/hawtio/user").handler(context -> json(context, Json.encode(user(context))));
        router.get("/hawtio/plain-address.js").handler(Console::plainAddress);
        router.get("/hawtio/route-reasons.js")
                .handler(context -> SourceView.script(context, SourceView.read("route-reasons.js")));
        new SourceView().mount(router);
        router.get("/hawtio/").handler(this::page);
        router.get("/hawtio/index.html").handler(this::page);
        router.route("/hawtio/*")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(StaticHandler.create(FILES)
                        .setIncludeHidden(false)
                        .setDirectoryListing(false)
                        .setIndexPage("index.html"));
        router.get("/hawtio/*").handler(this::view);
    }

    // the route of "/hawtio" matches "/hawtio/" too
    private static void addSlash(RoutingContext context) {
        if (context.request().path().equals("/hawtio")) {
            toConsole(context);
        } else {
            context.next();
        }
    }

    private static void toConsole(RoutingContext context) {
        context.response().setStatusCode(302).putHeader("Location", "/hawtio/").end();
    }

    private static String user(RoutingContext context) {
        return Logins.of(context).user();
    }

    private static void json(RoutingContext context, String body) {
        context.response().putHeader("Content-Type", "application/json").end(body);
    }

    private static void plainAddress(RoutingContext context) {
        context.response().putHeader("Content-Type", "text/javascript").end(PLAIN_ADDRESS);
    }

    // the console tells that somebody is at it; what it asks by itself keeps no session alive
    private void refresh(RoutingContext context) {
        logins.use(context);
        context.response().setStatusCode(204).end();
    }

    private void page(RoutingContext context) {
        logins.use(context);
        context.response().putHeader("Content-Type", "text/html; charset=utf-8").end(index);
    }

    // a view of the console, not a file: the page draws it
    private void view(RoutingContext context) {
        String path = context.normalizedPath();
        if (path.startsWith(Gate.JOLOKIA)
                || path.substring(path.lastIndexOf('/')).contains(".")) {
            context.next();
        } else {
            page(context);
        }
    }
}
