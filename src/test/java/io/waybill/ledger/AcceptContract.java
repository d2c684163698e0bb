package io.waybill.ledger;

import static io.waybill.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import io.waybill.order.Room;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Taking orders in: what is durable, what is the same order, what was here before. */
abstract class AcceptContract extends LedgerContract {

    private static final int LARGE = 300_000;

    AcceptContract(TestDatabase database) {
        super(database);
    }

    @Test
    void anAcceptedOrderIsDurableAndThisNodesToWorkOn() {
        Claim claim = claimed(order("A-1"));

        Stored stored = stored("A-1");
        assertThat(stored.state()).isEqualTo("accepted");
        assertThat(stored.payload()).isEqualTo("{\"content\":\"tea\"}");
        assertThat(stored.fingerprint()).isEqualTo(order("A-1").fingerprint());
        assertThat(stored.owner()).startsWith("one#");
        assertThat(ledger.claim(claim.key())).containsSame(claim);
        assertThat(history("A-1")).containsExactly("accepted");
    }

    @Test
    void theSameContentAgainIsADuplicateAndCounted() {
        claimed(order("A-1"));

        assertThat(accept(ledger, order("A-1"))).isInstanceOf(Acceptance.Duplicate.class);
        assertThat(accept(node("two"), order("A-1"))).isInstanceOf(Acceptance.Duplicate.class);

        await().until(() -> stored("A-1").duplicates() == 2);
        assertThat(history("A-1")).containsExactly("accepted");
    }

    @Test
    void aDuplicateBringsTheAnswerOfTheFirst() {
        completed(claimed(order("A-1")));

        Acceptance again = accept(ledger, order("A-1"));

        assertThat(((Acceptance.Duplicate) again).stored().shipment()).isEqualTo("{\"tracking_number\":\"T1\"}");
    }

    @Test
    void otherContentUnderTheSameIdentityIsAConflictWithBothFingerprints() {
        claimed(order("A-1", "tea"));

        Acceptance.Conflict conflict = (Acceptance.Conflict) accept(ledger, order("A-1", "coffee"));

        assertThat(conflict.stored().fingerprint())
                .isEqualTo(order("A-1", "tea").fingerprint());
        assertThat(conflict.fingerprint()).isEqualTo(order("A-1", "coffee").fingerprint());
        assertThat(stored("A-1").payload()).contains("tea");
        assertThat(stored("A-1").duplicates()).isZero();
    }

    @Test
    void otherAccountReissueCaseOrBlankIsAnotherOrder() {
        claimed(order("A-1"));

        claimed(order(new OrderKey("shop", "A-1", 0), "coffee"));
        claimed(order(new OrderKey("acme", "A-1", 1), "coffee"));
        claimed(order("a-1", "coffee"));
        claimed(order("A -1", "coffee"));

        assertThat(texts("select order_id from orders")).hasSize(5);
    }

    @Test
    void composedAndDecomposedLettersAreOneOrder() {
        claimed(order("M\u00fcller"));

        assertThat(accept(ledger, order("Mu\u0308ller"))).isInstanceOf(Acceptance.Duplicate.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A'; drop table orders; --",
                "\"A\"",
                "%",
                "_",
                "\\",
                "${x}{{y}}?",
                "A' or '1'='1",
                ":?x",
                "../../etc/passwd",
                "\u202e1-A",
                "\ud83d\udce6"
            })
    void idsTravelAsText(String id) {
        completed(claimed(order(id)));

        assertThat(stored(id).state()).isEqualTo("completed");
        assertThat(texts("select order_id from orders")).containsExactly(id);
        assertThat(stored(id).key().orderId()).isEqualTo(id);
    }

    @Test
    void theLongestIdOfAnyScriptFits() {
        String id = "\ud83d\udce6".repeat(64);

        claimed(order(id)).endings().settle("completed");

        assertThat(stored(id).key().orderId()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "payload", "source"})
    void aNulIsRefusedByEveryDatabaseAlike(String where) {
        Order order = order(where.equals("id") ? "A\u0000" : "A-1");
        String raw = where.equals("payload") ? "{\"content\":\"\u0000\"}" : order.raw();
        Order nul = new Order(order.key(), order.document(), raw, where.equals("source") ? "\u0000" : "a.json");

        assertThatThrownBy(() -> accept(ledger, nul))
                .hasCauseInstanceOf(LedgerRefused.class)
                .hasMessageContaining("order " + nul.key() + ": the ledger refuses a write: ");
        assertThat(texts("select order_id from orders")).isEmpty();
        assertThat(ledger.free()).isEqualTo(1000);
    }

    @Test
    void aDeadLetteredOrderIsReplayedByTheSameContent() {
        dead(sent(claimed(order("A-1"))));

        Claim again = claimed(order("A-1"));

        assertThat(history("A-1")).containsExactly("accepted", "book-sent", "dead-letter", "replayed");
        assertThat(stored("A-1").state()).isEqualTo("accepted");
        assertThat(again.begin("book")).isTrue();
        completed(again);
        assertThat(stored("A-1").state()).isEqualTo("completed");
        assertThat(stored("A-1").epoch()).isEqualTo(2);
    }

    @Test
    void aDeadLetteredOrderThatWasNeverBookedIsCorrectedByOtherContent() {
        dead(sent(claimed(order("A-1", "tea"))));

        Claim corrected = claimed(order("A-1", "coffee"));

        assertThat(corrected.order().raw()).contains("coffee");
        assertThat(stored("A-1").payload()).contains("coffee");
        assertThat(stored("A-1").fingerprint()).isEqualTo(order("A-1", "coffee").fingerprint());
        assertThat(history("A-1")).endsWith("dead-letter", "corrected");
    }

