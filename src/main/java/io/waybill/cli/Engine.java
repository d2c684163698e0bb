package io.waybill.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.ledger.Database;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.Recovery;
import io.waybill.mapping.CarrierRules;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.OrderSchema;
import io.waybill.operate.Management;
import io.waybill.operate.ManagementSettings;
import io.waybill.operate.Operations;
import io.waybill.operate.OrderMetrics;
import io.waybill.operate.UsersFile;
import io.waybill.operate.Watch;
import io.waybill.route.Beans;
import io.waybill.route.CanonicalOrders;
import io.waybill.route.Decisions;
import io.waybill.route.Rehearsal;
import io.waybill.route.Tally;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Waybill.
 *
 * <ol>
 *   <li>Everything declared (settings, mappings, rules) is read and checked; whatever is wrong stops the start.
 *   <li>The ledger is opened and migrated; what a crash left behind is given back.
 *   <li>Camel starts the routes of {@code routes/} and the management port.
 * </ol>
 */
public final class Engine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    static final List<String> FOLDERS = List.of("inbox", "outbox", "labels", "dead-letters", "archive");

    private final Main main;
    private final HikariDataSource database;
    private final Ledger ledger;
    private final Operations operations;
    private final Watch watch;
    private final int managementPort;
    private final String password;

    private Engine(
            Main main,
            HikariDataSource database,
            Ledger ledger,
            Operations operations,
            Watch watch,
            int managementPort,
            String password) {
        this.main = main;
        this.database = database;
        this.ledger = ledger;
        this.operations = operations;
        this.watch = watch;
        this.managementPort = managementPort;
        this.password = password;
    }

    /**
     * Starts.
     *
     * @param watcher is told what becomes of each order, beside the metrics
     * @throws RuntimeException with a message for people if anything stands in the way; nothing runs then
     */
    public static Engine start(Settings settings, Tally watcher) {
        folders(settings);
        Carriers carriers = Carriers.load(settings.home().resolve("mappings"));
        CarrierRules rules = CarrierRules.load(settings.home().resolve("routes/carrier-rules.yaml"));
        OrderSchema schema = OrderSchema.load(settings.home().resolve("mappings/order.schema.json"));
        HikariDataSource database = Database.open(
                settings.get("waybill.db.url"),
                settings.get("waybill.db.user"),
                settings.get("waybill.db.password"),
                settings.number("waybill.db.connections"));
        Ledger ledger = null;
        Operations operations = null;
        Watch watch = null;
        Main main = new Main();
        try {
            ledger = new Ledger(
                            database,
                            settings.get("waybill.node"),
                            settings.number("waybill.claims"),
                            new CanonicalOrders(schema),
                            Clock.systemUTC())
                    .leaseFor(Duration.ofSeconds(settings.number("waybill.lease-seconds")));
            Optional<String> password = password(settings);
            Management management = Management.configure(main, management(settings));
            OrderMetrics metrics = management.orderMetrics(carriers.ids());
            Tally tally = new Both(new Measured(metrics), watcher);
            configure(main, settings);
            Decisions decisions = Beans.bind(
                    main::bind,
                    new Beans.Parts(settings, ledger, carriers, rules, schema, database, tally, Clock.systemUTC()));
            metrics.carriers(ledger.pauses());
            metrics.working(ledger::working);
            watch = Watch.over(ledger.queries(), limits(settings), Clock.systemUTC());
            metrics.watched(watch);
            main.bind("watch", watch);
            management.pool(database);
            Rehearsal rehearsal =
                    new Rehearsal(settings, ledger.queries(), carriers, rules, new CanonicalOrders(schema));
            operations = Operations.register(
                    ledger, metrics, watch, resolver(decisions), rehearsal::of, settings.path("waybill.outbox"));
            recover(ledger);
            main.start();
            refuseIdle(main, settings);
            return new Engine(main, database, ledger, operations, watch, management.port(), password.orElse(null));
        } catch (Exception e) {
            close(main, ledger, operations, watch, database);
            throw e instanceof RuntimeException known ? known : new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Blocks until the process is asked to stop. */
    public void await() throws Exception {
        main.run();
    }

    /** The journal. */
    public Ledger ledger() {
        return ledger;
    }

    /** The management port in use, 0 if it is switched off. */
    public int managementPort() {
        return managementPort;
    }

    /** The password that this start generated, empty if there were users before. */
    public Optional<String> password() {
        return Optional.ofNullable(password);
    }

    /** The running Camel, for those who embed Waybill. */
    public Main main() {
        return main;
    }

    @Override
    public void close() {
        close(main, ledger, operations, watch, database);
    }

    private static void close(Main main, Ledger ledger, Operations operations, Watch watch, HikariDataSource database) {
        try {
            main.stop();
        } finally {
            if (operations != null) {
                operations.close();
            }
            if (watch != null) {
                watch.close();
            }
            if (ledger != null) {
                ledger.close();
            }
            database.close();
        }
    }

    static void configure(Main main, Settings settings) {
        main.configure().withRoutesIncludePattern("file:" + settings.home().resolve("routes") + "/*.camel.yaml");
        // Settings has read application.properties; Camel must not read it again, without what overrides it
        main.setDefaultPropertyPlaceholderLocation("false");
        settings.all().forEach((name, value) -> main.addOverrideProperty((String) name, (String) value));
        String broker = settings.get("waybill.broker.url");
        main.addOverrideProperty("waybill.queue.enabled", Boolean.toString(!broker.isEmpty()));
        Queues.configure(main, settings);
        Mails.configure(main, settings);
    }

    /** Camel starts as happily without a route, and then does nothing. */
    static void refuseIdle(Main main, Settings settings) {
        if (main.getCamelContext().getRoutesSize() == 0) {
            throw new IllegalStateException("folder '" + settings.home().resolve("routes")
                    + "': no route was found; expected files *.camel.yaml in a folder that is no link");
        }
    }

    private static Operations.Resolver resolver(Decisions decisions) {
        return (key, decision, carrierOrderId, user, reason) -> {
            switch (decision) {
                case "adopt" -> decisions.adopt(key, carrierOrderId, user, reason);
                case "rebook" -> decisions.rebook(key, user, reason);
                case "abandon" -> decisions.abandon(key, user, reason);
                default -> throw new IllegalArgumentException(
                        "decision '" + decision + "': expected adopt, rebook or abandon");
            }
        };
    }

    private static void recover(Ledger ledger) {
        Recovery found = ledger.recover();
        LOG.info("started; found {} in doubt, {} resumed", found.inDoubt(), found.resumed());
    }

    private static ManagementSettings management(Settings settings) {
        return new ManagementSettings(
                Boolean.parseBoolean(settings.get("waybill.management.enabled")),
                settings.get("waybill.management.host"),
                settings.number("waybill.management.port"),
                settings.path("waybill.management.users"));
    }

    private static Watch.Limits limits(Settings settings) {
        return new Watch.Limits(
                Duration.ofSeconds(settings.number("waybill.health.look-seconds")),
                FOLDERS.stream().map(name -> settings.path("waybill." + name)).toList(),
                settings.number("waybill.health.disk-mb"),
                Duration.ofMinutes(settings.number("waybill.health.in-doubt-minutes")),
                settings.number("waybill.health.dead-letters-an-hour"));
    }

    private static Optional<String> password(Settings settings) {
        return Boolean.parseBoolean(settings.get("waybill.management.enabled"))
                ? UsersFile.ensure(settings.path("waybill.management.users"))
                : Optional.empty();
    }

    private static void folders(Settings settings) {
        for (String name : FOLDERS) {
            Path folder = settings.path("waybill." + name);
            try {
                if (!Files.isDirectory(folder)) {
                    Files.createDirectories(folder);
                    Files.setPosixFilePermissions(folder, mode(name));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "folder '" + folder + "' of setting 'waybill." + name + "' cannot be made", e);
            }
        }
    }

    /** Dead letters and archived orders hold addresses and are read by operators only. */
    private static Set<PosixFilePermission> mode(String folder) {
        boolean ours = folder.equals("dead-letters") || folder.equals("archive");
        return PosixFilePermissions.fromString(ours ? "rwx------" : "rwxr-x---");
    }
}
