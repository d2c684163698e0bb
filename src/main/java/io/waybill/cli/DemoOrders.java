package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.settings.Settings;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** The sample orders of the demo: some go through the folder, some through the queue, two are faulty. */
final class DemoOrders {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<ObjectNode> folder = new ArrayList<>();
    private final List<ObjectNode> queue = new ArrayList<>();
    private final Map<String, String> ends = new TreeMap<>();
    private final String run;

    /**
     * Reads the samples.
     *
     * @param run makes their order ids new
     */
    DemoOrders(String run) {
        this.run = run;
        try (InputStream in = DemoOrders.class.getResourceAsStream("/demo/orders.json")) {
            for (JsonNode sample : JSON.readTree(in)) {
                ObjectNode order = (ObjectNode) sample.get("order");
                order.put("order_id", order.get("order_id").asText() + "-" + run);
                ends.put(order.get("order_id").asText(), sample.get("ends").asText());
                (sample.get("via").asText().equals("queue") ? queue : folder).add(order);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How each order should end, by order id. */
    Map<String, String> ends() {
        return ends;
    }

    /** Drops the orders: single files, one file with several, and messages. */
    void drop(Settings settings) throws IOException, JMSException {
        Path inbox = settings.path("waybill.inbox");
        ArrayNode several = JSON.createArrayNode();
        for (int i = 0; i < folder.size(); i++) {
            if (i % 2 == 0) {
                file(inbox, folder.get(i).get("order_id").asText() + ".json", folder.get(i));
            } else {
                several.add(folder.get(i));
            }
        }
        file(inbox, "several-" + run + ".json", several);
        messages(settings);
    }

    private void messages(Settings settings) throws JMSException {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(settings.get("waybill.broker.url"));
                Connection connection = factory.createConnection();
                Session session = connection.createSession()) {
            MessageProducer producer =
                    session.createProducer(session.createQueue(settings.get("waybill.queue.orders")));
            for (ObjectNode order : queue) {
                producer.send(session.createTextMessage(order.toString()));
            }
        }
    }

    /** Written beside its name first, as every writer should. */
    private static void file(Path inbox, String name, JsonNode content) throws IOException {
        Path temp = inbox.resolve("." + name + ".tmp");
        Files.writeString(temp, content.toPrettyString());
        Files.move(temp, inbox.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
