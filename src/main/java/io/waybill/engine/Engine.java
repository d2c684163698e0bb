package io.waybill.engine;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.access.Limits;
import io.waybill.access.UsersFile;
import io.waybill.check.Reload;
import io.waybill.ledger.Database;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.Recovery;
import io.waybill.management.HttpPort;
import io.waybill.management.Management;
import io.waybill.management.ManagementSettings;
import io.waybill.management.Tls;
import io.waybill.mapping.CarrierRules;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.OrderSchema;
import io.waybill.operate.Operations;
import io.waybill.order.FileName;
import io.waybill.route.Beans;
import io.waybill.route.CanonicalOrders;
import io.waybill.route.MessageSizes;
import io.waybill.route.Rehearsal;
import io.waybill.route.Tally;
import io.waybill.settings.Settings;
import io.waybill.watch.OrderMetrics;
import io.waybill.watch.Watch;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.main.Main;
import org.apache.camel.spi.LifecycleStrategy;
import org.apache.camel.support.LifecycleStrategySupport;
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

    /** What Camel throws at a route file that it cannot read. */
    private static final String YAML = "org.apache.camel.dsl.yaml.";

    private final Deque<AutoCloseable> parts;
    private final Main main;
    private final Ledger ledger;
    private final Management management;
    private final String password;

    private Engine(Deque<AutoCloseable> parts, Main main, Ledger ledger, Management management, String password) {
        this.parts = parts;
        this.main = main;
        this.ledger = ledger;
        this.management = management;
        this.password = password;
    }

    /**
     * Starts.
     *
     * @param watcher is told what becomes of each order, beside the metrics
     * @throws RuntimeException with a message for people if anything stands in the way; nothing runs then
     */
    public static Engine start(Settings settings, Tally watcher) {
        Folders.make(settings);
        Carriers carriers = Carriers.load(settings.home().resolve("mappings"), settings::carrier);
        CarrierRules rules = CarrierRules.load(settings.home().resolve("routes/carrier-rules.yaml"))
                .knowing(carriers.ids());
        OrderSchema schema = carriers.orders();
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        Optional<String> password = Optional.empty();
        try {
            HikariDataSource database = Database.open(
                    settings.get("waybill.db.url"),
                    settings.get("waybill.db.user"),
                    settings.get("waybill.db.password"),
                    settings.number("waybill.db.connections"));
            parts.push(database);
            Ledger ledger = new Ledger(
                            database,
                            settings.get("waybill.node"),
                            settings.number("waybill.claims"),
                            new CanonicalOrders(schema),
                            Clock.systemUTC())
                    .leaseFor(Duration.ofSeconds(settings.number("waybill.lease-seconds")));
            parts.push(ledger);
            if (!settings.get("waybill.dispatch").startsWith("seda:")) {
                ledger.leaveAccepted();
            }
            Main main = new Main();
            password = password(settings);
            Management management = Management.configure(main, management(settings), Clock.systemUTC());
            parts.push(management);
            HttpPort.configure(
                    main,
                    settings.get("waybill.http.host"),
                    settings.number("waybill.http.port"),
                    Duration.ofSeconds(settings.number("waybill.http.request-seconds")));
            OrderMetrics metrics = management.orderMetrics(carriers.ids());
            Tally tally = new Both(new Measured(metrics), watcher);
            configure(main, settings);
            main.bind("atTheStop", atTheStop(ledger, management));
            Beans.Decided decided = Beans.bind(
                    main::bind,
                    new Beans.Parts(settings, ledger, carriers, rules, schema, database, tally, Clock.systemUTC()));
            MappingReload reload = new MappingReload(new Reload(settings, carriers), ledger);
            main.bind("takeUpMappings", reload);
            metrics.carriers(ledger.pauses());
            metrics.working(ledger::working);
            Watch watch = Watch.over(ledger.queries(), limits(settings), Clock.systemUTC());
            parts.push(watch);
            metrics.watched(watch);
            main.bind("watch", watch);
            management.pool(database);
            Rehearsal rehearsal =
                    new Rehearsal(settings, ledger.queries(), carriers, rules, new CanonicalOrders(schema));
            ByOperators operators = new ByOperators(decided.decisions(), decided.cancellations());
            parts.push(Operations.register(
                    ledger,
                    metrics,
                    watch,
                    new Operations.Doing(
                            operators,
                            operators,
                            reload,
                            rehearsal::of,
                            settings.path("waybill.outbox"),
                            main::getCamelContext)));
            BrokerDeadLetters.check(settings);
            pauseAtStart(settings, ledger, carriers);
            Recovery found = ledger.recover();
            parts.push(main::stop);
            main.start();
            refuseIdle(main, settings);
            decided.cancellations().deliverBy(main.getCamelContext().createProducerTemplate());
            LOG.info("started; found {} in doubt, {} resumed", found.inDoubt(), found.resumed());
            return new Engine(parts, main, ledger, management, password.orElse(null));
        } catch (Exception e) {
            close(parts);
            // nobody was told it, and the next start would not say it either
            password.ifPresent(unsaid -> users(settings).withdraw());
            throw e instanceof RuntimeException known ? known : new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Whether what stood in the way of a start is a setting or a route, so that trying again mends nothing. */
    public static boolean isDeclared(Throwable failure) {
        return failure instanceof IllegalArgumentException
                || Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                        .anyMatch(cause -> cause instanceof FailedToCreateRouteException
                                || cause instanceof PropertyBindingException
                                || cause.getClass().getPackageName().startsWith(YAML));
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
        return management.port();
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
        close(parts);
    }

    /** The last that was opened first, whatever the others say. */
    private static void close(Deque<AutoCloseable> parts) {
        RuntimeException first = null;
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                first = first == null ? new IllegalStateException(e.getMessage(), e) : first;
            }
        }
        parts.clear();
        if (first != null) {
            throw first;
        }
    }

    /** A process that is told to stop ends when Camel has stopped, before it comes to {@link #close}. */
    private static LifecycleStrategy atTheStop(Ledger ledger, Management management) {
        return new LifecycleStrategySupport() {
            @Override
            public void onContextStopped(CamelContext context) {
                ledger.letGo();
                management.close();
            }
        };
    }

    static void configure(Main main, Settings settings) {
        main.configure().withRoutesIncludePattern("file:" + settings.home().resolve("routes") + "/*.camel.yaml");
        // Settings has read application.properties; Camel must not read it again, without what overrides it
        main.setDefaultPropertyPlaceholderLocation("false");
        settings.all().forEach((name, value) -> main.addOverrideProperty((String) name, (String) value));
        String broker = settings.get("waybill.broker.url");
        main.addOverrideProperty("waybill.queue.enabled", Boolean.toString(!broker.isEmpty()));
        main.addOverrideProperty("waybill.queue.largest", Long.toString(new MessageSizes(settings).received()));
        main.addOverrideProperty("waybill.queue.small", Long.toString(MessageSizes.SMALL));
        main.addOverrideProperty(
                "waybill.dispatch",
                Queues.bounded(settings.get("waybill.dispatch"), new MessageSizes(settings).received()));
        Queues.configure(main, settings);
        Mails.configure(main, settings);
        Unasked.configure(main, settings);
    }

    /** Camel starts as happily without a route, and then does nothing. */
    static void refuseIdle(Main main, Settings settings) {
        if (main.getCamelContext().getRoutesSize() == 0) {
            throw new IllegalStateException("folder '" + settings.home().resolve("routes")
                    + "': no route was found; expected files *.camel.yaml in a folder that is no link");
        }
    }

    /** Before anything is taken up, since what an older ledger takes for unsent may be at its carrier. */
    private static void pauseAtStart(Settings settings, Ledger ledger, Carriers carriers) {
        String reason = settings.get("waybill.pause.at-start");
        if (!reason.isBlank()) {
            ledger.pauses().pauseByHand(carriers.ids(), settings.get("waybill.node"), reason);
        }
    }

    private static ManagementSettings management(Settings settings) {
        return new ManagementSettings(
                Boolean.parseBoolean(settings.get("waybill.management.enabled")),
                settings.get("waybill.management.host"),
                settings.number("waybill.management.port"),
                settings.path("waybill.management.users"),
                tokenFile(settings),
                new Limits(
                        Duration.ofMinutes(settings.number("waybill.management.session-minutes")),
                        Duration.ofHours(settings.number("waybill.management.session-hours")),
                        settings.number("waybill.management.lock-out.failures"),
                        Duration.ofSeconds(settings.number("waybill.management.lock-out.seconds"))),
                Duration.ofSeconds(settings.number("waybill.management.request-seconds")),
                tls(settings),
                Arrays.stream(settings.get("waybill.management.proxies").split(","))
                        .map(String::strip)
                        .filter(proxy -> !proxy.isEmpty())
                        .collect(Collectors.toSet()),
                Boolean.parseBoolean(settings.get("waybill.trace.bodies")));
    }

    /** Where a running engine leaves the token for the commands with its settings. */
    public static Path tokenFile(Settings settings) {
        return settings.work().resolve("conf/" + FileName.encode(settings.get("waybill.node")) + ".token");
    }

    /** The key of the management port, if it has one. */
    public static Optional<Tls> tls(Settings settings) {
        return settings.get("waybill.management.key-store").isEmpty()
                ? Optional.empty()
                : Optional.of(Tls.open(
                        settings.path("waybill.management.key-store"),
                        settings.get("waybill.management.key-store-password")));
    }

    private static Watch.Limits limits(Settings settings) {
        return new Watch.Limits(
                Duration.ofSeconds(settings.number("waybill.health.look-seconds")),
                Folders.of(settings),
                settings.number("waybill.health.disk-mb"),
                Duration.ofMinutes(settings.number("waybill.health.in-doubt-minutes")),
                settings.number("waybill.health.dead-letters-an-hour"));
    }

    private static Optional<String> password(Settings settings) {
        return Boolean.parseBoolean(settings.get("waybill.management.enabled"))
                ? users(settings).ensure()
                : Optional.empty();
    }

    private static UsersFile users(Settings settings) {
        return new UsersFile(settings.path("waybill.management.users"));
    }
}
