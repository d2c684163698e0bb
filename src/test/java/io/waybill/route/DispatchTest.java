package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.engine.EmbeddedBroker;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Ledger;
import io.waybill.mapping.OrderSchema;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.sink.DeadLetter;
import io.waybill.testing.CapturedLog;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.PostgresServer;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.RunningWaybill.Dead;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.RouteController;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that hand accepted orders to each other by a queue of their broker. */
class DispatchTest {

    private static final String QUEUE = "waybill.dispatch";

    @TempDir
    Path temp;

    @Test
    void whoeverReadsTheKeyShipsTheOrderOnceAndAKeyThatGotLostIsNone() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort());
                EmbeddedBroker broker = EmbeddedBroker.start(
                        temp.resolve("broker"), List.of("waybill.orders", "waybill.shipments", QUEUE));
                RunningWaybill waybill = RunningWaybill.on(temp.resolve("work"))
                        .carriers(sandbox)
                        .with("waybill.db.url", PostgresServer.freshDatabase())
                        .with("waybill.db.user", PostgresServer.user())
                        .with("waybill.broker.url", broker.url())
                        .with("waybill.queue.message-mb", "1")
                        .with("waybill.dispatch", "jms:queue:" + QUEUE + "?disableReplyTo=true")
                        .start();
                ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(broker.url());
                JMSContext jms = factory.createContext()) {
            RouteController routes = waybill.engine().main().getCamelContext().getRouteController();
            routes.stopRoute("due-orders");

            List<String> ids = IntStream.range(0, 20).mapToObj(i -> "D-" + i).toList();
            for (String id : ids) {
                waybill.drop(id + ".json", Orders.chinese(id));
            }
            for (String id : ids) {
                waybill.await(id, "completed");
            }

            routes.stopRoute("dispatch");
            waybill.drop("D-other.json", Orders.chinese("D-other"));
            waybill.drop("D-lost.json", Orders.chinese("D-lost"));
            Queue queue = jms.createQueue(QUEUE);
            JMSConsumer reader = jms.createConsumer(queue);
            Set<String> keys = Set.of(text(reader), text(reader));
            reader.close();
            assertThat(keys).containsExactlyInAnyOrder("default:D-other", "default:D-lost");
            try (Ledger other = otherNode(waybill)) {
                Claim claim =
                        other.takeAccepted(OrderKey.parse("default:D-other")).orElseThrow();
                routes.startRoute("due-orders");
                waybill.await("D-lost", "completed");
                routes.startRoute("dispatch");
                // late, and of one that somebody else has
                keys.forEach(key -> jms.createProducer().send(queue, key));
                waybill.drop("D-last.json", Orders.chinese("D-last"));
                waybill.await("D-last", "completed");
                claim.waits().postpone(Duration.ZERO, "the other node has enough to do");
            }
            waybill.await("D-other", "completed");
            List<String> strays = List.of("no key", "default:D-nobody");
            strays.forEach(stray -> jms.createProducer().send(queue, stray));
            jms.createProducer().send(queue, "bytes".getBytes(StandardCharsets.UTF_8));
            jms.createProducer().send(queue, new ArrayList<>(List.of("an object")));
            String huge = "n".repeat(3 << 20);
            jms.createProducer().send(queue, huge);
            jms.createProducer().send(queue, "n".repeat((1 << 20) + 1));
            Patience.await().untilAsserted(() -> assertThat(
                            waybill.query("select cause, message from dead_letter where stage = 'dispatch'"))
                    .hasSize(5)
                    .anySatisfy(row -> assertThat(row.get("message").toString())
                            .endsWith("; it is neither text nor bytes, and is not kept"))
                    .anySatisfy(row -> assertThat(row.get("message").toString())
                            .endsWith("; only its first 1048576 bytes are kept")));
            assertThat(new LeftInQueue(QUEUE, 2 << 20).isAnyIn(factory)).isTrue();
            try (JMSConsumer another = jms.createConsumer(queue, "_AMQ_LARGE_SIZE > " + (2 << 20))) {
                assertThat(another.receiveBody(String.class, RunningWaybill.PATIENCE.toMillis()))
                        .isEqualTo(huge);
            }
            assertThat(waybill.dead()).extracting(Dead::text).contains("no key", "default:D-nobody", "bytes", "");

            assertThat(sandbox.booked())
                    .extracting(Booked::reference)
                    .doesNotHaveDuplicates()
                    .hasSize(23);
            assertThat(sandbox.calls("kdniao")).isEqualTo(23);
        }
    }

    @Test
    void whatIsNoKeyIsKeptAndNotLogged() throws Exception {
        String order = "<order>PIIMARK-D</order>";
        try (CapturedLog log = new CapturedLog()) {
            CamelContext camel = new DefaultCamelContext();
            Exchange exchange = DefaultExchange.newFromEndpoint(camel.getEndpoint("seda:dispatch"));
            exchange.getMessage().setBody(order);

            new Dispatched(null, null, null, 1 << 20).take(exchange);

            assertThat(exchange.getMessage().getBody(DeadLetter.class).raw())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(order);
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("is no key"))
                    .noneMatch(line -> line.contains("PIIMARK"));
        }
    }

    private static String text(JMSConsumer reader) throws JMSException {
        return ((TextMessage) reader.receive(RunningWaybill.PATIENCE.toMillis())).getText();
    }

    private static Ledger otherNode(RunningWaybill waybill) {
        return new Ledger(
                        waybill.engine().main().lookup("ledgerDb", DataSource.class),
                        "other",
                        10,
                        new CanonicalOrders(OrderSchema.load(Path.of("mappings/order.schema.json"))),
                        Clock.systemUTC())
                .leaveAccepted();
    }
}
