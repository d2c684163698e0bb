package io.waybill.ledger;

import static io.waybill.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.order.OrderKey;
import io.waybill.testing.SetClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is left behind: by a node that died, by a node that lives and lost sight of an order. */
abstract class RecoveryContract extends LedgerContract {

    private static final OrderKey A1 = new OrderKey("acme", "A-1", 0);
    private static final String LAPSED =
            "update node set seen_at = current_timestamp - interval '2' hour where name = ?";

    RecoveryContract(TestDatabase database) {
        super(database);
    }

    @Test
    void whatADeadNodeHadSentIsInDoubtAndTheRestIsDue() {
        claimed(order("A-1"));
        sent(claimed(order("A-2")));
        booked(claimed(order("A-3")));
        completed(claimed(order("A-4")));

        Recovery found = node("one").recover();

        assertThat(found).isEqualTo(new Recovery(1, 2));
        assertThat(stored("A-2").state()).isEqualTo("in-doubt");
        assertThat(step("A-2", "book")).isEqualTo("in-doubt");
        assertThat(stored("A-2").dueAt()).isAfter(stored("A-1").dueAt());
        assertThat(texts("select order_id from orders where due_at is not null and owner is null order by order_id"))
                .containsExactly("A-1", "A-2", "A-3");
        assertThat(history("A-2")).containsExactly("accepted", "book-sent", "in-doubt");
        assertThat(history("A-1")).containsExactly("accepted", "given-back");
    }

    @Test
    void inDoubtKeepsTheNumberOfTheAttempt() {
        sent(claimed(order("A-1"))).waits().postpone(Duration.ZERO, "refused");
        sent(ledger.takeDue(1).get(0));

        node("one").recover();

        assertThat(texts("select attempt from step where order_id = 'A-1'")).containsExactly("2");
    }

    @Test
    void whatSeveralProcessesDiedWithIsWorkedOnOneAtATime() {
        List.of("A-1", "A-2", "A-3").forEach(id -> claimed(order(id)));
        node("one").recover();
        assertThat(node("two").takeDue(10)).extracting(Claim::lives).containsExactly(1, 1, 1);
        Ledger three = node("two");
        three.recover();
        claimed(order("B-1")).waits().postpone(Duration.ZERO, "again");

        List<Claim> taken = three.takeDue(10);
        assertThat(ids(taken)).hasSize(2).contains("B-1");
        assertThat(ids(three.takeDue(10))).isEmpty();
        assertThat(taken).extracting(Claim::lives).containsExactlyInAnyOrder(0, 2);
        taken.forEach(claim -> claim.waits().postpone(Duration.ofHours(1), "not now"));

        List<Claim> next = three.takeDue(10);
        assertThat(next).extracting(Claim::lives).containsExactly(2);
        assertThat(texts("select lives from orders where state = 'waiting'")).containsOnly("0");
    }

    @Test
    void whatSeveralProcessesDiedWithAndWaitedForItsCarrierIsWorkedOnOneAtATime() {
        for (String id : List.of("A-1", "A-2", "A-3")) {
            Claim claim = claimed(order(id));
            claim.choose("mabang", "standard", "a-rule");
            claim.waits().awaitTurn("not yet");
            clock.forward(Duration.ofMillis(1));
        }
        change("update orders set lives = 2 where order_id <> 'A-3'");

        List<Claim> taken = ledger.takeDue(10);
        assertThat(ids(taken)).containsExactly("A-1", "A-3");
        assertThat(ids(ledger.takeDue(10))).isEmpty();

        taken.get(0).waits().postpone(Duration.ofHours(1), "not now");
        assertThat(ids(ledger.takeDue(10))).containsExactly("A-2");
    }

