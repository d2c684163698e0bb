package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.order.OrderKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A paused carrier: its orders wait in their order, one at a time is tried, and all nodes and restarts agree. */
abstract class PauseContract extends LedgerContract {

    private static final String BIRD = "birdsystem";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    PauseContract(TestDatabase database) {
        super(database);
    }

    @Test
    void ordersWaitUntouchedAndGoOnByTheirAcceptance() {
        Ledger two = node("two");
        pause();
        park("A-3", "A-1", "A-2");
        List<String> before = history("A-1");

        for (int i = 0; i < 5; i++) {
            assertThat(ledger.takeDue(10)).isEmpty();
            assertThat(two.takeDue(10)).isEmpty();
        }
        assertThat(history("A-1")).isEqualTo(before).containsExactly("accepted", "paused");
        assertThat(stored("A-1").state()).isEqualTo("waiting");
        assertThat(stored("A-1").attempts()).isZero();
        assertThat(ledger.queries().waiting(BIRD)).isEqualTo(3);

        two.pauses().resumeByHand(BIRD, "ann", "they are back");

        assertThat(ids(ledger.takeDue(10))).containsExactly("A-3", "A-1", "A-2");
        assertThat(ledger.queries().waiting(BIRD)).isZero();
    }

    @Test
    void ordersOfOtherCarriersAreDueBesideIt() {
        pause();
        park("A-1", "A-2");
        claimed(order("B-1")).waits().postpone(Duration.ZERO, "again");

        assertThat(ids(ledger.takeDue(1))).containsExactly("B-1");
    }

    @Test
    void onlyTheOldestIsTriedAndOnlyByOneNode() {
        List<Ledger> nodes = new ArrayList<>(List.of(ledger, node("two"), node("three")));
        pause();
        park("A-1", "A-2", "A-3");
        clock.forward(MINUTE);

        List<Claim> probes = nodes.stream()
                .map(node -> CompletableFuture.supplyAsync(() -> node.takeDue(10), Runners.THREADS))
                .toList()
                .stream()
                .flatMap(taken -> taken.join().stream())
                .toList();

        assertThat(ids(probes)).containsExactly("A-1");
        assertThat(nodes.stream().filter(node -> node.pauses().probes(key("A-1"))))
                .hasSize(1);
        clock.forward(MINUTE);
        nodes.forEach(node -> assertThat(node.takeDue(10)).isEmpty());
    }

    @Test
    void aProbeThatFailedIsFollowedByTheNextAfterItsTime() {
        pause();
        park("A-1", "A-2");
        clock.forward(MINUTE);
        Claim probe = ledger.takeDue(10).get(0);

        ledger.pauses().failed(probe.key(), Duration.ofMinutes(5), false);
        probe.waits().awaitCarrier("again");

        assertThat(ledger.pauses().state(BIRD).probes()).isEqualTo(1);
        clock.forward(Duration.ofMinutes(4));
        assertThat(ledger.takeDue(10)).isEmpty();
        clock.forward(MINUTE);
        assertThat(ids(ledger.takeDue(10))).containsExactly("A-1");
    }

    @Test
    void aProbeThatMayFailForAReasonOfItsOwnIsFollowedByAnother() {
        pause();
        park("A-1", "A-2");
        clock.forward(MINUTE);
        Claim probe = ledger.takeDue(10).get(0);
        ledger.pauses().failed(probe.key(), MINUTE, true);
        probe.waits().awaitCarrier("again");
        clock.forward(MINUTE);

        assertThat(ids(ledger.takeDue(10))).containsExactly("A-2");
    }

    @Test
    void anAnsweredProbeLetsEveryNodeGoOn() {
        Ledger two = node("two");
        pause();
        park("A-1", "A-2", "A-3");
        clock.forward(MINUTE);
        Claim probe = ledger.takeDue(10).get(0);

        ledger.pauses().answered(probe.key());

        assertThat(ids(two.takeDue(10))).containsExactly("A-2", "A-3");
        assertThat(two.pauses().paused(BIRD)).isEmpty();
        assertThat(changes()).containsExactly("paused by one: it is down", "working by one: it answers again");
    }

    @Test
    void aProbeOfWhichNothingWasSaidIsFollowedAtOnce() {
        pause();
        park("A-1", "A-2");
        clock.forward(MINUTE);
        dead(ledger.takeDue(10).get(0));

        assertThat(ids(ledger.takeDue(10))).containsExactly("A-2");
    }

    @Test
    void aNodeThatDiesWhileItProbesHoldsNobodyUp() {
        Ledger two = node("two");
        pause();
        park("A-1", "A-2");
        clock.forward(MINUTE);
        ledger.takeDue(10);
        assertThat(two.takeDue(10)).isEmpty();

        change("update node set seen_at = current_timestamp - interval '2' hour where name = 'one'");

        assertThat(ids(two.takeDue(10))).containsExactly("A-2");
        ledger.pauses().answered(key("A-1"));
        assertThat(stateOf(node("three"))).isEqualTo(CarrierState.PAUSED);
    }

    @Test
    void aPauseOutlivesARestart() {
        pause();
        park("A-1");

        Ledger reborn = node("one");

        assertThat(reborn.pauses().paused(BIRD).orElseThrow().reason()).isEqualTo("it is down");
        assertThat(reborn.recover()).isEqualTo(new Recovery(0, 0));
        assertThat(reborn.takeDue(10)).isEmpty();
        clock.forward(MINUTE);
        assertThat(ids(reborn.takeDue(10))).containsExactly("A-1");
    }

