package io.waybill.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.engine.EmbeddedBroker;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.TcpProxy;
import io.waybill.testing.Trouble;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where Camel's own parts would lose an order or ship it twice, with the part as it comes beside ours where that is short. */
class StockTrapsTest {

    @TempDir
    Path temp;

    private Sandbox sandbox;
    private TcpProxy carrier;
    private EmbeddedBroker broker;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        carrier = TcpProxy.to(sandbox.port());
        broker = EmbeddedBroker.start(temp.resolve("broker"), List.of("waybill.orders", "waybill.shipments", "stock"));
    }

    @AfterEach
    void stop() {
        broker.close();
        carrier.close();
        sandbox.close();
    }

    @Test
    void stockConsumerLosesTheMessageOfAFailedExchange() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(broker.url());
                DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addComponent("jms", JmsComponent.jmsComponent(factory));
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("jms:queue:stock").process(exchange -> {
                        failed.countDown();
                        throw new IllegalStateException("the ledger is away");
                    });
                }
            });
            camel.start();
            send("stock", "an order");
            failed.await();
            camel.stop();
        }

        assertThat(first("stock")).isNull();
    }

    @Test
    void ourConsumerKeepsTheMessageOfAFailedExchange() throws IOException {
        String text = "{\"order_id\": \"T-1\"";
        try (RunningWaybill waybill = waybill().start()) {
            Obstacle.inPlaceOf(waybill.deadLetters());
            send("waybill.orders", text);
            Awaitility.await()
                    .atMost(RunningWaybill.PATIENCE)
                    .until(() -> Shipped.failures(waybill, "dead-letter") > 0);
        }

        assertThat(first("waybill.orders")).isEqualTo(text);
    }

    @Test
    void stockRepositoryForgetsWhenAnyOfItsRoutesStops() throws Exception {
        MemoryIdempotentRepository stock = new MemoryIdempotentRepository();
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:a")
                            .routeId("a")
                            .idempotentConsumer(body(), stock)
                            .to("log:a?level=DEBUG");
                    from("direct:b")
                            .routeId("b")
                            .idempotentConsumer(body(), stock)
                            .to("log:b?level=DEBUG");
                }
            });
            camel.start();
            camel.createProducerTemplate().sendBody("direct:a", "paid");
            assertThat(stock.contains("paid")).isTrue();

            camel.getRouteController().stopRoute("b");

            assertThat(stock.contains("paid")).isFalse();
        }
    }

    @Test
    void ourLedgerForgetsNothingWhenRoutesStopAndStart() throws Exception {
        try (RunningWaybill waybill = waybill().start()) {
            waybill.drop("T-2.json", Orders.malaysian("T-2"));
            waybill.await("T-2", "completed");

            var routes = waybill.engine().main().getCamelContext().getRouteController();
            for (String route : List.of("label", "book", "orders-queue")) {
                routes.stopRoute(route);
                routes.startRoute(route);
            }
            Files.delete(waybill.outbox().resolve("default/T-2.json"));
            waybill.drop("T-2.json", Orders.malaysian("T-2"));

            waybill.shipment("default", "T-2");
            Shipped.once(waybill, sandbox, List.of("T-2"));
            assertThat(sandbox.calls("mabang")).isEqualTo(1);
        }
    }

    /** A stock repository judges the order a duplicate after a crash here, and it is gone. */
    @Test
    void orderWhoseWorkBrokeOffIsNoDuplicate() {
        try (RunningWaybill waybill = waybill().start()) {
            carrier.next(Trouble.of(Trouble.Kind.HOLD).about("T-3"));
            waybill.drop("T-3.json", Orders.malaysian("T-3"));
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> carrier.held() == 1);

            waybill.drop("T-3-again.json", Orders.malaysian("T-3"));
            send("waybill.orders", Orders.malaysian("T-3").toString());
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.duplicates() == 2);
            assertThat(waybill.order(Shipped.key("T-3"))).containsEntry("state", "sent");
            carrier.deliver();

            Shipped.once(waybill, sandbox, List.of("T-3"));
            assertThat(sandbox.calls("mabang")).isEqualTo(1);
        }
    }

    /** {@code preMove} loses files where two consumers share a folder; the inbox is read without it. */
    @Test
    void filesOfOneNameAreAllArchived() {
        try (RunningWaybill waybill = waybill().start()) {
            for (int i = 0; i < 5; i++) {
                waybill.drop("orders.json", Orders.malaysian("T-name-" + i));
                waybill.await("T-name-" + i, "completed");
                Awaitility.await()
                        .atMost(RunningWaybill.PATIENCE)
                        .until(() -> !Files.exists(waybill.inbox().resolve("orders.json")));
            }

            assertThat(waybill.awaitArchived(5))
                    .extracting(
                            file -> RunningWaybill.json(file).get("order_id").asText())
                    .containsExactlyInAnyOrder("T-name-0", "T-name-1", "T-name-2", "T-name-3", "T-name-4");
        }
    }

    private RunningWaybill.Start waybill() {
        return RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.carrier.mabang.url", "http://127.0.0.1:" + carrier.port())
                .with("waybill.queue.retry-ms", "50")
                .with("waybill.broker.url", broker.url());
    }

    private void send(String queue, String text) {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(broker.url());
                JMSContext jms = factory.createContext()) {
            jms.createProducer().send(jms.createQueue(queue), text);
        }
    }

    /** The next message of a queue, null if there is none. */
    private String first(String queue) {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(broker.url());
                JMSContext jms = factory.createContext();
                JMSConsumer consumer = jms.createConsumer(jms.createQueue(queue))) {
            // the broker may wait a second before it gives a message again
            return consumer.receiveBody(String.class, queue.equals("stock") ? 1500 : Patience.MILLIS);
        }
    }
}
