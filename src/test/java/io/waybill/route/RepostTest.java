package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Booked;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A carrier that does not tell its answer again, but says that it has the order: Mabang with {@code in-doubt=repost}. */
class RepostTest {

    private static final String EXISTS = "{\"message\": \"Same order number of same client already exists!\"}";

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.in-doubt.settle-seconds", "1")
                .with("waybill.carrier.mabang.in-doubt", "repost")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void aRepetitionThatIsToldThatTheOrderExistsProvesThatItIsBooked() {
        sandbox.script(Fault.at("mabang").reference("M-1").calls(0, 1).afterCommit(Reply.drop()));

        waybill.drop("M-1.json", Orders.malaysian("M-1"));
        waybill.await("M-1", "awaiting");

        JsonNode shipment = waybill.shipment("default", "M-1");
        assertThat(shipment.get("carrier_order_id").asText()).isEqualTo("M-1");
        assertThat(shipment.has("tracking_number")).isFalse();
        assertThat(shipment.get("status").asText()).isEqualTo("submitted");
        assertThat(shipment.get("warnings").toString())
                .contains("mabang has the order from an earlier request, whose answer is lost and not told again");
        assertThat(history("M-1")).containsSubsequence("book-sent", "in-doubt", "book-sent", "booked", "awaiting");
        assertThat(bookings("M-1")).hasSize(1);
    }

    @Test
    void aRequestThatNeverArrivedIsBookedByItsRepetition() {
        sandbox.script(Fault.at("mabang").reference("M-2").calls(0, 1).instead(Reply.drop()));

        waybill.drop("M-2.json", Orders.malaysian("M-2"));
        waybill.await("M-2", "completed");

        assertThat(waybill.shipment("default", "M-2").path("warnings").toString())
                .doesNotContain("earlier request");
        assertThat(bookings("M-2")).hasSize(1);
    }

    @Test
    void aRepetitionThatIsRefusedSaysNothingOfTheFirstRequest() {
        sandbox.script(
                Fault.at("mabang").reference("M-4").calls(0, 1).afterCommit(Reply.drop()),
                Fault.at("mabang")
                        .reference("M-4")
                        .calls(0, 1)
                        .instead(Reply.status(403, "{\"message\": \"The client is suspended\"}")));

        waybill.drop("M-4.json", Orders.malaysian("M-4"));
        Patience.await()
                .until(() ->
                        history("M-4").contains("awaiting") || history("M-4").contains("dead-letter"));

        assertThat(history("M-4"))
                .containsSubsequence("in-doubt", "book-sent", "in-doubt", "book-sent", "booked")
                .doesNotContain("dead-letter");
        assertThat(waybill.dead()).isEmpty();
        assertThat(bookings("M-4")).hasSize(1);
    }

    @Test
    void aFirstRequestThatIsToldThatTheOrderExistsWaitsForAPerson() {
        sandbox.script(Fault.at("mabang").reference("M-3").calls(0, -1).instead(Reply.status(403, EXISTS)));

        waybill.drop("M-3.json", Orders.malaysian("M-3"));
        Map<String, Object> order = waybill.await("M-3", "in-doubt");

        assertThat(order.get("due_at")).isNull();
        assertThat(history("M-3")).containsOnlyOnce("book-sent");
    }

    private static List<Booked> bookings(String reference) {
        return sandbox.booked().stream()
                .filter(one -> one.reference().equals(reference))
                .toList();
    }

    private static List<String> history(String orderId) {
        return waybill.of("history", new OrderKey("default", orderId, 0)).stream()
                .map(row -> (String) row.get("what"))
                .toList();
    }
}
