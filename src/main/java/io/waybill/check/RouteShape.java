package io.waybill.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One file is one route is one step, with one name, a sentence, and an answer to the question what happens when it fails.
 *
 * <p>Camel accepts each of these in silence: a file without a list holds no route, a second route of the same id replaces or
 * shadows the first, a {@code routeConfigurationId} that names nothing leaves the route without any error handling, and an
 * {@code errorHandler} at the top of one file applies to others.
 */
record RouteShape(List<RouteFile> files, Findings findings) {

    private static final Set<String> LEAKS = Set.of(
            "errorHandler", "onException", "intercept", "interceptFrom", "interceptSendToEndpoint", "onCompletion");

    void check() {
        Set<String> configurations = new TreeSet<>();
        files.forEach(file -> file.configurations().forEach(entry -> configurations.add(entry.text("id"))));
        files.stream().filter(file -> !file.isReadable()).forEach(file -> configurations.add(file.name()));
        files.stream().filter(RouteFile::isReadable).forEach(file -> {
            checkRoot(file);
            file.routes().forEach(route -> checkRoute(file, route, configurations));
            file.configurations().forEach(entry -> checkName(file, entry, "route configuration"));
        });
        checkIdsAreUnique();
    }

    private void checkRoot(RouteFile file) {
        Spot root = file.root();
        if (!root.value().isArray()) {
            findings.broken(root.finding("is no list, so Camel loads no route from it; begin with '- route:'"));
            return;
        }
        int found = file.routes().size() + file.configurations().size();
        if (found == 0) {
            findings.broken(root.finding("holds no route; begin with '- route:'"));
        }
        List<Spot> entries = root.children();
        for (int i = 1; i < entries.size() && found > 1; i++) {
            findings.untidy(entries.get(i).finding("a second entry; one file is one route or one routeConfiguration"));
        }
        entries.stream().flatMap(entry -> entry.children().stream()).forEach(this::checkKind);
    }

    private void checkKind(Spot entry) {
        String kind = entry.name();
        if (LEAKS.contains(kind)) {
            findings.broken(entry.finding("'" + kind
                    + "' at the top also applies to routes of other files; put it into a routeConfiguration"));
        } else if (kind.equals("from")) {
            findings.untidy(
                    entry.finding("is the short form of a route; write 'route:' with an id and 'from' below it"));
        } else if (!kind.equals("route") && !kind.equals("routeConfiguration")) {
            findings.untidy(entry.finding("'" + kind + "' is none of route and routeConfiguration"));
        }
    }

    private void checkRoute(RouteFile file, Spot route, Set<String> configurations) {
        checkName(file, route, "route");
        String from = route.child("from").text("uri");
        if (from.startsWith("direct:") && !from.equals("direct:" + file.name())) {
            findings.untidy(route.child("from")
                    .child("uri")
                    .finding("is called by '" + from + "'; expected 'direct:" + file.name()
                            + "', the name of its file"));
        }
        if (!route.text("description").endsWith(".")) {
            findings.untidy(route.child("description")
                    .finding("description is missing or no sentence; say what the route guarantees"));
        }
        String configuration = route.text("routeConfigurationId");
        if (configuration.isEmpty()) {
            findings.broken(route.finding("routeConfigurationId is missing, so nothing is done when a step fails"));
        } else if (!configurations.contains(configuration)) {
            findings.broken(route.child("routeConfigurationId")
                    .finding("routeConfigurationId '" + configuration
                            + "' names nothing, so nothing is done when a step fails; expected one of "
                            + String.join(", ", configurations)));
        }
    }

    private void checkName(RouteFile file, Spot entry, String what) {
        if (!entry.text("id").equals(file.name())) {
            findings.untidy(entry.child("id")
                    .finding(what + " id is '" + entry.text("id") + "'; expected '" + file.name()
                            + "', the name of its file"));
        }
    }

    private void checkIdsAreUnique() {
        Map<String, Spot> known = new HashMap<>();
        for (RouteFile file : files) {
            for (Spot route : file.routes()) {
                Spot id = route.child("id");
                Spot first = known.putIfAbsent(id.value().asText(), id);
                if (first != null) {
                    findings.broken(id.finding("route id '" + id.value().asText() + "' is also that of "
                            + first.file().file().getFileName()));
                }
            }
        }
    }
}
