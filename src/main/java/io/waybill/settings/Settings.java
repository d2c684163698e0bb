package io.waybill.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Every setting of a run, read once.
 *
 * <ol>
 *   <li>{@code application.properties} in the jar names each setting, says what it means and gives its default.
 *   <li>{@code conf/waybill.properties} below the home folder, then below the work folder, overrides it.
 *   <li>System properties ({@code -D}) override the files, the environment overrides nothing but them: {@code
 *       waybill.db.url} is {@code WAYBILL_DB_URL}.
 * </ol>
 *
 * <p>A {@code waybill.} name that nobody knows is refused, since a mistyped setting would else be silent.
 */
public final class Settings {

    private static final Pattern FREE =
            Pattern.compile("waybill\\.(account\\.[a-z0-9-]+\\.[a-z0-9-]+\\..+|carrier\\.[a-z0-9-]+\\.[a-z-]+|home)");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([A-Za-z0-9.-]+)}}");

    private static final String ENVIRONMENT = "environment:1";

    private static final List<String> FOLDERS = List.of(
            "waybill.work",
            "waybill.inbox",
            "waybill.outbox",
            "waybill.labels",
            "waybill.dead-letters",
            "waybill.archive",
            "waybill.management.users");

    private final TreeMap<String, String> values = new TreeMap<>();
    private final Map<String, String> places = new HashMap<>();
    private final Map<String, String> overridden = new HashMap<>();
    private List<String> unknown = List.of();
    private Map<String, String> shipped = Map.of();

    private Settings() {}

    /**
     * Reads the settings.
     *
     * @param system system properties, or what stands for them
     * @param environment environment variables, or what stands for them
     * @throws IllegalArgumentException if a name is unknown
     */
    public static Settings load(Properties system, Map<String, String> environment) {
        return load(Map.of(), system, environment);
    }

    /**
     * As {@link #load(Properties, Map)}, with further defaults between those of the jar and everything that overrides them.
     */
    public static Settings load(Map<String, String> defaults, Properties system, Map<String, String> environment) {
        Settings settings = read(defaults, system, environment);
        if (!settings.unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "settings " + settings.unknown + " are unknown; application.properties lists every name");
        }
        return settings;
    }

    /** As {@link #load(Map, Properties, Map)}, but names that nobody knows are kept and told by {@link #unknown}. */
    public static Settings read(Map<String, String> defaults, Properties system, Map<String, String> environment) {
        Settings settings = new Settings();
        settings.read(Settings.class.getResourceAsStream("/application.properties"), "application.properties");
        settings.shipped = Map.copyOf(settings.values);
        List<String> known = List.copyOf(settings.values.keySet());
        settings.values.putAll(defaults);
        settings.override(known, system, environment);
        settings.readFile(settings.home().resolve("conf/waybill.properties"));
        settings.override(known, system, environment);
        settings.readFile(settings.work().resolve("conf/waybill.properties"));
        settings.override(known, system, environment);
        settings.unknown = settings.without(known);
        FOLDERS.forEach(name -> settings.values.put(name, settings.path(name).toString()));
        return settings;
    }

    /** A copy in which these settings have other values. */
    public Settings with(Map<String, String> others) {
        Settings copy = new Settings();
        copy.values.putAll(values);
        copy.values.putAll(others);
        copy.places.putAll(places);
        copy.overridden.putAll(overridden);
        copy.unknown = unknown;
        copy.shipped = shipped;
        return copy;
    }

    /** The value of a setting, trimmed, its {@code {{placeholders}}} resolved; empty if it is set to nothing. */
    public String get(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("setting '" + name + "' is not set");
        }
        return !value.contains("{{")
                ? value
                : PLACEHOLDER.matcher(value).replaceAll(m -> java.util.regex.Matcher.quoteReplacement(get(m.group(1))));
    }

    /** The value of a setting, or a default where nothing names it. */
    public String get(String name, String otherwise) {
        return values.containsKey(name) ? get(name) : otherwise;
    }

    /** The names beginning with {@code waybill.} that mean nothing. */
    public List<String> unknown() {
        return unknown;
    }

    /** What {@code application.properties} gives every setting. */
    public Map<String, String> shipped() {
        return shipped;
    }

    /** Whether a file of this installation names the setting. */
    public boolean isFromFile(String name) {
        return places.containsKey(name);
    }

    /**
     * Where the value that holds was set: {@code <file>:<line>}, {@code environment:1}, or {@code command line:1}, also for what
     * nothing of this installation says.
     */
    public String place(String name) {
        return overridden.getOrDefault(name, places.getOrDefault(name, "command line:1"));
    }

    /** The value of a setting as a whole number. */
    public int number(String name) {
        try {
            return Integer.parseInt(get(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "setting '" + name + "': expected a whole number, was '" + get(name) + "'", e);
        }
    }

    /** The folder with {@code routes/} and {@code mappings/}. */
    public Path home() {
        return Path.of(get("waybill.home", ".")).toAbsolutePath().normalize();
    }

    /** The folder of everything that is written at run time. */
    public Path work() {
        return path("waybill.work");
    }

    /** A setting that names a file or a folder; relative names are below the home folder. */
    public Path path(String name) {
        return home().resolve(get(name)).normalize();
    }

    /**
     * What an account needs at a carrier: the part of {@code waybill.account.<account>.<carrier>.<key>} after the carrier,
     * with its value.
     */
    public Map<String, String> account(String account, String carrier) {
        return below("waybill.account." + account + "." + carrier + ".");
    }

    /** The part of {@code waybill.carrier.<carrier>.<name>} after the carrier, with its value. */
    public Map<String, String> carrier(String carrier) {
        return below("waybill.carrier." + carrier + ".");
    }

    /** All settings whose name begins so, without that beginning. */
    public Map<String, String> below(String prefix) {
        Map<String, String> found = new TreeMap<>();
        for (String name : values.tailMap(prefix).keySet()) {
            if (!name.startsWith(prefix)) {
                break;
            }
            found.put(name.substring(prefix.length()), get(name));
        }
        return found;
    }

    /** Everything, resolved, for Camel's own placeholders. */
    public Properties all() {
        Properties all = new Properties();
        values.keySet().forEach(name -> all.setProperty(name, get(name)));
        return all;
    }

    private void override(List<String> known, Properties system, Map<String, String> environment) {
        known.forEach(name -> fromEnvironment(name, environment));
        environment.forEach(this::accountFromEnvironment);
        environment.forEach(this::carrierFromEnvironment);
        system.stringPropertyNames().stream()
                .filter(name -> name.startsWith("waybill.") || name.startsWith("camel."))
                .forEach(name -> override(name, system.getProperty(name), "command line:1"));
    }

    private void override(String name, String value, String place) {
        values.put(name, value.trim());
        overridden.put(name, place);
    }

    private void fromEnvironment(String name, Map<String, String> environment) {
        String value =
                environment.get(name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'));
        if (value != null && name.startsWith("waybill.")) {
            override(name, value, ENVIRONMENT);
        }
    }

    /** {@code WAYBILL_ACCOUNT_DEFAULT_KDNIAO_API_KEY}: account and carrier are one word each there. */
    private void accountFromEnvironment(String name, String value) {
        String[] words = name.split("_", 5);
        if (name.startsWith("WAYBILL_ACCOUNT_") && words.length == 5) {
            String key = words[4].toLowerCase(Locale.ROOT).replace('_', '-').replaceFirst("^(service|tariff)-", "$1.");
            String account = words[2].toLowerCase(Locale.ROOT);
            String carrier = words[3].toLowerCase(Locale.ROOT);
            override("waybill.account." + account + "." + carrier + "." + key, value, ENVIRONMENT);
        }
    }

    /** {@code WAYBILL_CARRIER_PARCELONE_URL}: also of a carrier that {@code application.properties} does not name. */
    private void carrierFromEnvironment(String name, String value) {
        String[] words = name.split("_", 4);
        if (name.startsWith("WAYBILL_CARRIER_") && words.length == 4) {
            String carrier = words[2].toLowerCase(Locale.ROOT);
            String setting = words[3].toLowerCase(Locale.ROOT).replace('_', '-');
            override("waybill.carrier." + carrier + "." + setting, value, ENVIRONMENT);
        }
    }

    private void readFile(Path file) {
        if (Files.isRegularFile(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                read(in, file.toString());
                places(file);
            } catch (IOException e) {
                throw new UncheckedIOException("settings '" + file + "' cannot be read", e);
            }
        }
    }

    private void places(Path file) throws IOException {
        int line = 0;
        for (String text : Files.readAllLines(file)) {
            line++;
            String name = text.strip().split("[\\s=:]", 2)[0];
            if (values.containsKey(name)) {
                places.put(name, file + ":" + line);
            }
        }
    }

    private void read(InputStream in, String name) {
        Properties properties = new Properties();
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("settings '" + name + "' cannot be read", e);
        }
        properties
                .stringPropertyNames()
                .forEach(key -> values.put(key, properties.getProperty(key).trim()));
    }

    private List<String> without(List<String> known) {
        return values.keySet().stream()
                .filter(name -> name.startsWith("waybill."))
                .filter(name -> !known.contains(name) && !FREE.matcher(name).matches())
                .toList();
    }
}
