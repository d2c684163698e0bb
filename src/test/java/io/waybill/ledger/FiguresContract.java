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
    void anEmptyLedgerHasNoFigures() {
        Figures figures = ledger.queries().figures(clock.instant());

        assertThat(figures.orders()).isEmpty();
        assertThat(figures.oldest()).isEmpty();
        assertThat(figures.deadLastHour()).isZero();
    }
}
