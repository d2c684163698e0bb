package io.waybill.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.sandbox.Fault;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes share the work: none of it is done twice, none is lost, whatever becomes of one of them. */
class NodesTest {

    /** In seconds; a node that is dead or stands still is taken over after it. */
    private static final int SHORT_LEASE = 8;

    /** Long enough that the last of twenty orders is booked before the first of them is answered. */
    private static final Duration ANSWER = Duration.ofSeconds(12);

    @TempDir
    Path temp;

    private Warehouse warehouse;

    @BeforeEach
    void open() {
        warehouse = new Warehouse(temp);
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    @Test
    void threeNodesShareAnInboxAndAQueue() throws Exception {
        List<NodeProcess> nodes = List.of(warehouse.node("a"), warehouse.node("b"), warehouse.node("c"));
        nodes.forEach(NodeProcess::up);
        Map<String, Integer> given = new HashMap<>();

        for (int i = 0; i < 150; i++) {
            String id = "N-" + i;
            String order = Warehouse.order(id, i).toString();
            if (i % 3 < 2) {
                warehouse.drop(id + ".json", order);
            } else {
                warehouse.send(order);
            }
            if (i % 10 == 0) {
                warehouse.drop(id + "-twice.json", order);
            }
            if (i % 10 == 1) {
                warehouse.send(order);
            }
            given.put(id, i % 10 < 2 ? 2 : 1);
        }
        warehouse.awaitCompleted(150);
        warehouse.awaitEmptyInbox();

        assertThat(warehouse.booked()).hasSize(150).doesNotHaveDuplicates();
        // a file that two nodes took would count once more
        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(
                        warehouse.texts("select order_id || ' ' || (duplicates + 1) from orders"))
                .containsExactlyInAnyOrderElementsOf(given.entrySet().stream()
                        .map(order -> order.getKey() + " " + order.getValue())
                        .toList()));
        warehouse.awaitArchived(115);
        // the answer to an order that came again is written again
        Patience.await().untilAsserted(() -> assertThat(warehouse.answers())
                .hasSize(150)
                .allMatch(file -> file.toString().endsWith(".json")));
        assertOneAnswerEach(warehouse.answersOfTheQueue(150), 150);
        assertThat(warehouse.texts("select distinct actor from history where what = 'booked' order by 1"))
                .containsExactly("a", "b", "c");
        assertThat(nodes).allMatch(NodeProcess::alive);
    }

    @Tag("crash")
    @Test
    void anotherNodeFinishesWhatAKilledOneWasReadingAndBooking() throws Exception {
        warehouse.sandbox().script(Fault.at("kdniao").calls(0, -1).delay(Duration.ofMillis(500)));
        NodeProcess victim = warehouse.node("a", SHORT_LEASE).up();
        int orders = 2000;
        warehouse.drop("batch.ndjson", batch(orders));

        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> warehouse.sandbox().calls("kdniao") > 0);
        try (Connection locked = warehouse.lockOrders()) {
            victim.kill();
            locked.rollback();
        }

        Path taken = RunningWaybill.files(warehouse.inbox()).get(0);
        assertThat(taken.toString()).contains("/.taken/");
        assertThat(warehouse.texts("select order_id from orders")).hasSizeLessThan(orders);
        assertThat(warehouse.texts("select state from orders where state = 'sent'"))
                .isNotEmpty();
        warehouse.sandbox().clearScripts();
        warehouse.node("b", SHORT_LEASE).up();
        warehouse.awaitCompleted(orders);
        warehouse.awaitEmptyInbox();
        assertThat(warehouse.booked()).hasSize(orders).doesNotHaveDuplicates();
        warehouse.awaitArchived(1);
        assertThat(warehouse.answers()).hasSize(orders);
        assertThat(warehouse.texts("select what from history where what = 'in-doubt' and actor = 'b'"))
                .isNotEmpty();
        assertThat(RunningWaybill.files(warehouse.inbox())).isEmpty();
    }

    @Test
    void aNodeThatWasStoppedForLongerThanItsLeaseIsFencedOffAndThenWorksOn() throws Exception {
        NodeProcess zombie = warehouse.node("a", SHORT_LEASE).up();
        warehouse
                .sandbox()
                .script(
                        Fault.at("kdniao").calls(0, 10).delay(ANSWER),
                        Fault.at("birdsystem").path("/consignment").calls(0, 10).delay(ANSWER));
        for (int i = 0; i < 10; i++) {
            warehouse.drop("Z-" + i + ".json", Orders.chinese("Z-" + i).toString());
            warehouse.drop("Y-" + i + ".json", Orders.british("Y-" + i).toString());
        }
        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> warehouse.booked().size() == 20);
        zombie.freeze();
        assertThat(warehouse.texts("select distinct state from orders")).containsExactly("sent");

        warehouse.node("b", SHORT_LEASE).up();
        warehouse.awaitCompleted(20);
        Map<Path, String> answers = contents();
        List<String> history = history();
        zombie.thaw();
        warehouse.drop("after.json", Orders.chinese("Z-after").toString());
        warehouse.awaitCompleted(21);

        assertThat(warehouse.booked()).hasSize(21).doesNotHaveDuplicates();
        assertThat(warehouse.texts(
                        "select what from history where order_id <> 'Z-after' and actor = 'a' and what = 'booked'"))
                .isEmpty();
        assertThat(warehouse.texts("select distinct actor from history where what = 'booked' and order_id like 'Y-%'"))
                .containsExactly("b");
        warehouse.killAllBut(zombie);
        for (int i = 0; i < 5; i++) {
            warehouse.drop("healthy-" + i + ".json", Orders.chinese("H-" + i).toString());
        }
        warehouse.awaitCompleted(26);
        assertThat(warehouse.texts("select distinct actor from history where order_id like 'H-%'"))
                .containsExactly("a");
        assertThat(history()).isEqualTo(history);
        assertThat(contents()).containsAllEntriesOf(answers);
        assertThat(warehouse.booked()).hasSize(26).doesNotHaveDuplicates();
    }

    private List<String> history() {
        return warehouse.texts(
                "select order_id || seq || what || hash from history where order_id like 'Y-%'"
                        + " or order_id in ('Z-0', 'Z-1', 'Z-2', 'Z-3', 'Z-4', 'Z-5', 'Z-6', 'Z-7', 'Z-8', 'Z-9') order by order_id, seq");
    }

    private Map<Path, String> contents() {
        Map<Path, String> contents = new HashMap<>();
        warehouse.answers().forEach(file -> contents.put(file, RunningWaybill.text(file)));
        return contents;
    }

    private static String batch(int orders) {
        StringBuilder lines = new StringBuilder();
        IntStream.range(0, orders)
                .forEach(i -> lines.append(Orders.chinese("B-" + i)).append('\n'));
        return lines.toString();
    }

    private static void assertOneAnswerEach(Map<String, List<JsonNode>> answers, int count) {
        assertThat(answers).hasSize(count);
        answers.forEach((id, same) -> assertThat(same).as(id).containsOnly(same.get(0)));
    }
}
