package io.waybill.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.ledger.Database;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.Recovery;
import io.waybill.mapping.CarrierRules;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.OrderSchema;
import io.waybill.operate.HttpPort;
import io.waybill.operate.Management;
import io.waybill.operate.ManagementSettings;
import io.waybill.operate.Operations;
import io.waybill.operate.OrderMetrics;
import io.waybill.operate.UsersFile;
import io.waybill.order.OrderKey;
import io.waybill.route.Beans;
import io.waybill.route.Cancellations;
import io.waybill.route.CanonicalOrders;
import io.waybill.route.Decisions;
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

    private final Main main;
    private final HikariDataSource database;
    private final Ledger ledger;
    private final Operations operations;
    private final int managementPort;
    private final String password;

    private Engine(
            Main main,
            HikariDataSource database,
            Ledger ledger,
            Operations operations,
            int managementPort,
            String password) {
        this.main = main;
        this.database = database;
        this.ledger = ledger;
        this.operations = operations;
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
            HttpPort.configure(main, settings.get("waybill.http.host"), settings.number("waybill.http.port"));
            OrderMetrics metrics = management.orderMetrics(carriers.ids());
            Tally tally = new Both(new Measured(metrics), watcher);
            configure(main, settings);
            Beans.Decided decided = Beans.bind(
                    main::bind,
                    new Beans.Parts(settings, ledger, carriers, rules, schema, database, tally, Clock.systemUTC()));
            operations = Operations.register(
                    ledger, carriers.ids(), resolver(decided.decisions()), canceller(decided.cancellations()));
            metrics.carriers(ledger.pauses());
            recover(ledger);
            main.start();
            refuseIdle(main, settings);
            return new Engine(main, database, ledger, operations, management.port(), password.orElse(null));
        } catch (Exception e) {
            close(main, ledger, operations, database);
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
        close(main, ledger, operations, database);
    }

    private static void close(Main main, Ledger ledger, Operations operations, HikariDataSource database) {
        try {
            main.stop();
        } finally {
            if (operations != null) {
                operations.close();
            }
            if (ledger != null) {
                ledger.close();
            }
            database.close();
        }
    }

    private static void configure(Main main, Settings settings) {
        main.configure().withRoutesIncludePattern("file:" + settings.home().resolve("routes") + "/*.camel.yaml");
        // Settings has read application.properties; Camel must not read it again, without what overrides it
        main.setDefaultPropertyPlaceholderLocation("false");
        settings.all().forEach((name, value) -> main.addOverrideProperty((String) name, (String) value));
        String broker = settings.get("waybill.broker.url");
        main.addOverrideProperty("waybill.queue.enabled", Boolean.toString(!broker.isEmpty()));
        Queues.configure(main, settings);
    }

    /** Camel starts as happily without a route, and then does nothing. */
    private static void refuseIdle(Main main, Settings settings) {
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

    private static Operations.Canceller canceller(Cancellations cancellations) {
        return new Operations.Canceller() {
            @Override
            public String cancel(OrderKey key, String user, String reason) {
                return cancellations.cancel(key, user, reason);
            }

            @Override
            public String settle(OrderKey key, boolean cancelled, String user, String reason) {
                return cancellations.settle(key, cancelled, user, reason);
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

    private static Optional<String> password(Settings settings) {
        return Boolean.parseBoolean(settings.get("waybill.management.enabled"))
                ? UsersFile.ensure(settings.path("waybill.management.users"))
                : Optional.empty();
    }

    private static void folders(Settings settings) {
        for (String name : List.of("inbox", "outbox", "labels", "dead-letters", "archive")) {
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