    @Test
    void byHandNothingIsTriedUntilSomebodyResumes() {
        ledger.pauses().pauseByHand(BIRD, "ann", "stock-taking\nuntil noon");
        park("A-1");
        clock.forward(Duration.ofHours(3));
        Ledger two = node("two");

        assertThat(two.takeDue(10)).isEmpty();
        assertThat(stateOf(two)).isEqualTo(CarrierState.BY_HAND);
        ledger.pauses().pause(BIRD, "it is down too", MINUTE);
        assertThatThrownBy(() -> two.pauses().pauseByHand(BIRD, "bob", "me too"))
                .hasMessageEndingWith(" by ann, until somebody resumes it; nothing was changed");

        two.pauses().resumeByHand(BIRD, "bob", "noon");
        assertThat(ids(ledger.takeDue(10))).containsExactly("A-1");
        assertThat(changes()).containsExactly("paused-by-hand by ann: stock-taking until noon", "working by bob: noon");
    }

    @Test
    void whoeverPausesByHandSaysWhy() {
        assertThatThrownBy(() -> ledger.pauses().pauseByHand(BIRD, "ann", " "))
                .hasMessage("carrier birdsystem: a reason is needed; it stays in the history");
        assertThatThrownBy(() -> ledger.pauses().resumeByHand(BIRD, "ann", "why not"))
                .hasMessage("carrier birdsystem works; nothing was changed");
        assertThat(changes()).isEmpty();
    }

    @Test
    void aPersonMayPauseWhatPausedItself() {
        pause();

        ledger.pauses().pauseByHand(BIRD, "ann", "until they call");

        assertThat(stateOf(node("two"))).isEqualTo(CarrierState.BY_HAND);
    }

    @Test
    void anOrderThatGrewTooOldIsTakenNevertheless() {
        ledger.waitFor(Duration.ofHours(24));
        ledger.pauses().pauseByHand(BIRD, "ann", "for ever");
        park("A-1");
        clock.forward(Duration.ofHours(23));
        park("A-2");
        assertThat(ledger.takeDue(10)).isEmpty();

        clock.forward(Duration.ofHours(1));

        assertThat(ids(ledger.takeDue(10))).containsExactly("A-1");
    }

    @Test
    void anOrderInDoubtStaysInDoubtAndAPersonMayDecideAboutIt() {
        sent(claimed(order("A-1"))).waits().inDoubt("no answer", Duration.ZERO);
        pause();
        ledger.takeDue(1).get(0).waits().awaitCarrier("paused");

        assertThat(stored("A-1").state()).isEqualTo("in-doubt");
        assertThat(step("A-1", "book")).isEqualTo("in-doubt");
        assertThat(ledger.takeDue(1)).isEmpty();
        assertThat(ledger.outOfTurn().takeInDoubt(key("A-1"), "{}")).isPresent();
    }

    @Test
    void anOrderThatWasNotSentMayBeSentAfterThePause() {
        pause();
        Claim claim = sent(claimed(order("A-1")));

        claim.waits().awaitCarrier("refused");

        assertThat(step("A-1", "book")).isEqualTo("not-sent");
        ledger.pauses().resumeByHand(BIRD, "ann", "back");
        assertThat(ledger.takeDue(1).get(0).begin("book")).isTrue();
        assertThat(new Audit(ledger.queries()).broken(key("A-1"))).isEmpty();
    }

    @Test
    void ordersThatGoOnLeaveHalfOfTheHandsToOthers() {
        Ledger small = node("small", 10);
        pause();
        park(IntStream.range(0, 20).mapToObj(i -> "A-" + i).toArray(String[]::new));
        for (int i = 0; i < 8; i++) {
            claimed(order("B-" + i)).waits().postpone(Duration.ZERO, "again");
        }
        ledger.pauses().resumeByHand(BIRD, "ann", "back");

        assertThat(ids(small.takeDue(small.free())).stream().map(id -> id.substring(0, 1)))
                .containsExactly("A", "A", "A", "A", "A", "B", "B", "B", "B", "B");
        assertThat(small.working(BIRD)).isEqualTo(5);
    }

    @Test
    void whileAllIsWellNobodyIsAskedForAnOrder() {
        ledger.takeDue(1);
        int connections = wire.connections();
        long commits = ledger.commits();

        for (int i = 0; i < 1000; i++) {
            assertThat(ledger.pauses().paused(BIRD)).isEmpty();
            assertThat(ledger.pauses().probes(key("A-" + i))).isFalse();
        }

        assertThat(wire.connections()).isEqualTo(connections);
        assertThat(ledger.commits()).isEqualTo(commits);
    }

    private void pause() {
        ledger.pauses().pause(BIRD, "it is down", MINUTE);
        assertThat(stateOf(ledger)).isEqualTo(CarrierState.PAUSED);
    }

    /** Accepts them one after the other and lets them wait for the carrier, the last first. */
    private void park(String... ids) {
        List<Claim> claims = new ArrayList<>();
        for (String id : ids) {
            clock.forward(Duration.ofMillis(1));
            claims.add(0, claimed(order(id)));
        }
        claims.forEach(claim -> {
            claim.choose(BIRD, "standard", "a-rule");
            claim.waits().awaitCarrier("it is paused");
        });
    }

    private List<String> changes() {
        return ledger.queries().carrierHistory(BIRD).stream()
                .map(change -> change.state() + " by " + change.actor() + ": " + change.reason())
                .toList();
    }

    private static String stateOf(Ledger node) {
        return node.pauses().state(BIRD).state();
    }

    private static OrderKey key(String id) {
        return new OrderKey("acme", id, 0);
    }
}
