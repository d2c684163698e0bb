package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.ledger.Database;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.Stored;
import io.waybill.mapping.CarrierRules;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.OrderSchema;
import io.waybill.order.OrderKey;
import io.waybill.order.Outcome;
import io.waybill.settings.Settings;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.test.junit5.TestExecutionConfiguration;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real route files with the real beans and one step replaced: Camel knows them all, and none of them calls twice. */
class RealRoutesTest extends CamelMainTestSupport {

    static final Tally NOBODY = new Tally() {
        @Override
        public void called(String carrier, Outcome outcome) {
            // the ledger is asked
        }

        @Override
        public void settled(Settled settled) {
            // the ledger is asked
        }

        @Override
        public void duplicate() {
            // the ledger is asked
        }
    };

    @TempDir
    Path temp;

    private HikariDataSource database;
    private Ledger ledger;

    @Override
    public void configureTest(TestExecutionConfiguration test) {
        test.withUseAdviceWith(true);
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        Properties properties = settings().all();
        properties.setProperty("waybill.queue.enabled", "false");
        properties.setProperty("waybill.queue.largest", "1");
        properties.setProperty("waybill.queue.small", "1");
        camelContextConfiguration.withUseOverridePropertiesWithPropertiesComponent(properties);
        return super.createCamelContext();
    }

    @Override
    protected void configure(MainConfigurationProperties main) {
        main.withRoutesIncludePattern("file:routes/*.camel.yaml");
    }

    // what replaces it binds only after the routes were loaded
    @SuppressWarnings("deprecation")
    @Override
    protected Registry createCamelRegistry() {
        Settings settings = settings();
        OrderSchema schema = OrderSchema.load(Path.of("mappings/order.schema.json"));
        database = Database.open(settings.get("waybill.db.url"), "waybill", "", 4);
        ledger = new Ledger(database, "test", 100, new CanonicalOrders(schema), Clock.systemUTC());
        DefaultRegistry registry = new DefaultRegistry();
        registry.bind("jms", new JmsComponent());
        registry.lookupByNameAndType("jms", JmsComponent.class)
                .setConnectionFactory(new ActiveMQConnectionFactory("tcp://127.0.0.1:1"));
        registry.bind("takeUpMappings", (Processor) exchange -> {});
        Beans.bind(
                registry::bind,
                new Beans.Parts(
                        settings,
                        ledger,
                        Carriers.load(Path.of("mappings")),
                        CarrierRules.load(Path.of("routes/carrier-rules.yaml")),
                        schema,
                        database,
                        NOBODY,
                        Clock.systemUTC()));
        return registry;
    }

    @AfterEach
    void closeLedger() {
        context.stop();
        ledger.close();
        database.close();
    }

    @Test
    void everyRouteFileIsLoadedUnderItsName() {
        context.start();

        assertThat(context.getRoutes()).extracting(Route::getRouteId).containsExactlyInAnyOrderElementsOf(routeFiles());
    }

    @Test
    void callWhoseAnswerIsNotKnownIsMadeOnce() throws Exception {
        AtomicInteger calls = callFailsWith(new SocketTimeoutException("read timed out"));

        drop("W-once");
        awaitState("W-once", "in-doubt");

        Patience.await().during(Duration.ofSeconds(1)).until(() -> calls.get() == 1);
        assertThat(ledger.queries().inDoubt()).hasSize(1);
    }

    @Test
    void callThatNeverLeftIsMadeAgainByTheLedgerAndNotByCamel() throws Exception {
        AtomicInteger calls = callFailsWith(new ConnectException("refused"));

        drop("W-again");
        Patience.await().until(() -> calls.get() >= 3);
        int made = calls.get();
        Stored order =
                ledger.queries().find(new OrderKey("default", "W-again", 0)).orElseThrow();

        // the ledger counts an attempt when it is over
        assertThat(order.attempts()).isGreaterThanOrEqualTo(made - 1);
    }

    @Test
    void orderThatNoRouteCanSettleIsInDoubtAndNotNobodys() throws Exception {
        AdviceWith.adviceWith(context, "failed", route -> route.weaveById("postpone-order")
                .replace()
                .process(exchange -> {
                    throw new IllegalStateException("broken");
                }));
        AtomicInteger calls = callFailsWith(new ConnectException("refused"));

        drop("W-broken");
        awaitState("W-broken", "in-doubt");

        assertThat(calls.get()).isEqualTo(1);
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> ledger.free() == 100);
    }

    private AtomicInteger callFailsWith(Exception failure) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AdviceWith.adviceWith(context, "book", route -> route.weaveById("call-carrier")
                .replace()
                .process(exchange -> {
                    calls.incrementAndGet();
                    throw failure;
                }));
        context.start();
        return calls;
    }

    private void drop(String id) throws Exception {
        Path inbox = temp.resolve("work/inbox");
        Files.writeString(inbox.resolve(id + ".tmp"), Orders.malaysian(id).toString());
        Files.move(inbox.resolve(id + ".tmp"), inbox.resolve(id + ".json"));
    }

    private void awaitState(String id, String state) {
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> ledger.queries()
                .find(new OrderKey("default", id, 0))
                .filter(order -> order.state().equals(state))
                .isPresent());
    }

    private static List<String> routeFiles() {
        return RunningWaybill.files(Path.of("routes")).stream()
                .filter(file -> RunningWaybill.text(file).contains("- route:"))
                .map(file -> file.getFileName().toString().replace(".camel.yaml", ""))
                .toList();
    }

    private Settings settings() {
        Properties properties = new Properties();
        Map.of(
                        "waybill.work", temp.resolve("work").toString(),
                        "waybill.due.poll-ms", "100",
                        "waybill.intake.poll-ms", "100",
                        "waybill.intake.settle-ms", "100",
                        "waybill.retry.longest-seconds", "1",
                        "waybill.carrier.mabang.url", "http://127.0.0.1:1",
                        "waybill.account.default.mabang.token", "t",
                        "waybill.account.default.mabang.centre-code", "w",
                        "waybill.account.default.mabang.client-code", "1",
                        "waybill.account.default.mabang.client-type", "2")
                .forEach(properties::setProperty);
        // an order that waits for its paused carrier counts no attempts
        properties.setProperty("waybill.pause.after-calls", "0");
        return Settings.load(properties, Map.of());
    }
}
