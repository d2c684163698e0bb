package io.waybill.check;

import io.waybill.settings.Settings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whatever a route names is there: settings between {@code {{}}}, and a route behind every {@code direct:} and {@code seda:},
 * which Camel would only miss when the first order comes by.
 */
record RouteEndpoints(List<RouteFile> files, Settings settings, Findings findings) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");
    private static final Set<String> INSIDE = Set.of("direct", "seda");
    private static final Set<String> URIS = Set.of("uri", "deadLetterUri", "to", "wireTap");

    /** Set by the engine itself, from the broker's address. */
    private static final Set<String> MADE =
            Set.of("waybill.queue.enabled", "waybill.queue.largest", "waybill.queue.small");

    void check() {
        Set<String> served = served();
        files.forEach(file -> file.root().each(spot -> {
            if (spot.value().isTextual()) {
                checkPlaceholders(spot);
                if (URIS.contains(spot.name()) && !spot.pointer().endsWith("/from/uri")) {
                    checkIsServed(spot, served);
                }
            }
        }));
    }

    /** What routes take from; a file that cannot be read is taken to serve its name. */
    Set<String> served() {
        Set<String> served = new HashSet<>();
        for (RouteFile file : files) {
            file.routes()
                    .forEach(route -> served.add(address(route.child("from").text("uri"))));
            if (!file.isReadable()) {
                INSIDE.forEach(scheme -> served.add(scheme + ":" + file.name()));
            }
        }
        return served;
    }

    private void checkIsServed(Spot uri, Set<String> served) {
        String to = address(uri.value().asText());
        boolean decided = !to.contains("${") && !to.contains("{{");
        boolean inside = INSIDE.stream().anyMatch(scheme -> to.startsWith(scheme + ":"));
        if (inside && decided && !served.contains(to)) {
            findings.broken(uri.finding("'" + to + "' leads nowhere; no route takes from it"));
        }
    }

    private void checkPlaceholders(Spot text) {
        Matcher placeholder = PLACEHOLDER.matcher(text.value().asText());
        while (placeholder.find()) {
            String name = placeholder.group(1);
            if (!name.startsWith("?") && !name.contains(":") && !isKnown(name)) {
                findings.broken(
                        text.finding("'{{" + name + "}}' is no setting; application.properties lists every name"));
            }
        }
    }

    private boolean isKnown(String name) {
        return MADE.contains(name) || settings.get(name, null) != null;
    }

    /** An address without options, its placeholders resolved where they are known. */
    private String address(String uri) {
        String resolved =
                PLACEHOLDER.matcher(uri).replaceAll(m -> Matcher.quoteReplacement(settings.get(m.group(1), m.group())));
        int options = resolved.indexOf('?');
        return (options < 0 ? resolved : resolved.substring(0, options)).replaceFirst("^(\\w+)://", "$1:");
    }
}
