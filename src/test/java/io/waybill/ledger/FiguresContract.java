package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.order.OrderKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

abstract class FiguresContract extends LedgerContract {

    FiguresContract(TestDatabase database) {
        super(database);
    }

    @Test
    void whatIsNotOverIsCountedWithItsAge() {
        completed(claimed(order("F-1")));
        Claim waiting = claimed(order("F-2"));
        waiting.choose("mabang", "standard", "a-rule");
        waiting.waits().postpone(Duration.ofHours(1), "later");
        Claim doubt = sent(claimed(order("F-3")));
        doubt.waits().inDoubt("no answer", null);
        dead(sent(claimed(order("F-4"))));
        ledger.append(deadLetter("no-order"));

        Figures figures = ledger.queries().figures(clock.instant());

        assertThat(figures.orders())
                .containsExactlyInAnyOrderEntriesOf(Map.of("waiting", 1L, "in-doubt", 1L, "dead-letter", 1L));
        assertThat(figures.oldest())
                .containsEntry("waiting", stored("F-2").acceptedAt())
                .containsEntry("in-doubt", stored("F-3").updatedAt());
        assertThat(figures.deadLetters()).isEqualTo(Map.of("rejected", 2L));
        ledger.outOfTurn().replay(new OrderKey("acme", "F-4", 0), "{}");
        assertThat(ledger.queries().figures(clock.instant()).deadLetters()).isEqualTo(Map.of("rejected", 1L));
    }

    @Test
    void whatGoesOnByItselfIsListedByItsTimeAndCountedByCarrier() {
        completed(claimed(order("W-1")));
        Claim parked = claimed(order("W-2"));
        parked.choose("kdniao", "yto", "a-rule");
        parked.waits().awaitTurn("more came");
        Claim later = claimed(order("W-3"));
        later.choose("kdniao", "yto", "a-rule");
        later.waits().postpone(Duration.ofHours(1), "later");
        Claim late = booked(claimed(order("W-4")));
        late.answered("{}");
        Instant now = clock.instant();
        late.followUps()
                .follow(FollowUp.begin("track", now, now.plusSeconds(60), now.plusSeconds(600))
                        .awaiting("tracking_number", now.plusSeconds(300)));
        late.endings().settle("awaiting");
        Claim held = claimed(order("W-5"));

        assertThat(ledger.queries().waiting(10))
                .extracting(stored -> stored.key().orderId())
                .containsExactly("W-2", "W-4", "W-3");
        assertThat(ledger.queries().waiting(2))
                .extracting(stored -> stored.key().orderId())
                .containsExactly("W-2", "W-4");
        assertThat(ledger.queries().waiting("kdniao")).isEqualTo(2);
        assertThat(ledger.queries().waiting("birdsystem")).isZero();
        assertThat(held.state()).isEqualTo("accepted");
    }

    @Test
    void theOldestDoubtMayBeThatAboutAVoid() {
        completed(claimed(order("F-5")));
        Claim asked = ledger.outOfTurn().take(stored("F-5")).orElseThrow();
        asked.followUps().follow(FollowUp.requested(clock.instant(), ""));
        asked.sent("cancel", "REF-F-5", new StepFacts("v1", "request", null, null, null));
        asked.endings().voidEnded(asked.followUps().cancellation().orElseThrow().at(FollowUp.IN_DOUBT, "no answer"));
        Instant first = ledger.now();
        clock.forward(Duration.ofMinutes(1));
        sent(claimed(order("F-6"))).waits().inDoubt("no answer", null);

        Figures both = ledger.queries().figures(clock.instant());
        Claim decided = ledger.outOfTurn().take(stored("F-5")).orElseThrow();
        decided.endings()
                .voidEnded(decided.followUps().cancellation().orElseThrow().at(FollowUp.REFUSED, "a person said so"));
        Figures one = ledger.queries().figures(clock.instant());

        assertThat(both.orders()).isEqualTo(Map.of("in-doubt", 1L));
        assertThat(both.voidsInDoubt()).isEqualTo(1);
        assertThat(both.oldest()).isEqualTo(Map.of("in-doubt", first));
        assertThat(one.voidsInDoubt()).isZero();
        assertThat(one.oldest()).isEqualTo(Map.of("in-doubt", stored("F-6").updatedAt()));
    }

