package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.engine.EmbeddedBroker;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.settings.Settings;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Orders through the queue of a real broker, answers on its other queue. */
class QueueTest {

    private static final int MIB = 1 << 20;

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static Sandbox stranger;
    private static EmbeddedBroker broker;
    private static RunningWaybill waybill;

    private ActiveMQConnectionFactory factory;
    private JMSContext jms;
    private Queue orders;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        stranger = Sandbox.start(SandboxOptions.onAnyPort());
        broker = EmbeddedBroker.start(temp.resolve("broker"), List.of("waybill.orders", "waybill.shipments"));
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.broker.url", broker.url())
                .with("waybill.queue.message-mb", "2")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        broker.close();
        stranger.close();
        sandbox.close();
    }

    @BeforeEach
    void connect() {
        factory = new ActiveMQConnectionFactory(broker.url());
        jms = factory.createContext();
        orders = jms.createQueue("waybill.orders");
    }

    @AfterEach
    void disconnect() {
        answers();
        jms.close();
        factory.close();
    }

    @Test
    void orderOfEachCarrierIsAnsweredOnTheQueueAndInTheOutbox() {
        send(Orders.british("QB-1").toString());
        send(Orders.chinese("QK-1").toString());
        send(Orders.malaysian("QM-1").toString());

        Map<String, JsonNode> answers = awaitAnswers("QB-1", "QK-1", "QM-1");

        for (String id : List.of("QB-1", "QK-1", "QM-1")) {
            waybill.awaitAnswered(id);
            assertThat(answers.get(id)).isEqualTo(waybill.shipment("default", id));
            assertThat(bookings(id)).hasSize(1);
            assertThat(waybill.order(key(id)))
                    .extractingByKey("source")
                    .asString()
                    .startsWith("jms://queue:waybill.orders ID:");
        }
    }

    @Test
    void messageOfBytesWithManyOrdersIsTakenAsAFileWouldBe() throws JMSException {
        BytesMessage message = jms.createBytesMessage();
        message.writeBytes(("[" + Orders.malaysian("QA-1") + "," + Orders.malaysian("QA-2") + "]")
                .getBytes(StandardCharsets.UTF_8));

        jms.createProducer().send(orders, message);

        waybill.await("QA-1", "completed");
        waybill.await("QA-2", "completed");
    }

    @Test
    void messageThatIsNoOrderIsADeadLetterWithItsBytes() {
        send("{\"order_id\": \"QX-1\", ");

        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.dead().stream()
                .anyMatch(dead -> dead.text().contains("QX-1")));
        RunningWaybill.Dead dead = waybill.dead().stream()
                .filter(each -> each.text().contains("QX-1"))
                .findFirst()
                .orElseThrow();
        assertThat(dead.cause()).isEqualTo("unreadable");
        assertThat(dead.text()).isEqualTo("{\"order_id\": \"QX-1\", ");
        assertThat(dead.message())
                .matches("document 1 of jms://queue:waybill.orders ID:[0-9a-f-]+ cannot be read: 1 fault");
    }

    @Test
    void messageThatIsTooLargeForAnOrderIsKeptAsItCame() {
        String order = Orders.malaysian("QL-1").put("note", "n".repeat(MIB)).toString();

        send(order);

        RunningWaybill.Dead dead = awaitUnreadable("{\"order_id\":\"QL-1\"");
        assertThat(dead.text()).isEqualTo(order);
        assertThat(dead.reason().at("/faults/0/message").asText())
                .isEqualTo("line 1, column 1 (byte 0): larger than 1048576 bytes, the most for one order");
        assertThat(dead.next()).startsWith("correct the faults, then move this file back to the inbox");
    }

    @Test
    void messageThatIsTooLargeToBeOpenedIsKeptUpToTheBoundAndTheReasonSaysSo() throws JMSException {
        BytesMessage bytes = jms.createBytesMessage();
        bytes.writeBytes(large("QL-2", "n".repeat(2 * MIB)).toString().getBytes(StandardCharsets.UTF_8));

        jms.createProducer().send(orders, bytes);
        // three bytes a character
        send(large("QL-3", "\u8336".repeat(MIB)).toString());

        for (String id : List.of("QL-2", "QL-3")) {
            RunningWaybill.Dead dead = awaitUnreadable("{\"order_id\":\"" + id + "\"");
            assertThat(dead.raw()).hasSizeBetween(2 * MIB - 2, 2 * MIB);
            assertThat(dead.reason().at("/faults/0/message").asText())
                    .isEqualTo("the message is larger than " + dead.raw().length
                            + " bytes (waybill.queue.message-mb), so it was not opened;"
                            + " only so much of its beginning is kept");
        }
    }

    @Test
    void messageThatIsTooLargeToBeReceivedStaysWholeInTheQueueAndHoldsUpNothing() throws JMSException {
        String order = large("QL-4", "n".repeat(3 * MIB)).toString();
        LeftInQueue left = new LeftInQueue("waybill.orders", 4 * MIB + 1024);

        send(order);
        send(Orders.malaysian("QL-5").toString());
        waybill.await("QL-5", "completed");

        assertThat(left.isAnyIn(factory)).isTrue();
        try (JMSConsumer another = jms.createConsumer(orders, "_AMQ_LARGE_SIZE > " + 4 * MIB)) {
            assertThat(another.receiveBody(String.class, RunningWaybill.PATIENCE.toMillis()))
                    .isEqualTo(order);
        }
        assertThat(left.isAnyIn(factory)).isFalse();
    }

    @Test
    void messagesThatTheHeapCannotHoldAreRefusedAtTheStart() {
        RunningWaybill.Start start = RunningWaybill.on(temp.resolve("small"))
                .with("waybill.broker.url", broker.url())
                .with("waybill.queue.message-mb", "1024");

        assertThatThrownBy(start::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "setting 'waybill.queue.message-mb': messages of 1024 MB take up to 10252 MB of memory,"
                                + " 10 times their size for 1 at once, and 3 MB for small ones at each of the"
                                + " waybill.queue.consumers;"
                                + " expected no more than two fifths of the heap, which is ");
    }

    @ParameterizedTest
    @CsvSource({
        "seda:dispatch, 52",
        "jms:queue:waybill.dispatch?disableReplyTo=true, 92",
        "jms:queue:waybill.dispatch?disableReplyTo=true&concurrentConsumers=3, 172"
    })
    void messagesOfTheQueueOfKeysAreReckonedToo(String dispatch, int needed) {
        Properties set = new Properties();
        set.putAll(Map.of("waybill.broker.url", broker.url(), "waybill.dispatch", dispatch));
        Settings settings = Settings.load(set, Map.of());

        assertThatCode(() -> new MessageSizes(settings).check(needed * 5 / 2 + 1))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new MessageSizes(settings).check(needed * 5 / 2 - 1))
                .hasMessageContaining("messages of 4 MB take up to " + needed + " MB of memory");
    }

    private static ObjectNode large(String id, String note) {
        return Orders.malaysian(id).put("note", note);
    }

    private static RunningWaybill.Dead awaitUnreadable(String start) {
        return Patience.await(start)
                .until(
                        () -> waybill.dead().stream()
                                .filter(dead -> dead.cause().equals("unreadable")
                                        && dead.text().startsWith(start))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void sameOrderInTwentyFilesAndTwentyMessagesIsBookedOnce() {
        String order = Orders.malaysian("Q40").toString();
        ExecutorService both = Executors.newFixedThreadPool(2);
        int before = waybill.duplicates();

        both.submit(() -> {
            for (int i = 0; i < 20; i++) {
                waybill.drop("Q40-" + i + ".json", order);
            }
        });
        both.submit(() -> {
            try (JMSContext own = factory.createContext()) {
                for (int i = 0; i < 20; i++) {
                    own.createProducer().send(orders, order);
                }
            }
        });
        both.shutdown();

        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.duplicates() == before + 39);
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> Integer.valueOf(39)
                .equals(waybill.await("Q40", "completed").get("duplicates")));
        assertThat(bookings("Q40")).hasSize(1);
        assertThat(waybill.of("dead_letter", key("Q40"))).isEmpty();
    }

    @Test
    void orderThatComesAgainIsAnsweredAgainAndNotBookedAgain() {
        send(Orders.malaysian("Q-again").toString());
        JsonNode first = awaitAnswers("Q-again").get("Q-again");
        waybill.await("Q-again", "completed");

        send(Orders.malaysian("Q-again").toPrettyString());
        JsonNode second = awaitAnswers("Q-again").get("Q-again");

        assertThat(second).isEqualTo(first);
        assertThat(bookings("Q-again")).hasSize(1);
    }

    @Test
    void headersOfAMessageSteerNothing() throws JMSException {
        TextMessage message = jms.createTextMessage(Orders.malaysian("Q-head").toString());
        String elsewhere = stranger.uri().toString();
        message.setStringProperty("CamelHttpUri", elsewhere);
        message.setStringProperty("CAMELHttpUri", elsewhere);
        message.setStringProperty("cAmelHttpUri", elsewhere);
        message.setStringProperty("camelhttpmethod", "GET");
        message.setStringProperty("CamelFileName", "../../evil.json");
        message.setStringProperty("cAmelFileName", "../../evil.json");
        message.setStringProperty("CAMELFILENAME", "../../evil.json");
        message.setStringProperty("CamelJmsDestinationName", "evil");
        message.setStringProperty("Authorization", "Bearer stolen");
        message.setJMSReplyTo(jms.createQueue("evil"));

        jms.createProducer().send(orders, message);
        waybill.await("Q-head", "completed");

        assertThat(bookings("Q-head")).hasSize(1);
        assertThat(stranger.calls("mabang")).isZero();
        assertThat(RunningWaybill.files(temp)).noneMatch(file -> file.toString().contains("evil"));
        awaitAnswers("Q-head");
        try (JMSConsumer evil = jms.createConsumer(jms.createQueue("evil"))) {
            assertThat(evil.receiveNoWait()).isNull();
        }
    }

    @Test
    void messagesThatAreNeitherTextNorBytesAreBuriedUnopened() throws JMSException {
        int before = unopened().size();
        MapMessage map = jms.createMapMessage();
        map.setString("order_id", "Q-map");
        List<Message> strange = List.of(
                jms.createObjectMessage(new ArrayList<>(List.of("Q-object"))),
                map,
                jms.createStreamMessage(),
                jms.createMessage());

        strange.forEach(message -> jms.createProducer().send(orders, message));

        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(unopened())
                .hasSize(before + 4));
        assertThat(waybill.query("select * from orders where order_id in ('Q-map', 'Q-object')"))
                .isEmpty();
        assertThat(unopened()).allSatisfy(row -> assertThat(row)
                .containsEntry(
                        "next", "send the order again as a text or bytes message; nothing was sent to a carrier"));
    }

    @Test
    void halfACharacterInATextIsRefused() {
        send("{\"order_id\": \"Q-half\ud800\"}");

        assertThat(awaitUnreadable("{\"order_id\": \"Q-half").text()).isEqualTo("{\"order_id\": \"Q-half?\"}");

        String mine = "select faults from dead_letter where faults like '%lone surrogate%'";
        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(waybill.query(mine))
                .hasSize(1));
    }

    private void send(String text) {
        jms.createProducer().send(orders, text);
    }

    private static List<Map<String, Object>> unopened() {
        return waybill.query("select * from dead_letter where faults like '%neither text nor bytes%'");
    }

    private static OrderKey key(String id) {
        return new OrderKey("default", id, 0);
    }

    private static List<Booked> bookings(String reference) {
        return sandbox.booked().stream()
                .filter(booked -> reference.equals(booked.reference()))
                .toList();
    }

    /** Takes answers off the queue until there is one for each of these orders. */
    private Map<String, JsonNode> awaitAnswers(String... ids) {
        Map<String, JsonNode> answers = new HashMap<>();
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> {
            answers.putAll(answers());
            return answers.keySet().containsAll(List.of(ids));
        });
        return answers;
    }

    private Map<String, JsonNode> answers() {
        Map<String, JsonNode> answers = new HashMap<>();
        try (JMSConsumer consumer = jms.createConsumer(jms.createQueue("waybill.shipments"))) {
            for (Message next = consumer.receiveNoWait(); next != null; next = consumer.receiveNoWait()) {
                JsonNode shipment = Orders.json(next.getBody(String.class));
                answers.put(shipment.get("order_id").asText(), shipment);
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
        return answers;
    }
}
