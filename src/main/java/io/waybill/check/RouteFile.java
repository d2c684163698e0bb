package io.waybill.check;

import io.waybill.mapping.Declaration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One file of {@code routes/}, read as YAML and not by Camel.
 *
 * @param name the file name without {@code .camel.yaml}, which is also the id of its route
 */
record RouteFile(String name, Spot root) {

    private static final String ENDING = ".camel.yaml";
    private static final String RULES = "carrier-rules.yaml";

    /** A step: what stands in a list of steps, under the name of its kind. */
    record Step(String kind, Spot body) {

        String id() {
            return body.text("id");
        }
    }

    static List<RouteFile> read(Path routes, Findings findings) {
        List<RouteFile> files = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        try (Stream<Path> listed = Files.list(routes)) {
            for (Path file : listed.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(ENDING)) {
                    files.add(new RouteFile(
                            name.substring(0, name.length() - ENDING.length()),
                            Spot.root(Declaration.read(file, unreadable))));
                } else if (!name.equals(RULES) && !name.startsWith(".")) {
                    findings.untidy(file + ":1: is read by nobody; a route file ends with " + ENDING);
                }
            }
        } catch (IOException e) {
            findings.broken(routes + ":1: is missing or cannot be read");
        }
        findings.broken(unreadable);
        return files;
    }

    boolean isReadable() {
        return !root.value().isMissingNode();
    }

    /** The routes in it; there should be one at most. */
    List<Spot> routes() {
        return entries("route");
    }

    List<Spot> configurations() {
        return entries("routeConfiguration");
    }

    private List<Spot> entries(String kind) {
        return root.value().isArray()
                ? root.children().stream()
                        .filter(entry -> entry.value().has(kind))
                        .map(entry -> entry.child(kind))
                        .toList()
                : List.of();
    }

    /** Every step below a place, in the order of the file. */
    static List<Step> steps(Spot place) {
        List<Step> steps = new ArrayList<>();
        place.each(spot -> {
            if (spot.name().equals("steps") && spot.value().isArray()) {
                spot.children()
                        .forEach(entry -> entry.children().forEach(body -> steps.add(new Step(body.name(), body))));
            }
        });
        return steps;
    }
}
