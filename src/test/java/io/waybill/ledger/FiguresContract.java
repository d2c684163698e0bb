package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.order.OrderKey;
import java.time.Duration;
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
        waiting.postpone(Duration.ofHours(1), "later");
        Claim doubt = sent(claimed(order("F-3")));
        doubt.inDoubt("no answer", null);
        dead(sent(claimed(order("F-4"))));
        ledger.append(deadLetter("no-order"));

        Figures figures = ledger.queries().figures(clock.instant());

        assertThat(figures.orders())
                .containsExactlyInAnyOrderEntriesOf(Map.of("waiting", 1L, "in-doubt", 1L, "dead-letter", 1L));
        assertThat(figures.oldest())
                .containsEntry("waiting", stored("F-2").acceptedAt())
                .containsEntry("in-doubt", stored("F-3").updatedAt());
        assertThat(figures.deadLetters()).isEqualTo(Map.of("rejected", 2L));
        ledger.replay(new OrderKey("acme", "F-4", 0), "{}");
        assertThat(ledger.queries().figures(clock.instant()).deadLetters()).isEqualTo(Map.of("rejected", 1L));
    }

    @Test
    void aDeadOrderCountsByWhatItDiedOfLastAndOtherContentIsToldBesideIt() {
        dead(sent(claimed(order("D-1"))));
        dead(sent(claimed(order("D-2"))));
        completed(claimed(order("D-3")));
        change(
                "update dead_letter set cause = 'expired', id = 'first', at = at - interval '1' hour where order_id = 'D-1'");
        ledger.replay(key("D-1"), "{}");
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
                    assertThat(row.order()).isFalse();
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

    private static OrderKey key(String id) {
        return new OrderKey("acme", id, 0);
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
