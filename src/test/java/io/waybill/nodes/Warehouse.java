package io.waybill.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import io.waybill.cli.SandboxSettings;
import io.waybill.engine.EmbeddedBroker;
import io.waybill.ledger.Database;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.PostgresServer;
import io.waybill.testing.RunningWaybill;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.awaitility.Awaitility;

/** What many nodes share: a PostgreSQL, a broker, the simulated carriers, the folders. */
final class Warehouse implements AutoCloseable {

    /** In seconds; long enough that no living node is taken for dead, however busy the machine is. */
    private static final int LEASE = 120;

    private final Path folder;
    private final String url = PostgresServer.freshDatabase();
    private final HikariDataSource database = Database.open(url, PostgresServer.user(), "", 4);
    private final Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort());
    private final EmbeddedBroker broker;
    private final ActiveMQConnectionFactory factory;
    private final List<NodeProcess> nodes = new ArrayList<>();

    Warehouse(Path folder) {
        this.folder = folder;
        this.broker = EmbeddedBroker.start(folder.resolve("broker"), List.of("waybill.orders", "waybill.shipments"));
        this.factory = new ActiveMQConnectionFactory(broker.url());
    }

    /** Starts a node, which may not be up yet. */
    NodeProcess node(String name) throws IOException {
        return node(name, LEASE);
    }

    /** The same with a lease of so many seconds, for a node that is to be taken for dead. */
    NodeProcess node(String name, int lease) throws IOException {
        Map<String, String> settings = new TreeMap<>(SandboxSettings.of(sandbox));
        settings.putAll(Map.of(
                "waybill.work",
                folder.resolve("work").toString(),
                "waybill.db.url",
                url,
                "waybill.db.user",
                PostgresServer.user(),
                "waybill.db.connections",
                "6",
                "waybill.broker.url",
                broker.url(),
                "waybill.carrier.kdniao.rate",
                "1000",
                "waybill.lease-seconds",
                Integer.toString(lease),
                "waybill.in-doubt.settle-seconds",
                "1",
                "waybill.retry.longest-seconds",
                "1",
                "waybill.intake.settle-ms",
                "100"));
        settings.putAll(Map.of(
                "waybill.management.enabled", "false",
                "waybill.intake.poll-ms", "100",
                "waybill.take-over.poll-ms", "500",
                "waybill.due.poll-ms", "200"));
        NodeProcess node = NodeProcess.start(name, folder.resolve(name + ".log"), settings);
        nodes.add(node);
        return node;
    }

    /** kill -9 of every node but one. */
    void killAllBut(NodeProcess left) throws InterruptedException {
        for (NodeProcess node : nodes) {
            if (node != left) {
                node.kill();
            }
        }
    }

    Sandbox sandbox() {
        return sandbox;
    }

    Path inbox() {
        return folder.resolve("work/inbox");
    }

    Path outbox() {
        return folder.resolve("work/outbox");
    }

    /** An order of one of the three carriers, in turns. */
    static ObjectNode order(String id, int number) {
        return switch (number % 3) {
            case 0 -> Orders.british(id);
            case 1 -> Orders.malaysian(id);
            default -> Orders.chinese(id);
        };
    }

    void drop(String name, String content) {
        try {
            Files.createDirectories(inbox());
            Path temp = inbox().resolve(name + ".tmp");
            Files.writeString(temp, content);
            Files.move(temp, inbox().resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(String content) {
        try (JMSContext jms = factory.createContext()) {
            jms.createProducer().send(jms.createQueue("waybill.orders"), content);
        }
    }

    /** Waits until so many orders are all that there are, and are answered. */
    void awaitCompleted(int count) {
        Awaitility.await(count + " orders to be completed")
                .atMost(RunningWaybill.PATIENCE)
                .untilAsserted(() -> assertThat(texts(
                                "select state || ' ' || count(*) from (select case state when 'awaiting' then 'completed' else state end state"
                                        + " from orders) o group by state"))
                        .containsExactly("completed " + count));
    }

    void awaitEmptyInbox() {
        Awaitility.await("an empty inbox")
                .atMost(RunningWaybill.PATIENCE)
                .untilAsserted(() -> assertThat(RunningWaybill.files(inbox())).isEmpty());
    }

    /** Waits until so many files have left the inbox for good; on their way they may be seen in neither folder. */
    void awaitArchived(int count) {
        Patience.await(count + " files in the archive")
                .untilAsserted(() -> assertThat(RunningWaybill.files(folder.resolve("work/archive")))
                        .hasSize(count));
    }

    List<Path> answers() {
        return RunningWaybill.files(outbox());
    }

    /** Takes the answers off the queue, by order id; waits for those to so many orders. */
    Map<String, List<JsonNode>> answersOfTheQueue(int orders) throws JMSException {
        Map<String, List<JsonNode>> answers = new TreeMap<>();
        try (JMSContext jms = factory.createContext();
                JMSConsumer consumer = jms.createConsumer(jms.createQueue("waybill.shipments"))) {
            for (Message next = consumer.receive(Patience.MILLIS);
                    next != null;
                    next = answers.size() < orders ? consumer.receive(Patience.MILLIS) : consumer.receiveNoWait()) {
                JsonNode shipment = Orders.json(next.getBody(String.class));
                answers.computeIfAbsent(shipment.get("order_id").asText(), id -> new ArrayList<>())
                        .add(shipment);
            }
        }
        return answers;
    }

    /** The references of what the carriers have, sorted; twice if it was booked twice. */
    List<String> booked() {
        return sandbox.booked().stream().map(Booked::reference).sorted().toList();
    }

    /** The first column of a query. */
    List<String> texts(String sql, Object... values) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            List<String> texts = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    texts.add(rows.getString(1));
                }
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** No order can be written until it is closed. */
    Connection lockOrders() throws SQLException {
        Connection connection = database.getConnection();
        connection.setAutoCommit(false);
        connection.createStatement().execute("lock table orders in exclusive mode");
        return connection;
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
        factory.close();
        broker.close();
        sandbox.close();
        database.close();
    }
}
