package io.waybill.check;

import io.waybill.order.Tariff;
import io.waybill.settings.Settings;
import io.waybill.settings.WordList;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Settings that would be dropped or misread in silence.
 *
 * <ol>
 *   <li>Names in the files of this installation that are neither ours nor in a group that Camel reads.
 *   <li>Values that are not of the kind of the one that is shipped: a whole number, true or false; zero where there must be
 *       one, and ports that there are not; words that are none of those that are known; addresses without their scheme; and
 *       tariffs that are written otherwise.
 *   <li>Folders that are written to and lie in the inbox, where each file of theirs would be read as an order; below a hidden
 *       folder nobody looks for any.
 * </ol>
 */
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

    private static final List<String> WRITTEN =
            List.of("waybill.outbox", "waybill.labels", "waybill.dead-letters", "waybill.archive");
    private static final Pattern TARIFF = Pattern.compile("waybill\\.account\\.[^.]+\\.[^.]+\\.tariff\\..+");
    private static final String NUMBER = "[0-9]{1,9}";
    private static final String COUNT = "0{0,8}[1-9][0-9]{0,8}";
    private static final String PORT =
            "0*([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
    private static final String SWITCH = "true|false";
    private static final Map<String, String> TOLD =
            Map.of(NUMBER, "a whole number", COUNT, "a whole number, at least 1", PORT, "a port from 0 to 65535");
    private static final Map<String, String> WORDS = new TreeMap<>(Map.of(
            "waybill\\.carrier\\.[a-z0-9-]+\\.(rate|concurrency)",
            COUNT,
            // with none of them nothing is worked on, or nothing starts
            "waybill\\.(claims|lease-seconds|lives|db\\.connections|intake\\.threads|queue\\.consumers|queue\\.message-mb)",
            COUNT,
            "waybill\\.(http|management)\\.port",
            PORT,
            "waybill\\.carrier\\.[a-z0-9-]+\\.enabled",
            SWITCH,
            "waybill\\.carrier\\.[a-z0-9-]+\\.in-doubt",
            "repost|lookup|operator",
            "waybill\\.log\\.format",
            "text|json",
            // what it does not know, logback takes for DEBUG
            "waybill\\.log\\.level",
            "OFF|ERROR|WARN|INFO|DEBUG|TRACE"));

    /** What a value looks like, and how that is told. */
    private record Form(String name, String pattern, String example) {}

    private static final List<Form> FORMS = List.of(
            new Form(
                    "waybill\\.carrier\\.[a-z0-9-]+\\.([a-z]+-)?url",
                    "(https?://[^/\\s]+.*)?",
                    "an address such as https://host"),
            new Form("waybill\\.broker\\.url", "([(]?[a-z]+://.+)?", "an address such as tcp://host:61616"),
            new Form("waybill\\.db\\.url", "jdbc:(h2|postgresql):.+", "jdbc:h2:... or jdbc:postgresql:..."),
            new Form("waybill\\.node", "\\S.*", "a name"));

    void check() {
        checkNames();
        settings.below("waybill.").forEach((name, value) -> checkValue("waybill." + name, value));
        settings.below("waybill.").forEach((name, value) -> checkForm("waybill." + name, value));
        WordList.ALL.forEach(list ->
                list.faults(settings).forEach(fault -> findings.broken(settings.place(list.setting()) + ": " + fault)));
        settings.below("waybill.account.").forEach((name, value) -> checkTariff("waybill.account." + name, value));
        WRITTEN.forEach(this::checkOutside);
    }

    private void checkOutside(String name) {
        Path inbox = settings.path("waybill.inbox");
        Path folder = settings.path(name);
        if (folder.startsWith(inbox) && !inbox.relativize(folder).toString().startsWith(".")) {
            findings.broken(settings.place(name) + ": setting '" + name
                    + "': expected a folder outside of waybill.inbox, whose files are read as orders, was '" + folder
                    + "'");
        }
    }

    private void checkTariff(String name, String value) {
        if (TARIFF.matcher(name).matches()) {
            try {
                Tariff.parse(value);
            } catch (IllegalArgumentException otherwise) {
                findings.broken(settings.place(name) + ": setting '" + name + "': " + otherwise.getMessage());
            }
        }
    }

    private void checkValue(String name, String value) {
        String expected = expected(name);
        if (!value.matches(expected)) {
            findings.broken(settings.place(name) + ": setting '" + name + "': expected "
                    + TOLD.getOrDefault(expected, String.join(" or ", expected.split("\\|"))) + ", was '" + value
                    + "'");
        }
    }

    private void checkForm(String name, String value) {
        FORMS.stream()
                .filter(form -> name.matches(form.name) && !value.matches(form.pattern))
                .forEach(form -> findings.broken(settings.place(name) + ": setting '" + name + "': expected "
                        + form.example + ", was '" + shown(value) + "'"));
    }

    /** Who logs in, and with what, may stand in an address. */
    private static String shown(String address) {
        return address.replaceAll("//[^/]*@", "//...@").replaceAll("[?;].*", "...");
    }

    /** A pattern of its value: as it is named, else as the one that is shipped; of most settings any text is one. */
    private String expected(String name) {
        String shipped = settings.shipped().getOrDefault(name, "");
        String kind = shipped.matches(NUMBER) ? NUMBER : shipped.matches(SWITCH) ? SWITCH : "(?s).*";
        return WORDS.entrySet().stream()
                .filter(words -> name.matches(words.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(kind);
    }

    private void checkNames() {
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