    @Test
    void aDeadOrderCountsByWhatItDiedOfLastAndOtherContentIsToldBesideIt() {
        dead(sent(claimed(order("D-1"))));
        dead(sent(claimed(order("D-2"))));
        completed(claimed(order("D-3")));
        change(
                "update dead_letter set cause = 'expired', id = 'first', at = at - interval '1' hour where order_id = 'D-1'");
        ledger.outOfTurn().replay(key("D-1"), "{}");
        dead(sent(ledger.takeDue(10).get(0)));
        ledger.append(deadLetter("D-3"));
        change("update dead_letter set cause = 'conflict' where order_id = 'D-3'");

        Queries queries = ledger.queries();

        assertThat(queries.figures(clock.instant()).deadLetters()).isEqualTo(Map.of("rejected", 2L, "conflict", 1L));
        assertThat(queries.deadLetters().unreplayed("expired", 10)).isEmpty();
        assertThat(queries.deadLetters().unreplayed("conflict", 10))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.key().orderId()).isEqualTo("D-3");
                    assertThat(row.order()).isEqualTo("completed");
                });
        assertThat(queries.deadLetters().ordersAfter("rejected", new OrderKey("", "", -1), 1))
                .containsExactly(key("D-1"));
        assertThat(queries.deadLetters().ordersAfter("rejected", key("D-1"), 10))
                .containsExactly(key("D-2"));
        assertThat(queries.deadLetters().ordersAfter("expired", new OrderKey("", "", -1), 10))
                .isEmpty();
        assertThat(queries.deadLetters().ordersAfter("conflict", new OrderKey("", "", -1), 10))
                .isEmpty();
    }

    @Test
    void otherContentIsOpenUntilSomebodyDismissesItAndTheOrderStaysWhatItIs() {
        completed(claimed(order("C-1")));
        conflict("C-1", "first");
        conflict("C-1", "second");
        conflict("C-2", "another");
        Claim working = claimed(order("C-2"));
        dead(sent(claimed(order("C-3"))));
        conflict("C-3", "of-a-dead-one");
        Stored before = stored("C-1");

        assertThat(ledger.conflicts().dismiss(key("C-1"), "ann", "sent twice")).isEqualTo(2);

        assertThat(ledger.queries().figures(clock.instant()).deadLetters())
                .isEqualTo(Map.of("conflict", 2L, "rejected", 1L));
        assertThat(ledger.queries().deadLetters().unreplayed("conflict", 10))
                .extracting(dead -> dead.key().orderId())
                .containsExactlyInAnyOrder("C-2", "C-3");
        assertThat(rows("dead_letter", "C-1")).isEqualTo(2);
        assertThat(texts("select detail from history where what = 'dismissed'"))
                .containsExactly("{\"by\":\"ann\",\"reason\":\"sent twice\",\"dead_letters\":\"first,second\"}");
        assertThat(stored("C-1"))
                .usingRecursiveComparison()
                .ignoringFields("historySeq", "historyHash")
                .isEqualTo(before);
        assertThat(new Audit(ledger.queries()).broken(key("C-1"))).isEmpty();
        refuses("C-1", "no other content under its identity is open");
        refuses("C-2", "it is being worked on at this moment; try again");
        refuses("C-3", "it is itself a dead letter, which is replayed and not dismissed");
        refuses("C-4", "nobody knows it");

        working.waits().postpone(Duration.ofHours(1), "later");
        Stored waiting = stored("C-2");
        assertThat(ledger.conflicts().dismiss(key("C-2"), "ann", "done")).isEqualTo(1);
        assertThat(stored("C-2").dueAt()).isEqualTo(waiting.dueAt());
        conflict("C-1", "first");
        conflict("C-1", "third");
        assertThat(ledger.queries().deadLetters().unreplayed("conflict", 10)).hasSize(2);
    }

    @Test
    void whatNeverBecameAnOrderIsOpenUntilSomebodyDismissesItAndNothingElseIs() {
        ledger.append(deadLetter("no-order"));
        ledger.append(deadLetter("came-since"));
        completed(claimed(order("came-since")));
        dead(sent(claimed(order("D-1"))));
        completed(claimed(order("C-1")));
        conflict("C-1", "other");
        DeadLetters letters = ledger.queries().deadLetters();
        assertThat(letters.strays("rejected")).isEqualTo(1);
        assertThat(letters.strays(key("no-order"))).extracting(Buried::next).containsExactly("mend");

        ledger.strays().dismiss("no-order", "ann", "sent anew");

        assertThat(letters.strays("rejected")).isZero();
        assertThat(letters.strays(key("no-order"))).isEmpty();
        assertThat(ledger.queries().figures(clock.instant()).deadLetters())
                .isEqualTo(Map.of("conflict", 1L, "rejected", 1L));
        assertThat(texts("select dismissed_by || ' ' || dismissed_why from dead_letter where dismissed_at is not null"))
                .containsExactly("ann sent anew");
        ledger.append(deadLetter("no-order"));
        assertThat(letters.strays("rejected")).isZero();
        refusesLetter("no-order", "it is dismissed already");
        refusesLetter("nobody", "there is none of this id");
        refusesLetter("D-1", "it is of order acme:D-1, which is replayed and not dismissed");
        refusesLetter("other", "it is of order acme:C-1, whose conflicts are dismissed together by its order_id");
        refusesLetter("came-since", "it is of order acme:came-since, which is completed since; it is open no more");
    }

    @Test
    void whatCameUnderTheIdentityOfAnOrderIsOpenBesideItAndIsNotWhatItDiedOf() {
        invalid("I-1", "before");
        clock.forward(Duration.ofMinutes(1));
        completed(claimed(order("I-1")));
        dead(sent(claimed(order("I-2"))));
        clock.forward(Duration.ofMinutes(1));
        invalid("I-1", "after");
        invalid("I-2", "of-a-dead-one");
        DeadLetters letters = ledger.queries().deadLetters();

        assertThat(ledger.queries().figures(clock.instant()).deadLetters())
                .isEqualTo(Map.of("invalid", 2L, "rejected", 1L));
        assertThat(letters.unreplayed("invalid", 10))
                .extracting(Buried::id)
                .containsExactlyInAnyOrder("after", "of-a-dead-one");
        assertThat(letters.ordersAfter("rejected", new OrderKey("", "", -1), 10))
                .containsExactly(key("I-2"));
        assertThat(letters.ordersAfter("invalid", new OrderKey("", "", -1), 10)).isEmpty();
        assertThat(letters.cause(key("I-2"))).contains("rejected");
        assertThat(letters.strays("invalid")).isEqualTo(2);

        ledger.strays().dismiss("after", "ann", "sent as a reissue");
        assertThat(letters.unreplayed("invalid", 10)).extracting(Buried::id).containsExactly("of-a-dead-one");
        refusesLetter("before", "it is of order acme:I-1, which is completed since; it is open no more");
        refusesLetter("after", "it is dismissed already");
        clock.forward(Duration.ofMinutes(1));
        ledger.outOfTurn().replay(key("I-2"), "{}");
        assertThat(letters.unreplayed("", 10)).isEmpty();
    }

    private void invalid(String order, String id) {
        conflict(order, id);
        change("update dead_letter set cause = 'invalid' where id = '" + id + "'");
    }

    private void refusesLetter(String id, String why) {
        assertThatThrownBy(() -> ledger.strays().dismiss(id, "bob", "x")).hasMessage("dead letter " + id + ": " + why);
    }

    private void refuses(String id, String why) {
        assertThatThrownBy(() -> ledger.conflicts().dismiss(key(id), "ann", "x"))
                .hasMessage("order acme:" + id + ": " + why);
    }

    private void conflict(String order, String id) {
        change(
                "insert into dead_letter (account, order_id, reissue, id, stage, cause, message, faults, next, source, file,"
                        + " at) values ('acme', ?, 0, ?, 'accept', 'conflict', 'no', '[]', 'mend', 'a.json', 'f', ?)"
                        + " on conflict do nothing",
                order,
                id,
                Statements.time(clock.instant()));
    }

    private static OrderKey key(String id) {
        return new OrderKey("acme", id, 0);
    }

    @Test
    void aLabelOfAReissueIsTheOtherOrdersToo() {
        OrderKey first = new OrderKey("acme", "L-1", 0);
        ledger.append(label(first, "pdf"));
        assertThat(ledger.queries().remembered().sharesLabel(first, "/l")).isFalse();

        ledger.append(label(new OrderKey("acme", "L-1", 1), "pdf"));

        assertThat(ledger.queries().remembered().sharesLabel(first, "/l")).isTrue();
    }

    @Test
    void anEmptyLedgerHasNoFigures() {
        Figures figures = ledger.queries().figures(clock.instant());

        assertThat(figures.orders()).isEmpty();
        assertThat(figures.oldest()).isEmpty();
        assertThat(figures.deadLastHour()).isZero();
    }

    @Test
    void chargesOfAPeriodAreSummedExactlyAndStraysAreFound() {
        completed(claimed(order("S-1")));
        charge("S-1", "freight", "0.10", 0);
        charge("S-1", "surcharge", "0.20", 0);
        charge("S-1", "refund", "-0.05", 0);
        charge("S-1", "estimate", "9.00", 0);
        charge("S-1", "handling", "5.00", 40);
        charge("nobody", "freight", "1.00", 40);
        ledger.append(label(new OrderKey("acme", "nobody", 0), "pdf"));

        Books books = ledger.queries().books();
        Books.Sum sum = books.sums(
                        clock.instant().minus(Duration.ofDays(1)),
                        clock.instant().plus(Duration.ofDays(1)))
                .get(0);

        assertThat(sum.charges()).isEqualByComparingTo("0.30");
        assertThat(sum.refunds()).isEqualByComparingTo("0.05");
        assertThat(sum.estimates()).isEqualByComparingTo("9");
        assertThat(sum.net()).isEqualByComparingTo("0.25");
        assertThat(sum.orders()).isEqualTo(1);
        assertThat(sum.open()).isEqualTo(4);
        assertThat(books.strayCharges(10)).containsExactly(new OrderKey("acme", "nobody", 0));
        assertThat(books.strayLabels(10)).containsExactly(new OrderKey("acme", "nobody", 0));
    }

    private void charge(String id, String kind, String amount, int daysAgo) {
        change(
                "insert into charge (account, order_id, reissue, charge_id, carrier, kind, amount, currency, source, final,"
                        + " at) values ('acme', ?, 0, ?, 'mabang', ?, ?, 'PHP', 'test', false, ?)",
                id,
                kind + daysAgo,
                kind,
                new java.math.BigDecimal(amount),
                Statements.time(clock.instant().minus(Duration.ofDays(daysAgo))));
    }
}
