package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.engine.EmbeddedBroker;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.CarrierRules;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Known;
import io.waybill.mapping.MappingRefused;
import io.waybill.order.OrderKey;
import io.waybill.route.Tally.Settled;
import io.waybill.settings.Settings;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the demo drops, what it tells of each order, and how it ends; without the engine between. */
class DemoTest {

    private static final Carriers CARRIERS = Carriers.load(Path.of("mappings"));
    private static final CarrierRules RULES = CarrierRules.load(Path.of("routes/carrier-rules.yaml"));

    @TempDir
    Path work;

    @Test
    void aDozenOrdersGoThroughFolderAndQueueAndEndAsTheyAreMeantTo() throws Exception {
        DemoOrders orders = new DemoOrders("101500");
        List<JsonNode> messages = new ArrayList<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("broker"), List.of("waybill.orders"))) {
            Properties system = new Properties();
            system.setProperty("waybill.work", work.toString());
            system.setProperty("waybill.broker.url", broker.url());
            Settings settings = Settings.load(system, Map.of());
            Files.createDirectories(settings.path("waybill.inbox"));

            orders.drop(settings);

            messages(broker, messages);
        }
        List<JsonNode> singles = new ArrayList<>();
        List<JsonNode> several = new ArrayList<>();
        for (Path file : RunningWaybill.files(work.resolve("inbox"))) {
            assertThat(file.getFileName().toString()).endsWith(".json").doesNotStartWith(".");
            JsonNode content = RunningWaybill.json(file);
            (content.isArray() ? content : List.of(content)).forEach((content.isArray() ? several : singles)::add);
        }
        assertThat(singles).hasSizeGreaterThan(1);
        assertThat(several).hasSizeGreaterThan(1);
        assertThat(messages).hasSizeGreaterThan(1);

        Map<String, Integer> shipped = new HashMap<>();
        Map<String, String> ends = new TreeMap<>();
        for (List<JsonNode> way : List.of(singles, several, messages)) {
            for (JsonNode order : way) {
                String carrier = carrier((ObjectNode) order);
                shipped.merge(carrier, 1, Integer::sum);
                ends.put(order.path("order_id").asText(), end(carrier));
            }
        }
        assertThat(ends).isEqualTo(orders.ends()).hasSizeGreaterThanOrEqualTo(12);
        assertThat(shipped)
                .containsOnlyKeys("birdsystem", "mabang", "kdniao", "nobody")
                .allSatisfy(
                        (carrier, many) -> assertThat(many).isGreaterThanOrEqualTo(carrier.equals("nobody") ? 1 : 3));
    }

    @Test
    void eachOrderIsALineAndTheExitTellsWhetherAllEndedWell() throws Exception {
        DemoLines lines = new DemoLines(Map.of("A-1", "completed", "A-2", "awaiting", "A-3", "dead-letter"));
        String label = "work/labels/ab/abcdef0123456789abcdef.html";

        String said = said(() -> {
            lines.settled(settled(
                    "A-1",
                    "completed",
                    "kdniao",
                    "{'tracking_number':'SF1','carrier_order_id':'K1','label':{'path':'" + label
                            + "'},'label_state':'stored','charges':[{'amount':'4.50','currency':'CNY'}]}"));
            lines.settled(settled(
                    "A-2",
                    "awaiting",
                    "birdsystem",
                    "{'carrier_order_id':'77','label_state':'printed_by_warehouse','charges':[]}"));
        });

        assertThat(said.lines().map(line -> line.replaceAll(" {2,}", " | ")))
                .containsExactly(
                        "A-1 | kdniao | SF1 | labels/ab/abcdef0123....html | 4.50 CNY",
                        "A-2 | birdsystem | 77 (number later) | label: printed by warehouse | no charge yet");
        assertThat(lines.open()).containsExactly("A-3");
        assertThat(lines.await(0, TimeUnit.SECONDS)).isFalse();
        assertThat(said(() -> assertThat(DemoCommand.end(lines, false)).isEqualTo(1)))
                .contains("not settled after 60 s: [A-3]");

        assertThat(said(() -> lines.settled(new Settled("default:A-3", "dead-letter", null, null, "it has 2 faults"))))
                .matches("A-3 +- +dead-letter: it has 2 faults\n");
        assertThat(lines.await(0, TimeUnit.SECONDS)).isTrue();
        assertThat(DemoCommand.end(lines, true)).isZero();

        DemoLines other = new DemoLines(Map.of("A-1", "completed"));
        said(() -> other.settled(new Settled("default:A-1", "in-doubt", "mabang", null, "nobody knows")));
        assertThat(other.await(0, TimeUnit.SECONDS)).isTrue();
        assertThat(said(() -> assertThat(DemoCommand.end(other, true)).isEqualTo(1)))
                .contains("order A-1: expected completed, was in-doubt");
    }

    /** Who will ship it, {@code nobody} where it is no legal order or its carrier's folder refuses it. */
    private static String carrier(ObjectNode order) {
        if (!CARRIERS.orders().faults(order).isEmpty()) {
            return "nobody";
        }
        ObjectNode full = CARRIERS.orders().withDefaults(order);
        CarrierRules.Choice choice = RULES.choose(full).orElseThrow();
        full.put("carrier", choice.carrier()).put("service", choice.service());
        Carrier carrier = CARRIERS.get(choice.carrier());
        Map<String, String> account = new HashMap<>();
        String prefix = "waybill.account.default." + carrier.id() + ".";
        SandboxCommand.settings("http://127.0.0.1:1").forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                account.put(name.substring(prefix.length()), value);
            }
        });
        try {
            String reference = carrier.reference(
                    new OrderKey("default", full.path("order_id").asText(), 0));
            carrier.request(carrier.booking(full, account).operation(), Known.NOTHING, full, reference, account);
            return carrier.id();
        } catch (MappingRefused refused) {
            return "nobody";
        }
    }

    /** BirdSystem's number comes later. */
    private static String end(String carrier) {
        return switch (carrier) {
            case "nobody" -> "dead-letter";
            case "birdsystem" -> "awaiting";
            default -> "completed";
        };
    }

    private static void messages(EmbeddedBroker broker, List<JsonNode> messages) throws Exception {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(broker.url());
                JMSContext jms = factory.createContext();
                JMSConsumer consumer = jms.createConsumer(jms.createQueue("waybill.orders"))) {
            for (String text = consumer.receiveBodyNoWait(String.class);
                    text != null;
                    text = consumer.receiveBodyNoWait(String.class)) {
                messages.add(Orders.json(text));
            }
        }
    }

    private static Settled settled(String id, String state, String carrier, String shipment) {
        return new Settled("default:" + id, state, carrier, shipment.replace('\'', '"'), null);
    }

    private static String said(Runnable work) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setOut(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