    @Test
    void whoDiedWithAnOrderCountsOnWhileItOnlyWaitsForItsCarrier() {
        claimed(order("A-1"));
        Ledger two = node("one");
        two.recover();
        Claim again = two.takeDue(10).get(0);
        again.choose("mabang", "standard", "a-rule");

        again.waits().leaveToCarrier("it is paused");
        assertThat(stored("A-1").lives()).isEqualTo(1);

        two.pauses().know("mabang");
        two.takeDue(10).get(0).waits().awaitCarrier("it did not take it");
        assertThat(stored("A-1").lives()).isZero();
    }

    @Test
    void whatSeveralProcessesDiedWithIsNotTakenByItsKeyBesideTheOthers() {
        OrderKey key = claimed(order("A-1")).key();
        Ledger two = node("one");
        two.recover();
        assertThat(two.takeAccepted(key)).isPresent();
        Ledger three = node("one");
        three.recover();

        assertThat(three.takeAccepted(key)).isEmpty();

        assertThat(three.takeDue(10)).extracting(Claim::lives).containsExactly(2);
    }

    @Test
    void anOrderThatIsOnlyFollowedUpIsNoSuspectForEver() {
        Claim claim = booked(claimed(order("A-1")));
        claim.followUps().follow(FollowUp.begin("track", clock.instant(), clock.instant(), null));
        claim.endings().settle("completed");
        ledger.takeDue(10);
        Ledger two = node("one");
        two.recover();

        Claim again = two.takeDue(10).get(0);
        assertThat(again.lives()).isEqualTo(1);
        again.endings().rest();

        assertThat(texts("select lives from orders")).containsExactly("0");
    }

    @Test
    void whatANodeHeldAtItsStopIsAnybodysAtOnceUnlessItWasSent() {
        Claim late = claimed(order("A-1"));
        sent(claimed(order("A-2")));
        booked(claimed(order("A-3")));
        Ledger two = node("two");

        ledger.close();

        List<Claim> taken = two.takeDue(10);
        assertThat(ids(taken)).containsExactlyInAnyOrder("A-1", "A-3");
        assertThat(taken).extracting(Claim::lives).containsOnly(0);
        assertThat(stored("A-2").state()).isEqualTo("sent");
        assertThatThrownBy(() -> sent(late)).isInstanceOfAny(Fenced.class, LedgerUnavailable.class);
        assertThat(step("A-1", "book")).isEqualTo("none");
    }

    @Test
    void recoveringTwiceFindsNothingMore() {
        claimed(order("A-1"));
        Ledger reborn = node("one");
        reborn.recover();

        assertThat(reborn.recover()).isEqualTo(new Recovery(0, 0));
    }

    @Test
    void aLivingNodeIsLeftAloneWhateverTheClocksSay() {
        sent(claimed(order("A-1")));
        Ledger two = node("two");
        clock.forward(Duration.ofHours(1));

        assertThat(two.recover()).isEqualTo(new Recovery(0, 0));
        assertThat(ledger.recover()).isEqualTo(new Recovery(0, 0));
        assertThat(stored("A-1").state()).isEqualTo("sent");
    }

    @Test
    void aNodeWhoseClockJumpsIsNotTakenOverAndTakesNobodyOver() {
        Claim one = sent(claimed(order("A-1")));
        SetClock fast = new SetClock();
        SetClock slow = new SetClock();
        Ledger ahead = node("ahead", fast);
        Ledger behind = node("behind", slow);
        Claim two = sent(claimed(ahead, order("A-2")));
        Claim three = sent(claimed(behind, order("A-3")));

        fast.forward(Duration.ofHours(1));
        slow.forward(Duration.ofHours(-1));

        assertThat(List.of(ledger, ahead, behind)).allSatisfy(node -> {
            assertThat(node.recover()).isEqualTo(new Recovery(0, 0));
            assertThat(node.living()).containsExactlyInAnyOrder(ledger.owner(), ahead.owner(), behind.owner());
        });
        for (Claim claim : List.of(one, two, three)) {
            claim.brought("book", StepFacts.NONE, json("{}"), true);
        }
        assertThat(stored("A-2").state()).isEqualTo("booked");
        assertThat(stored("A-3").state()).isEqualTo("booked");
    }

