package io.waybill.engine;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.check.Reload;
import io.waybill.ledger.Database;
import io.waybill.ledger.Ledger;
import io.waybill.mapping.CarrierRules;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.OrderSchema;
import io.waybill.order.Outcome;
import io.waybill.route.Beans;
import io.waybill.route.CanonicalOrders;
import io.waybill.route.Tally;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.main.Main;

/**
 * The engine as it would be, without being it: Camel makes every route, endpoint and bean of a home folder and starts none.
 *
 * <ol>
 *   <li>The database is an empty one in memory, the folders are empty ones that go afterwards.
 *   <li>No consumer, no timer and no port is opened; nobody is called.
 *   <li>What Camel refuses comes back as one line with the file.
 * </ol>
 */
public final class Shadow {

    private static final Pattern PLACE = Pattern.compile("source: file:([^)]+?\\.yaml)(?::(\\d+))?\\)");
    /** What a sentence of Camel names, and how the line of a route looks that holds it. */
    private static final Map<Pattern, String> NAMED = Map.of(
            Pattern.compile("Unsupported field: (\\S+)"), "(- )?%s:.*",
            Pattern.compile("Unknown function: (\\S+)"), ".*\\$\\{%s.*");

    private static final List<String> OFF = List.of(
            "camel.main.autoStartup",
            "camel.main.jmxEnabled",
            "camel.management.enabled",
            "camel.server.enabled",
            "camel.main.startupSummaryLevel");

    private static final Tally NOBODY = new Tally() {
        @Override
        public void called(String carrier, Outcome outcome) {
            // nobody is called
        }

        @Override
        public void settled(Settled settled) {
            // nothing is settled
        }

        @Override
        public void duplicate() {
            // nothing comes in
        }
    };

    private Shadow() {}

    /** What stands against starting with these settings, one line each; empty if nothing does. */
    public static List<String> faults(Settings settings) {
        Path work = empty();
        try {
            start(settings.with(apart(work)));
            return List.of();
        } catch (Exception e) {
            return List.of(line(settings.home().resolve("routes"), e));
        } finally {
            remove(work);
        }
    }

    private static void start(Settings settings) throws Exception {
        Carriers carriers = Carriers.load(settings.home().resolve("mappings"), settings::carrier);
        CarrierRules rules = CarrierRules.load(settings.home().resolve("routes/carrier-rules.yaml"));
        OrderSchema schema = carriers.orders();
        Main main = new Main();
        try (HikariDataSource database = Database.open("jdbc:h2:mem:shadow-" + UUID.randomUUID(), "shadow", "", 2);
                Ledger ledger = new Ledger(database, "shadow", 1, new CanonicalOrders(schema), Clock.systemUTC())) {
            Engine.configure(main, settings);
            OFF.forEach(name -> main.addOverrideProperty(name, name.endsWith("Level") ? "OFF" : "false"));
            Beans.bind(
                    main::bind,
                    new Beans.Parts(settings, ledger, carriers, rules, schema, database, NOBODY, Clock.systemUTC()));
            main.bind("takeUpMappings", new MappingReload(new Reload(settings, carriers), ledger));
            main.start();
            Engine.refuseIdle(main, settings);
        } finally {
            main.stop();
        }
    }

    private static Map<String, String> apart(Path work) {
        Map<String, String> apart = new TreeMap<>();
        apart.put("waybill.work", work.toString());
        for (String folder : Folders.NAMES) {
            apart.put("waybill." + folder, work.resolve(folder).toString());
        }
        return apart;
    }

    /** The innermost sentence says most; where the file is named further out, it is put before it. */
    private static String line(Path routes, Throwable failure) {
        String place = null;
        String words = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            Matcher file = PLACE.matcher(message);
            if (place == null && file.find()) {
                place = file.group(1) + ":" + (file.group(2) == null ? "1" : file.group(2));
            }
            if (place == null && cause instanceof NoSuchBeanException bean) {
                String named = "(ref: |uri: bean:)" + Pattern.quote(bean.getName()) + "([?].*)?";
                place = place(routes, line -> line.replaceAll("[\"']", "").matches(named));
            }
            if (place == null && cause instanceof NoSuchEndpointException endpoint) {
                String scheme = endpoint.getUri().replaceFirst(":.*", ":");
                place = place(routes, line -> line.matches("uri: [\"']?" + Pattern.quote(scheme) + ".*"));
            }
            place = place == null ? named(routes, message) : place;
            words = message;
        }
        String sentence = words.lines().findFirst().orElse("");
        return place == null ? sentence : place + ": " + sentence;
    }

    private static String named(Path routes, String message) {
        for (Map.Entry<Pattern, String> each : NAMED.entrySet()) {
            Matcher name = each.getKey().matcher(message);
            if (name.find()) {
                String line = each.getValue().formatted(Pattern.quote(name.group(1)));
                return place(routes, text -> text.matches(line));
            }
        }
        return null;
    }

    /** The first line of the routes that is meant, null if there is none. */
    private static String place(Path routes, Predicate<String> meant) {
        try (Stream<Path> files = Files.list(routes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    if (meant.test(lines.get(i).strip())) {
                        return file + ":" + (i + 1);
                    }
                }
            }
            return null;
        } catch (IOException e) {
            return null;
        }
    }

    private static Path empty() {
        try {
            return Files.createTempDirectory("waybill-shadow");
        } catch (IOException e) {
            throw new UncheckedIOException("a folder for the check cannot be made", e);
        }
    }

    public static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder '" + folder + "' cannot be removed", e);
        }
    }
}
