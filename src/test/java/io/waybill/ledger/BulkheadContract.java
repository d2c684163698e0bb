package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.order.OrderKey;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More orders came than a carrier takes: the rest waits in the ledger and comes back by its acceptance, on whichever node. */
abstract class BulkheadContract extends LedgerContract {

    private static final String KDNIAO = "kdniao";
    private static final int HANDS = 32;
    private static final int LEAST = HANDS / 16;

    BulkheadContract(TestDatabase database) {
        super(database);
    }

    @Test
    void whatWaitsComesBackByItsAcceptanceAndBeforeWhatCameLater() {
        Ledger node = node("small", HANDS);
        Bulkheads bulkheads = fill(node);
        claimed("A-1", "A-2", "A-3");
        List<Claim> claims = node.takeDue(3);

        for (int i = 2; i >= 0; i--) {
            assertThat(bulkheads.admit(claims.get(i).key(), KDNIAO)).isFalse();
            setAside(claims.get(i));
        }
        assertThat(node.takeDue(10)).isEmpty();
        assertThat(history("A-1")).endsWith("taken", "queued");
        assertThat(stored("A-1").state()).isEqualTo("waiting");
        assertThat(stored("A-1").attempts()).as("that of its postponement").isEqualTo(1);
        assertThat(node.queries().waiting(KDNIAO)).isEqualTo(3);

        bulkheads.left(key("Q-1"));
        assertThat(bulkheads.admit(key("B-1"), KDNIAO)).as("who comes now").isFalse();
        assertThat(ids(node.takeDue(10))).containsExactly("A-1");
        assertThat(bulkheads.admit(key("B-1"), KDNIAO)).as("who comes now").isFalse();
        assertThat(bulkheads.admit(key("A-1"), KDNIAO)).as("who was called").isTrue();
        assertThat(bulkheads.admit(key("A-1"), KDNIAO)).as("a second time").isFalse();
        assertThat(new Audit(node.queries()).broken(key("A-1"))).isEmpty();
    }

    @Test
    void aCarrierThatKeepsUpAgainGetsAllThatWaits() {
        Ledger node = node("small", HANDS);
        Bulkheads bulkheads = fill(node);
        claimed("A-1", "A-2", "A-3");
        node.takeDue(3).forEach(BulkheadContract::setAside);

        IntStream.rangeClosed(1, LEAST).forEach(i -> bulkheads.left(key("Q-" + i)));

        assertThat(ids(node.takeDue(10))).containsExactly("A-1", "A-2", "A-3");
        assertThat(node.takeDue(10)).isEmpty();
        assertThat(bulkheads.admit(key("B-1"), KDNIAO)).isTrue();
    }

    @Test
    void anotherNodeAndTheNextLifeFindWhatWaits() {
        Ledger node = node("small", HANDS);
        fill(node);
        claimed("A-1", "A-2");
        node.takeDue(2).forEach(BulkheadContract::setAside);
        assertThat(node.queries().carrierHistory(KDNIAO)).isEmpty();

        assertThat(ids(ledger.takeDue(1))).containsExactly("A-1");
        Ledger reborn = node("small", HANDS);
        assertThat(reborn.recover()).isEqualTo(new Recovery(0, 0));
        assertThat(ids(reborn.takeDue(1))).containsExactly("A-2");
    }

    @Test
    void whatWaitsForItsTurnWaitsForItsPausedCarrierToo() {
        Ledger node = node("small", HANDS);
        fill(node);
        claimed("A-1");
        node.takeDue(1).forEach(BulkheadContract::setAside);
        node.pauses().pause(KDNIAO, "it is down", Duration.ofMinutes(1));

        assertThat(ledger.takeDue(10)).isEmpty();
        clock.forward(Duration.ofMinutes(1));
        assertThat(ids(ledger.takeDue(10))).containsExactly("A-1");
        assertThat(ledger.pauses().probes(key("A-1"))).isTrue();
    }

    @Test
    void anOrderThatIsLetGoLeavesItsPlace() {
        Ledger node = node("small", HANDS);
        claimed("A-1", "A-2", "A-3");
        List<Claim> claims = node.takeDue(3);
        claims.forEach(claim -> node.bulkheads().enter(claim.key(), KDNIAO));
        clock.forward(Duration.ofMinutes(1));
        assertThat(node.bulkheads().room(KDNIAO, HANDS)).isZero();

        claims.forEach(Claim::release);

        assertThat(node.bulkheads().room(KDNIAO, HANDS)).isEqualTo(HANDS);
    }

    @Test
    void otherCarriersQueueBesideIt() {
        Ledger node = node("small", HANDS);
        Bulkheads bulkheads = fill(node);

        assertThat(bulkheads.admit(key("A-1"), KDNIAO)).isFalse();
        assertThat(bulkheads.admit(key("A-1"), "mabang")).isTrue();
    }

    /** The carrier has a queue that did not move for a while. */
    private Bulkheads fill(Ledger node) {
        IntStream.rangeClosed(1, LEAST).forEach(i -> node.bulkheads().enter(key("Q-" + i), KDNIAO));
        clock.forward(Duration.ofMinutes(1));
        return node.bulkheads();
    }

    /** Accepted one after the other and put off, so that they are nobody's and due. */
    private void claimed(String... ids) {
        for (String id : ids) {
            clock.forward(Duration.ofMillis(1));
            claimed(order(id)).waits().postpone(Duration.ZERO, "again");
        }
    }

    private static void setAside(Claim claim) {
        claim.choose(KDNIAO, "standard", "a-rule");
        claim.waits().awaitTurn("more came");
    }

    private static OrderKey key(String id) {
        return new OrderKey("acme", id, 0);
    }
}
