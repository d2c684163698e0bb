package io.waybill.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A setting that names words, with commas or blanks between.
 *
 * @param known the words that it may name, and the settings that must not be empty where it does
 */
public record WordList(String setting, Map<String, List<String>> known) {

    /** Who is told of alerts. */
    public static final WordList CHANNELS = new WordList(
            "waybill.alerts.channels",
            Map.of(
                    "log",
                    List.of(),
                    "mail",
                    List.of("waybill.alerts.mail.url", "waybill.alerts.mail.from", "waybill.alerts.mail.to"),
                    "webhook",
                    List.of("waybill.alerts.webhook.url", "waybill.alerts.webhook.secret")));

    /** Which files go when personal data does. */
    public static final WordList GOING = new WordList(
            "waybill.retention.files",
            Map.of("labels", List.of(), "outbox", List.of(), "dead-letters", List.of(), "archive", List.of()));

    /** All of them. */
    public static final List<WordList> ALL = List.of(CHANNELS, GOING);

    public WordList {
        known = new TreeMap<>(known);
    }

    /**
     * The words that it names.
     *
     * @throws IllegalArgumentException with the first of the {@link #faults}
     */
    public List<String> of(Settings settings) {
        faults(settings).stream().findFirst().ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        });
        return named(settings);
    }

    /** All that is wrong with it, a sentence each. */
    public List<String> faults(Settings settings) {
        List<String> faults = new ArrayList<>();
        for (String word : named(settings)) {
            if (!known.containsKey(word)) {
                faults.add("setting '" + setting + "': '" + word + "' is none of " + String.join(", ", known.keySet()));
            }
            known.getOrDefault(word, List.of()).stream()
                    .filter(needed -> settings.get(needed).isEmpty())
                    .forEach(needed ->
                            faults.add("setting '" + needed + "' is empty, and " + setting + " names " + word));
        }
        return faults;
    }

    private List<String> named(Settings settings) {
        return List.of(settings.get(setting).split("[, ]+")).stream()
                .filter(word -> !word.isBlank())
                .distinct()
                .toList();
    }
}
