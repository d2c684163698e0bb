package io.waybill.check;

import io.waybill.settings.Settings;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Names in the files of this installation that are neither ours nor in a group that Camel reads; Camel drops them in silence. */
record EngineSettings(Settings settings, Findings findings) {

    /** The groups of camel-main 4.18 and those of its components. */
    private static final Set<String> GROUPS = Set.of(
            "beans",
            "component",
            "dataformat",
            "debug",
            "faulttolerance",
            "health",
            "language",
            "lra",
            "main",
            "management",
            "mdc",
            "metrics",
            "opentelemetry",
            "opentelemetry2",
            "resilience4j",
            "rest",
            "routecontroller",
            "server",
            "ssl",
            "startupcondition",
            "telemetrydev",
            "threadpool",
            "trace",
            "variable",
            "vault");

    void check() {
        for (String name : new TreeSet<>(settings.all().stringPropertyNames())) {
            List<String> words = List.of(name.split("\\.", 3));
            boolean ours = words.get(0).equals("waybill");
            boolean camels = words.size() == 3
                    && words.get(0).equals("camel")
                    && GROUPS.contains(words.get(1).toLowerCase(Locale.ROOT).replace("-", ""));
            if (!ours && !camels && settings.isFromFile(name)) {
                findings.broken(settings.place(name) + ": setting '" + name
                        + "' is read by nobody; expected waybill. or camel.<group>.");
            }
        }
    }
}
