package io.waybill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariDataSource;
import io.waybill.testing.HeldPort;
import io.waybill.testing.Orders;
import io.waybill.testing.QuickUsers;
import io.waybill.testing.RunningWaybill;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.awaitility.Awaitility;

/** One work folder with its database and its queues, on which {@code bin/waybill run} lives one life after the other. */
final class Site implements AutoCloseable {

    private final Surroundings around;
    private final Base base;
    private final Path work;
    private final Path switchFolder;
    private final String url;
    private final String queue;
    private final HeldPort port = HeldPort.any();
    private final Properties settings = new Properties();
    private final Map<String, Set<JsonNode>> answers = new HashMap<>();
    private Child life;
    private int lives;

    Site(Surroundings around, String name, Base base, Map<String, String> more) {
        this.around = around;
        this.base = base;
        this.work = around.folder().resolve(name).resolve("work");
        this.switchFolder = work.resolveSibling("switch");
        this.queue = "crash." + name;
        try {
            Files.createDirectories(work.resolve("conf"));
            Files.createDirectories(switchFolder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        QuickUsers.add(work.resolve("conf/users.properties"), "admin", "operator", "nobody logs in by it");
        this.url = base.url(work);
        settings.putAll(around.carriers().settings());
        settings.putAll(Map.of(
                "waybill.db.url",
                url,
                "waybill.db.user",
                base.user(),
                "waybill.broker.url",
                around.broker().url(),
                "waybill.queue.orders",
                queue,
                "waybill.queue.shipments",
                queue + ".shipments",
                "waybill.management.port",
                Integer.toString(port.number())));
        settings.putAll(Map.of(
                "waybill.due.poll-ms", "100",
                "waybill.intake.poll-ms", "100",
                "waybill.intake.settle-ms", "100",
                "waybill.intake.sweep-ms", "500",
                "waybill.retry.longest-seconds", "1",
                "waybill.in-doubt.settle-seconds", "1",
                "waybill.carrier.kdniao.rate", "1000"));
        settings.putAll(Map.of(
                "waybill.account.default.kdniao.tariff.yto", "4.50 CNY for 1000 g, then 1.20 for each 1000 g",
                "waybill.account.default.mabang.tariff.standard", "38.00 PHP for 500 g, then 12.00 for each 500 g",
                "waybill.account.default.birdsystem.tariff.standard",
                        "2.85 GBP for 1000 g, then 0.95 for each 1000 g"));
        settings.putAll(more);
    }

    /** Begins a life that can be armed. */
    Child start() {
        begin();
        life.awaitLine("waybill: running");
        return life;
    }

    /** Begins a life that may end before it runs. */
    Child begin() {
        try (Writer file = Files.newBufferedWriter(work.resolve("conf/waybill.properties"))) {
            settings.store(file, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        life = run("life-" + ++lives, around.armed(switchFolder), "run");
        return life;
    }

    private Child run(String name, List<String> javaOptions, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("-Dwaybill.work=" + work);
        return Child.start(work.resolveSibling(name), javaOptions, all.toArray(String[]::new));
    }

    Child life() {
        return life;
    }

    boolean isAlive() {
        return life != null && life.isAlive();
    }

    Path work() {
        return work;
    }

    /** From now on the process dies when this order comes by this point. */
    void arm(KillPoint point, String order) {
        write(switchFolder.resolve("armed"), point + " " + order + point.call());
    }

    void disarm() {
        try {
            Files.deleteIfExists(switchFolder.resolve("armed"));
            Files.deleteIfExists(switchFolder.resolve("fell"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the death of an armed process and makes sure that it was this one. */
    void awaitFall(KillPoint point) {
        assertThat(life.awaitEnd()).as("exit code at %s\n%s", point, life.log()).isEqualTo(Child.KILLED);
        assertThat(switchFolder.resolve("fell")).hasContent(point.name());
        disarm();
    }

    void kill() {
        life.kill();
        assertThat(life.awaitEnd()).isEqualTo(Child.KILLED);
    }

    /** A file with these orders, as a careful writer drops it. */
    void file(String name, List<JsonNode> orders) {
        write(work.resolve("inbox/" + name + ".json"), text(orders));
    }

    /** A message with these orders. */
    void message(List<JsonNode> orders) {
        try (ActiveMQConnectionFactory factory =
                        new ActiveMQConnectionFactory(around.broker().url());
                JMSContext jms = factory.createContext()) {
            jms.createProducer().send(jms.createQueue(queue), text(orders));
        }
    }

    /** What an operator reads in {@code waybill resolve --list}: the orders in doubt. */
    List<String> resolveList() {
        try (Child list = run("list-" + lives, List.of(), "resolve", "--list")) {
            assertThat(list.awaitEnd()).as(list.log()).isZero();
            return list.output().stream().map(line -> line.split("\t")[0]).toList();
        }
    }

    /** Waits until every order that was ever handed in has come to an end, or to a doubt that only a person can resolve. */
    void awaitSettled(int orders) {
        Console console = console();
        Awaitility.await("all to settle")
                .atMost(Child.PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .failFast("it died", () -> !isAlive())
                .untilAsserted(() -> {
                    assertThat(console.settled())
                            .as("settled, of %s", console.states())
                            .isEqualTo(orders);
                    // twice, since a file on its way from one folder to another may be in neither when they are listed
                    assertThat(RunningWaybill.files(work.resolve("inbox"))).isEmpty();
                    assertThat(RunningWaybill.files(work.resolve("inbox"))).isEmpty();
                    // a message is acknowledged after its orders are answered
                    assertThat(unacknowledged()).isZero();
                });
    }

    private long unacknowledged() throws Exception {
        try (ServerLocator locator =
                        ActiveMQClient.createServerLocator(around.broker().url());
                ClientSessionFactory factory = locator.createSessionFactory();
                ClientSession session = factory.createSession()) {
            return session.queueQuery(SimpleString.of(queue)).getMessageCount();
        }
    }

    Console console() {
        return new Console(settings.getProperty("waybill.management.port"), work);
    }

    /** Looks into the ledger of the dead. */
    HikariDataSource ledger() {
        assertThat(isAlive()).isFalse();
        return base.open(work, url);
    }

    /** The messages that are on the queue of orders or were given back too often. */
    List<String> messages() {
        List<String> left = new ArrayList<>();
        try (ActiveMQConnectionFactory factory =
                        new ActiveMQConnectionFactory(around.broker().url());
                JMSContext jms = factory.createContext()) {
            for (String name : List.of(queue, "waybill.dead")) {
                try (QueueBrowser browser = jms.createBrowser(jms.createQueue(name))) {
                    for (Object message : Collections.list((Enumeration<?>) browser.getEnumeration())) {
                        left.add(((TextMessage) message).getText());
                    }
                }
            }
            return left;
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The answers that came on the queue so far, by order. */
    Map<String, Set<JsonNode>> answers() {
        try (ActiveMQConnectionFactory factory =
                        new ActiveMQConnectionFactory(around.broker().url());
                JMSContext jms = factory.createContext();
                JMSConsumer consumer = jms.createConsumer(jms.createQueue(queue + ".shipments"))) {
            for (Message next = consumer.receiveNoWait(); next != null; next = consumer.receiveNoWait()) {
                JsonNode answer = Orders.json(next.getBody(String.class));
                answers.computeIfAbsent(answer.get("order_id").asText(), id -> new HashSet<>())
                        .add(answer);
            }
            return answers;
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (life != null) {
            life.close();
        }
        port.close();
    }

    private static String text(List<JsonNode> orders) {
        return orders.size() == 1 ? orders.get(0).toString() : orders.toString();
    }

    private static void write(Path file, String text) {
        try {
            Path temp = file.resolveSibling(file.getFileName() + ".tmp");
            Files.writeString(temp, text);
            Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