    @Test
    void whatWasSentMayLeaveOnlyWhileTheLeaseLasts() {
        Claim claim = sent(claimed(order("A-1")));
        assertThat(claim.mayLeave()).isTrue();

        clock.forward(LEASE.plusSeconds(1));

        assertThat(claim.mayLeave()).isFalse();
        // the clock on the wall may have been set back meanwhile
        Instant now = clock.instant();
        assertThat(new Lease(System.nanoTime(), now, LEASE).lasts(now)).isTrue();
        assertThat(new Lease(System.nanoTime() - LEASE.toNanos(), now, LEASE).lasts(now))
                .isFalse();
    }

    @Test
    void theLeaseOfWhatWasSentIsTheOneFromBeforeItWasWritten() {
        Claim claim = claimed(order("A-1"));
        ledger.leaseFor(Duration.ofSeconds(3));
        // the process stands still until others may have taken the order over; the first to go on is its heart
        wire.meanwhile(() -> {
            clock.forward(LEASE);
            await().until(() -> ledger.lease().lasts(clock.instant()));
        });

        sent(claim);

        assertThat(claim.mayLeave()).isFalse();
    }

    @Test
    void aLeaseBeginsBeforeTheDatabaseIsAskedAndIsNotRenewedOnceTheNodeWasStartedAgain() {
        SetClock own = new SetClock();
        Instant start = own.instant();
        AtomicInteger beats = new AtomicInteger();
        Ledger beating = node("beating", own);
        wire.afterStatement(() -> {
            own.forward(Duration.ofMinutes(1));
            beats.incrementAndGet();
        });
        beating.leaseFor(Duration.ofMillis(300));
        await().until(() -> beating.lease().since().isAfter(start));
        for (int i = 0; i < 100; i++) {
            assertThat(beating.lease().since()).isBefore(own.instant());
        }

        node("beating", own);

        int born = beats.get();
        await().until(() -> beats.get() > born + 1);
        Instant last = beating.lease().since();
        await().until(() -> beats.get() > born + 4);
        assertThat(beating.lease().since()).isEqualTo(last);
    }

    @Test
    void aLateWriteOfANodeThatWasTakenOverIsRefused() {
        Claim late = sent(claimed(order("A-1")));
        Ledger two = node("two");
        change(LAPSED, "one");
        two.settleFor(Duration.ZERO).recover();
        Claim claim = two.takeDue(1).get(0);

        assertThatThrownBy(() -> late.brought("book", StepFacts.NONE, json("{}"), true))
                .isInstanceOf(Fenced.class)
                .hasMessage(
                        "order acme:A-1: 'booked' was refused, since another node took the order over; it goes on there");
        claim.calls().allowAgain(true);
        completed(claim);
        assertThat(history("A-1"))
                .containsExactly("accepted", "book-sent", "in-doubt", "taken", "book-sent", "booked", "completed");
        assertThat(new Audit(two.queries()).broken(A1)).isEmpty();
    }

    @Test
    void aNodeThatDidNotRenewIsTakenOver() {
        claimed(order("A-1"));
        Ledger two = node("two");
        change(LAPSED, "one");

        assertThat(two.recover()).isEqualTo(new Recovery(0, 1));
        assertThat(two.takeDue(1)).extracting(Claim::key).containsExactly(A1);
    }

    @Test
    void afterTheDatabaseWasAwayNobodyIsDeadBeforeHeHadTheTimeToSayThatHeIsBack() {
        Claim answered = sent(claimed(order("A-1")));
        claimed(order("A-2"));
        Ledger two = node("two").leaseFor(Duration.ofSeconds(6));
        wire.refuse(Integer.MAX_VALUE);
        // more than one a second comes from elsewhere, and its heart beats once a second
        await().until(() -> wire.toRefuse() < Integer.MAX_VALUE - 8);
        change(LAPSED, "one");
        wire.refuse(0);

        assertThat(two.recover()).isEqualTo(new Recovery(0, 0));
        assertThat(two.living()).contains(ledger.owner());
        answered.brought("book", StepFacts.NONE, json("{}"), true);
        answered.endings().settle("completed");
        await().until(() -> two.recover().equals(new Recovery(0, 1)));
        assertThat(history("A-1")).containsExactly("accepted", "book-sent", "booked", "completed");
        assertThat(two.living()).doesNotContain(ledger.owner());
    }

