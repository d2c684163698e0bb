package io.waybill.operate;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
             "disabledRoutes":["/connect","/diagnostics"]}
            """;

    /** What the console asks for at its start: no plug-ins, no proxy, and the browser does the login. */
    private static final Map<String, String> ANSWERS = Map.of(
            "hawtconfig.json", CONFIG,
            "plugin", "[]",
            "proxy/enabled", "false",
            "keycloak/enabled", "false",
            "auth/config", "{}",
            "auth/config/session-timeout", "{\"timeout\":-1}");

    private final Buffer index;

    Console() {
        String file = FILES + "/index.html";
        try (InputStream page = Console.class.getClassLoader().getResourceAsStream(file)) {
            if (page == null) {
                throw new IllegalStateException("open the console: '%s' is not on the class path".formatted(file));
            }
            index = Buffer.buffer(page.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException("open the console: '%s' cannot be read".formatted(file), unreadable);
        }
    }

    void mount(Router router) {
        router.get("/hawtio").handler(Console::addSlash);
        ANSWERS.forEach((path, body) -> router.get("/hawtio/" + path).handler(context -> json(context, body)));
        router.get("/hawtio/user").handler(context -> json(context, Json.encode(user(context))));
        router.route("/hawtio/*")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(StaticHandler.create(FILES)
                        .setIncludeHidden(false)
                        .setDirectoryListing(false)
                        .setIndexPage("index.html"));
        router.get("/hawtio/*").handler(this::page);
    }

    // the route of "/hawtio" matches "/hawtio/" too
    private static void addSlash(RoutingContext context) {
        if (context.request().path().equals("/hawtio")) {
            context.response()
                    .setStatusCode(302)
                    .putHeader("Location", "/hawtio/")
                    .end();
        } else {
            context.next();
        }
    }

    private static String user(RoutingContext context) {
        return context.user().principal().getString("username");
    }

    private static void json(RoutingContext context, String body) {
        context.response().putHeader("Content-Type", "application/json").end(body);
    }

    // a view of the console, not a file: the page draws it
    private void page(RoutingContext context) {
        String path = context.normalizedPath();
        if (path.startsWith(Gate.JOLOKIA)
                || path.substring(path.lastIndexOf('/')).contains(".")) {
            context.next();
        } else {
            context.response()
                    .putHeader("Content-Type", "text/html; charset=utf-8")
                    .end(index);
        }
    }
}
