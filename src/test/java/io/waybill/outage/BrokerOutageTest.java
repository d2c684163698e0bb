package io.waybill.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.engine.EmbeddedBroker;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.HeldPort;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.TcpProxy;
import io.waybill.testing.Trouble;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker that goes away and comes back with its journal. */
class BrokerOutageTest {

    @TempDir
    Path temp;

    private Sandbox sandbox;
    private TcpProxy carrier;
    private EmbeddedBroker broker;
    private HeldPort held;
    private int port;
    private RunningWaybill waybill;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        carrier = TcpProxy.to(sandbox.port());
        held = HeldPort.any();
        port = held.number();
        startBroker();
    }

    @AfterEach
    void stop() {
        waybill.close();
        broker.close();
        held.close();
        carrier.close();
        sandbox.close();
    }

    @Test
    void goneWhenWaybillStarts() {
        send("B-1");
        broker.close();
        startWaybill();
        waybill.drop("B-2.json", Orders.malaysian("B-2"));
        assertThat(waybill.await("B-2", "booked").get("due_at")).isNotNull();

        startBroker();

        Shipped.once(waybill, sandbox, List.of("B-1", "B-2"));
        awaitAnswers(Set.of("B-1", "B-2"));
    }

    @Test
    void diesWhileMessagesAreTaken() {
        startWaybill();
        List<String> ids = IntStream.range(0, 60).mapToObj(i -> "B-" + i).toList();
        send(ids.toArray(String[]::new));
        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> sandbox.booked().size() > 10);

        broker.close();
        startBroker();

        Shipped.once(waybill, sandbox, ids);
        awaitAnswers(Set.copyOf(ids));
        assertThat(sandbox.calls("mabang")).isEqualTo(60);
    }

    @Test
    void diesBeforeTheAnswer() {
        startWaybill();
        carrier.next(Trouble.of(Trouble.Kind.HOLD).about("B-1"));
        send("B-1");
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> carrier.held() == 1);

        broker.close();
        carrier.deliver();
        assertThat(waybill.await("B-1", "booked").get("due_at")).isNotNull();
        startBroker();

        Shipped.once(waybill, sandbox, List.of("B-1"));
        awaitAnswers(Set.of("B-1"));
        assertThat(sandbox.calls("mabang")).isEqualTo(1);
    }

    @Test
    void messageOutlivesAnOutageLongerThanTheBrokersPatience() throws IOException {
        startWaybill();
        Obstacle disk = Obstacle.inPlaceOf(waybill.deadLetters());
        // the client keeps a message of that size in another way than a small one
        String text = "{\"order_id\": \"B-broken\"" + " ".repeat(200_000);
        sendBytes("waybill.orders", text);

        // the broker gives a message ten times
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Shipped.failures(waybill, "dead-letter") > 12);
        disk.remove();

        RunningWaybill.Dead dead = waybill.awaitDead(1).get(0);
        assertThat(dead.cause()).isEqualTo("unreadable");
        assertThat(dead.text()).isEqualTo(text);
        assertThat(taken(EmbeddedBroker.DEAD)).isEmpty();
    }

    @Test
    void messageThatIsTriedAgainAnswersWhatIsKnownOnce() throws IOException {
        startWaybill();
        send("B-1");
        awaitAnswers(Set.of("B-1"));
        waybill.await("B-1", "completed");
        Obstacle disk = Obstacle.inPlaceOf(waybill.deadLetters());

        sendText("[" + Orders.malaysian("B-1") + "," + Orders.malaysian("B-1").put("urgent", true) + ","
                + Orders.malaysian("B-2") + "]");
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Shipped.failures(waybill, "dead-letter") > 5);
        disk.remove();

        assertThat(waybill.awaitDead(1).get(0).cause()).isEqualTo("conflict");
        waybill.await("B-2", "completed");
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Shipped.inFlight(waybill, "orders-queue") == 0);
        assertThat(taken("waybill.shipments"))
                .extracting(text -> Orders.json(text).get("order_id").asText())
                .containsExactlyInAnyOrder("B-1", "B-2");
        assertThat(waybill.duplicates()).isEqualTo(1);
    }

    @Test
    void messageThatIsTriedAgainCountsWhatIsKnownOnce() throws IOException {
        startWaybill();
        send("B-1");
        awaitAnswers(Set.of("B-1"));
        waybill.await("B-1", "completed");
        Obstacle disk = Obstacle.inPlaceOf(waybill.deadLetters());

        sendText("[" + Orders.malaysian("B-1") + ", {\"order_id\": \"B-bad\"}]");
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Shipped.failures(waybill, "dead-letter") > 5);
        disk.remove();

        waybill.awaitDead("B-bad", "invalid");
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Shipped.inFlight(waybill, "orders-queue") == 0);
        assertThat(taken("waybill.shipments"))
                .extracting(text -> Orders.json(text).get("order_id").asText())
                .containsExactly("B-1");
        assertThat(waybill.duplicates()).isEqualTo(1);
        assertThat(waybill.await("B-1", "completed")).containsEntry("duplicates", 1);
    }

    @Test
    void largeMessagesAreReceivedOneAtATimeAndHoldUpNoSmallOnes() throws Exception {
        startWaybill();
        Obstacle disk = Obstacle.inPlaceOf(waybill.deadLetters());
        for (int i = 0; i < 6; i++) {
            sendText("{\"order_id\": \"B-large-" + i + "\"" + " ".repeat(300_000));
        }
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Shipped.failures(waybill, "dead-letter") > 3);

        send("B-1");

        waybill.await("B-1", "completed");
        assertThat(Shipped.inFlight(waybill, "orders-queue-large")).isEqualTo(1);
        disk.remove();
        waybill.awaitDead(6);
    }

    @Test
    void messagesThatWaitForTheDiskAreGivenBackWhenWaybillStops() throws IOException {
        String keys = "waybill.dispatch";
        startWaybill("jms:queue:" + keys + "?disableReplyTo=true");
        Obstacle disk = Obstacle.inPlaceOf(waybill.deadLetters());
        sendText("{\"order_id\": \"B-broken\"");
        sendBytes(keys, "B-stray");
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Shipped.failures(waybill, "dead-letter") > 2);
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Shipped.inFlight(waybill, "stray") > 0);

        waybill.close();
        disk.remove();
        startWaybill("jms:queue:" + keys + "?disableReplyTo=true");

        assertThat(waybill.awaitDead(2))
                .extracting(RunningWaybill.Dead::text)
                .containsExactlyInAnyOrder("{\"order_id\": \"B-broken\"", "B-stray");
        assertThat(taken("waybill.orders")).isEmpty();
        assertThat(taken(keys)).isEmpty();
    }

    private void startWaybill() {
        startWaybill("seda:dispatch?pollTimeout=200");
    }

    private void startWaybill(String dispatch) {
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.carrier.mabang.url", "http://127.0.0.1:" + carrier.port())
                .with("waybill.broker.url", "tcp://127.0.0.1:" + port)
                .with("waybill.queue.retry-ms", "50")
                .with("waybill.dispatch", dispatch)
                .start();
    }

    private void startBroker() {
        broker = EmbeddedBroker.start(
                temp.resolve("broker"), port, List.of("waybill.orders", "waybill.shipments", "waybill.dispatch"));
    }

    private void send(String... ids) {
        for (String id : ids) {
            sendText(Orders.malaysian(id).toString());
        }
    }

    private void sendText(String text) {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port);
                JMSContext jms = factory.createContext()) {
            jms.createProducer().send(jms.createQueue("waybill.orders"), text);
        }
    }

    private void sendBytes(String queue, String text) {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port);
                JMSContext jms = factory.createContext()) {
            jms.createProducer().send(jms.createQueue(queue), text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void awaitAnswers(Set<String> ids) {
        Set<String> answered = new TreeSet<>();
        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> {
            taken("waybill.shipments")
                    .forEach(text ->
                            answered.add(Orders.json(text).get("order_id").asText()));
            assertThat(answered).containsExactlyInAnyOrderElementsOf(ids);
        });
    }

    private List<String> taken(String queue) {
        List<String> texts = new ArrayList<>();
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port);
                JMSContext jms = factory.createContext();
                JMSConsumer consumer = jms.createConsumer(jms.createQueue(queue))) {
            for (Message next = consumer.receiveNoWait(); next != null; next = consumer.receiveNoWait()) {
                texts.add(next.getBody(String.class));
            }
            return texts;
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