    @Test
    void aNodeWhoseOwnLeaseLapsedDoesNotTakeItsOrdersFromItself() {
        Claim claim = sent(claimed(order("A-1")));
        change(LAPSED, "one");

        assertThat(ledger.recover()).isEqualTo(new Recovery(0, 0));
        claim.brought("book", StepFacts.NONE, json("{}"), true);
        assertThat(stored("A-1").state()).isEqualTo("booked");
    }

    @Test
    void anOrderThatWasLetGoWithoutAnEndIsFoundAgainByTheSameNode() {
        claimed(order("A-1")).release();
        assertThat(ledger.takeDue(1)).isEmpty();

        assertThat(ledger.recover()).isEqualTo(new Recovery(0, 1));

        Claim again = ledger.takeDue(1).get(0);
        // no process died with it
        assertThat(again.lives()).isZero();
        completed(again);
        assertThat(stored("A-1").state()).isEqualTo("completed");
        assertThat(ledger.free()).isEqualTo(1000);
    }

    @Test
    void anOrderThatWasLetGoAfterItWasSentIsInDoubt() {
        sent(claimed(order("A-1"))).release();

        assertThat(ledger.recover()).isEqualTo(new Recovery(1, 0));
        assertThat(stored("A-1").state()).isEqualTo("in-doubt");
    }

    @Test
    void anOrderThatIsBeingWorkedOnIsNotGivenBack() {
        Claim claim = claimed(order("A-1"));

        assertThat(ledger.recover()).isEqualTo(new Recovery(0, 0));
        completed(claim);
        assertThat(stored("A-1").state()).isEqualTo("completed");
    }

    @Test
    void ordersThatArriveWhileItLooksAreNotGivenBack() {
        for (int i = 0; i < 500; i++) {
            ledger.accept(order("A-" + i));
            if (i % 25 == 0) {
                assertThat(ledger.recover()).isEqualTo(new Recovery(0, 0));
            }
        }
    }

    @Test
    void anUnreadableOrderStopsNoOtherAndKeepsNoHand() {
        Ledger other = node("other", 0);
        claimed(other, order("A-1"));
        claimed(other, order("A-2"));
        change("update orders set payload = 'unreadable' where order_id = 'A-1'");

        List<Claim> taken = ledger.takeDue(10);

        assertThat(taken).extracting(claim -> claim.key().orderId()).containsExactly("A-2");
        assertThat(ledger.free()).isEqualTo(999);
        await().until(() -> stored("A-1").state().equals("waiting"));
        assertThat(stored("A-1").dueAt()).isEqualTo(stored("A-1").updatedAt().plus(Duration.ofHours(1)));
        assertThat(history("A-1")).containsExactly("accepted", "unreadable");
    }

    @Test
    void anUnreadableOrderInDoubtIsStillOne() {
        sent(claimed(order("A-1"))).waits().inDoubt("read timed out", Duration.ZERO);
        change("update orders set payload = 'unreadable' where order_id = 'A-1'");

        assertThat(ledger.takeDue(10)).isEmpty();

        await().until(() -> history("A-1").contains("unreadable"));
        assertThat(stored("A-1").state()).isEqualTo("in-doubt");
        assertThat(stored("A-1").dueAt()).isNotNull();
    }

