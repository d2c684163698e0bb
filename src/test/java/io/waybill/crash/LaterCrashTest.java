package io.waybill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.waybill.push.Pusher;
import io.waybill.sandbox.Booked;
import io.waybill.testing.HeldPort;
import io.waybill.testing.Orders;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** kill -9 after the answer: in the middle of a void, and while a push is applied. */
@Tag("crash")
class LaterCrashTest {

    private static final JsonNode NONE = Orders.json("[]");

    private static Carriers carriers;
    private static Site site;
    private static Pusher pusher;
    private static HeldPort port;

    @BeforeAll
    static void start() {
        port = HeldPort.any();
        pusher = new Pusher(port.number());
        carriers = Surroundings.get().carriers();
        site = new Site(
                Surroundings.get(),
                "later",
                Base.H2,
                Map.of("waybill.http.port", "" + port.number(), "waybill.push.poll-ms", "100"));
        site.start();
    }

    @AfterAll
    static void stop() {
        site.close();
        port.close();
    }

    @Test
    void aVoidThatCanBeLookedUpIsFoundOut() {
        for (KillPoint point : List.of(KillPoint.VOID_SENT, KillPoint.VOID_ANSWERED, KillPoint.VOID_JOURNALLED)) {
            String id = "LB-" + point.ordinal();
            ship(Orders.british(id));

            dieCancelling(id, point);

            awaitOrder(id, trace -> trace.at("/order/state").asText().equals("cancelled"));
            assertThat(states(id)).as(point.name()).containsExactly("CANCELLED");
        }
    }

    @Test
    void aVoidThatNobodyCanAskAboutIsLeftToAPersonAndNotSentAgain() {
        String id = "LK-1";
        ship(Orders.chinese(id));
        dieCancelling(id, KillPoint.VOID_ANSWERED);

        awaitOrder(
                id,
                trace -> voidOf(trace).path("state").asText().equals("in-doubt")
                        && !voidOf(trace).has("due_at"));
        assertThat(site.console().trace(id).at("/order/state").asText()).isEqualTo("completed");
        decide("settleCancel", "default", id, 0, true, "the carrier said so on the phone");

        awaitOrder(id, trace -> trace.at("/order/state").asText().equals("cancelled"));
        assertThat(sent(site.console().trace(id), "cancel-sent")).isEqualTo(1);
    }

    @Test
    void whatACarrierToldIsAppliedOnce() {
        List<KillPoint> points = List.of(KillPoint.PUSH_TAKEN, KillPoint.PUSH_APPLIED);
        for (KillPoint point : points) {
            ship(Orders.chinese("LP-" + point));
            site.arm(point, "LP-" + point);
            assertThat(pusher.fee("LP-" + point, "7.00")).isEqualTo(200);
            site.awaitFall(point);
            site.start();
        }

        // what a dead process had in hand is anybody's after two minutes
        Awaitility.await("the pushes to be done")
                .atMost(Child.PATIENCE.multipliedBy(2))
                .until(() -> site.console().call("listPushes", "stored").equals(NONE));

        for (KillPoint point : points) {
            JsonNode trace = site.console().trace("LP-" + point);
            assertThat(freight(trace)).as(point.name()).isEqualByComparingTo("7.00");
            assertThat(site.console().call("audit", "default", "LP-" + point, 0))
                    .isEqualTo(NONE);
        }
    }

    private static void ship(JsonNode order) {
        String id = order.get("order_id").asText();
        site.file(id, List.of(order));
        awaitOrder(id, trace -> List.of("completed", "awaiting")
                .contains(trace.at("/order/state").asText()));
    }

    private static void dieCancelling(String id, KillPoint point) {
        site.arm(point, id);
        decide("cancel", "default", id, 0, "not wanted");
        site.awaitFall(point);
        site.start();
    }

    /** Refused while somebody still works on the order, which is a moment after its state is seen; the dead say nothing. */
    private static void decide(String operation, Object... arguments) {
        Awaitility.await(operation)
                .atMost(Child.PATIENCE)
                .until(() -> site.console().call(operation, arguments).has("says") || !site.isAlive());
    }

    private static void awaitOrder(String id, Predicate<JsonNode> reached) {
        Awaitility.await(id)
                .atMost(Child.PATIENCE)
                .until(() -> reached.test(site.console().trace(id)));
    }

    private static JsonNode voidOf(JsonNode trace) {
        return StreamSupport.stream(trace.path("follow_ups").spliterator(), false)
                .filter(row -> row.path("operation").asText().equals("cancel"))
                .findFirst()
                .orElse(Orders.json("{}"));
    }

    private static long sent(JsonNode trace, String what) {
        return trace.path("history").findValuesAsText("what").stream()
                .filter(what::equals)
                .count();
    }

    private static BigDecimal freight(JsonNode trace) {
        return StreamSupport.stream(((ArrayNode) trace.path("charges")).spliterator(), false)
                .filter(row -> row.path("kind").asText().equals("freight"))
                .map(row -> new BigDecimal(row.path("amount").asText()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static List<String> states(String id) {
        return carriers.booked().stream()
                .filter(booked -> booked.reference().equals(id))
                .map(Booked::state)
                .toList();
    }
}
