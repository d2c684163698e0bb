package io.waybill.management;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The console's Source tab without the internet: its editor would come from another host. The one file that names that host
 * is served with our address in its place, and there is a view that shows the text.
 */
final class SourceView {

    private static final String FILE = "static/js/240.f213504c.chunk.js";
    private static final String ELSEWHERE = "https://cdn.jsdelivr.net/npm/monaco-editor@0.43.0/min/vs";
    private static final String HERE = "/hawtio/source-view";

    private Buffer patched;

    void mount(Router router) {
        router.get("/hawtio/" + FILE).handler(this::file);
        router.get(HERE + "/loader.js").handler(context -> script(context, read("source-view.js")));
    }

    // all requests come on one thread
    private void file(RoutingContext context) {
        if (patched == null) {
            String text = read("hawtio-static/" + FILE).toString(StandardCharsets.UTF_8);
            if (!text.contains(ELSEWHERE)) {
                throw new IllegalStateException("open the console: '%s' does not name '%s'".formatted(FILE, ELSEWHERE));
            }
            patched = Buffer.buffer(text.replace(ELSEWHERE, HERE));
        }
        script(context, patched);
    }

    static void script(RoutingContext context, Buffer text) {
        context.response()
                .putHeader("Content-Type", "text/javascript; charset=utf-8")
                .end(text);
    }

    static Buffer read(String file) {
        try (InputStream in = SourceView.class.getClassLoader().getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("open the console: '%s' is not on the class path".formatted(file));
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException("open the console: '%s' cannot be read".formatted(file), unreadable);
        }
    }
}