    @Test
    void anUnreadableDeadOrderIsStillDeadWhateverIsTriedWithIt() {
        dead(claimed(order("A-1")));
        change("update orders set payload = 'unreadable' where order_id = 'A-1'");

        assertThat(ledger.outOfTurn().replay(A1, "{}")).isFalse();
        assertThat(ledger.outOfTurn().take(stored("A-1"))).isEmpty();
        // written after whatever was said of it
        claimed(order("A-2"));

        assertThat(stored("A-1").state()).isEqualTo("dead-letter");
        assertThat(stored("A-1").dueAt()).isNull();
        assertThat(history("A-1")).doesNotContain("unreadable");
    }

    @Test
    void twoNodesOfOneNameAtOnceAreTwoIncarnations() {
        List<Ledger> twins = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> newborn("twin"), Runners.THREADS))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(twins).extracting(Ledger::owner).doesNotHaveDuplicates();
        twins.forEach(Ledger::close);
    }

    private Ledger newborn(String name) {
        return new Ledger(wire.dataSource(), name, 10, LedgerContract::parse, clock);
    }

    @Test
    void dueOrdersAreFoundByTheIndexAmongMany() {
        change("insert into orders (account, order_id, reissue, state, source, fingerprint, payload, epoch, attempts,"
                + " lives, due_at, duplicates, history_seq, history_hash, accepted_at, updated_at)"
                + " select 'acme', 'X-' || n, 0, 'completed', 's', 'f', '{}', 1, 0, 0, null, 0, 1, 'h', current_timestamp,"
                + " current_timestamp from (with recursive many(n) as (select 1 union all select n + 1 from many where n < 20000)"
                + " select n from many) as numbers");
        change("analyze");
        claimed(node("full", 0), order("A-1"));

        assertThat(String.join(
                        "\n",
                        texts("explain "
                                + DueOrders.DUE
                                        .replaceFirst("\\?", "current_timestamp")
                                        .replaceFirst("\\?", "500"))))
                .containsIgnoringCase("orders_due");
        await().until(() -> ledger.takeDue(1).size() == 1);
    }

    @Test
    void aFewOfManyDueOrdersAreFoundWithoutALookAtTheRest() {
        change("insert into orders (account, order_id, reissue, state, source, fingerprint, payload, epoch, attempts,"
                + " lives, owner, due_at, duplicates, history_seq, history_hash, accepted_at, updated_at)"
                + " select 'acme', 'X-' || n, 0, 'accepted', 's', 'f', '{}', 1, 0, 0,"
                + " case when mod(n, 2) = 0 then 'paused/kdniao' end, current_timestamp, 0, 1, 'h', current_timestamp,"
                + " current_timestamp from (with recursive many(n) as (select 1 union all select n + 1 from many where n < 20000)"
                + " select n from many) as numbers");
        change("analyze");

        assertThat(rowsRead(DueOrders.DUE.replaceFirst("\\?", "current_timestamp")))
                .isLessThan(20);
        assertThat(rowsRead(DueOrders.MARKED
                        .replaceFirst("\\?", "'paused/kdniao'")
                        .replaceFirst("\\?", "current_timestamp")))
                .isLessThan(20);
    }

    @Test
    void aPageOfWhatEndedIsFoundWithoutALookAtTheRest() {
        change("insert into orders (account, order_id, reissue, state, source, fingerprint, payload, epoch, attempts,"
                + " lives, duplicates, history_seq, history_hash, accepted_at, updated_at)"
                + " select 'acme', 'X-' || n, 0, 'completed', 's', 'f', '{}', 1, 0, 0, 0, 1, 'h', current_timestamp,"
                + " current_timestamp from (with recursive many(n) as (select 1 union all select n + 1 from many where n < 20000)"
                + " select n from many) as numbers");
        change("analyze");

        assertThat(rowsRead(Remembered.OF_STATE
                        .replaceFirst("\\?", "'completed'")
                        .replaceFirst("\\?", "timestamp with time zone '1970-01-01 00:00:00+00'")
                        .replaceFirst("\\?", "timestamp with time zone '2170-01-01 00:00:00+00'")))
                .isLessThan(30);
    }
}