    @Test
    void aBookedOrderIsNeverCorrected() {
        dead(booked(claimed(order("A-1", "tea"))));

        assertThat(accept(ledger, order("A-1", "coffee"))).isInstanceOf(Acceptance.Conflict.class);
        assertThat(stored("A-1").state()).isEqualTo("dead-letter");
    }

    @Test
    void aBookedOrderWhoseContentWasTakenAwayIsKnownAndBeginsNoMore() {
        dead(booked(claimed(order("A-1"))));
        assertThat(ledger.forgetting().order(stored("A-1"), null, false)).isTrue();

        assertThat(accept(ledger, order("A-1"))).isInstanceOf(Acceptance.Duplicate.class);

        assertThat(stored("A-1").state()).isEqualTo("dead-letter");
        assertThat(stored("A-1").payload()).isEmpty();
    }

    @Test
    void theReplayOfABookedOrderGoesOnBehindTheBooking() {
        dead(booked(claimed(order("A-1"))));

        Claim again = claimed(order("A-1"));

        assertThat(again.begin("book")).isFalse();
        assertThat(again.begin("label")).isTrue();
        assertThat(again.result()).isEqualTo(json("{\"tracking_number\":\"T1\"}"));
        assertThat(again.reference()).isEqualTo("REF-A-1");
        assertThat(again.carrier()).isEqualTo("birdsystem");
    }

    @Test
    void aReplayHasItsWholeAgeBeforeIt() {
        Claim claim = claimed(order("A-1"));
        claim.waits().postpone(Duration.ZERO, "refused");
        dead(ledger.takeDue(1).get(0));
        clock.forward(Duration.ofHours(25));

        Claim again = claimed(order("A-1"));

        assertThat(again.acceptedAt()).isEqualTo(stored("A-1").acceptedAt()).isAfter(claim.acceptedAt());
        assertThat(again.attempts()).isZero();
        assertThat(stored("A-1").attempts()).isZero();
    }

    @Test
    void aBusyNodeLeavesAnAcceptedOrderToBeDue() {
        Ledger busy = node("busy", 1);
        Claim first = claimed(busy, order("A-1"));

        assertThat(claimed(busy, order("A-2"))).isNull();
        assertThat(busy.takeDue(10)).isEmpty();

        completed(first);
        assertThat(busy.takeDue(10)).extracting(Claim::key).containsExactly(new OrderKey("acme", "A-2", 0));
    }

    @Test
    void aReplayOnABusyNodeWaitsInTheLedgerAndBlocksNobody() {
        Ledger busy = node("busy", 1);
        dead(claimed(busy, order("A-1")));
        Claim other = claimed(busy, order("A-2"));

        assertThat(claimed(busy, order("A-1"))).isNull();
        assertThat(stored("A-1").owner()).isNull();

        completed(other);
        assertThat(busy.takeDue(10)).extracting(Claim::key).containsExactly(new OrderKey("acme", "A-1", 0));
    }

    @Test
    void everyHandIsFreeAgainAfterwards() {
        completed(claimed(order("A-1")));
        accept(ledger, order("A-1"));
        accept(ledger, order("A-1", "coffee"));
        dead(claimed(order("A-2")));
        completed(claimed(order("A-2")));

        assertThat(ledger.free()).isEqualTo(1000);
    }

    @Test
    void ordersForWhichThereIsNoRoomAreLeftToBeDueAndFindAQuarterKeptForThem() {
        Ledger small = node("small", new Room(4 * LARGE));

        List<Claim> claims = Stream.of("A-1", "A-2", "A-3", "A-4", "A-5")
                .map(id -> claimed(small, large(id)))
                .toList();

        assertThat(claims.subList(0, 3)).doesNotContainNull();
        assertThat(claims.subList(3, 5)).containsOnlyNulls();
        assertThat(small.takeDue(1000))
                .extracting(claim -> claim.key().orderId())
                .containsExactly("A-4");
        assertThat(small.takeDue(1000)).isEmpty();
    }

    @Test
    void roomThatIsFreeAgainIsForTheOrdersThatAreDue() {
        Ledger small = node("small", new Room(4 * LARGE));
        Claim first = claimed(small, large("A-1"));
        Stream.of("A-2", "A-3", "A-4", "A-5", "A-6").forEach(id -> accept(small, large(id)));
        List<Claim> due = small.takeDue(1000);

        completed(first);
        due.forEach(LedgerContract::completed);

        assertThat(small.takeDue(1000))
                .extracting(claim -> claim.key().orderId())
                .containsExactly("A-5", "A-6");
    }

    @Test
    void manySmallOrdersAreTakenAtOnceWhereALargeOneIsDueBehindThem() {
        Ledger small = node("small", new Room(4 * LARGE));
        ledger.leaveAccepted();
        IntStream.range(0, 100).forEach(i -> accept(ledger, order("A-" + i)));
        clock.forward(Duration.ofSeconds(1));
        IntStream.range(0, 9).forEach(i -> accept(ledger, large("L-" + i)));
        clock.forward(Duration.ofSeconds(1));

        assertThat(small.takeDue(1000)).hasSize(104);
    }

    /** It has less than a thousand characters beside its content. */
    private static Order large(String id) {
        return order(id, "x".repeat(LARGE - 1000));
    }
}
