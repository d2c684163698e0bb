package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long an order waits, so that a carrier may be down for a day without a flood of calls. */
class BackoffTest {

    private static final Backoff BACKOFF =
            new Backoff(Duration.ofSeconds(300), Duration.ofHours(24), Duration.ofSeconds(40));

    @ParameterizedTest
    @CsvSource({
        // attempts, seconds at most
        "0, 1",
        "1, 2",
        "2, 4",
        "5, 32",
        "8, 256",
        "9, 300",
        "31, 300",
        "63, 300",
        "1000000, 300",
    })
    void eachAttemptDoublesTheWaitUpToTheLongestAndNoTwoWaitAlike(int attempts, int most) {
        assertThat(IntStream.range(0, 1000).mapToObj(i -> BACKOFF.after(attempts, Duration.ZERO)))
                .allSatisfy(wait ->
                        assertThat(wait).isBetween(Duration.ofMillis(most * 1000L * 2 / 3), Duration.ofSeconds(most)))
                .satisfies(
                        waits -> assertThat(waits.stream().distinct().count()).isGreaterThan(50));
    }

    @Test
    void theCarriersWishHoldsWhereItIsLongerAndNeverLongerThanAnOrderLives() {
        assertThat(BACKOFF.after(1, Duration.ofMinutes(7))).isEqualTo(Duration.ofMinutes(7));
        assertThat(BACKOFF.after(9, Duration.ofSeconds(1))).isGreaterThanOrEqualTo(Duration.ofSeconds(200));
        assertThat(BACKOFF.after(1, Duration.ofDays(365))).isEqualTo(Duration.ofHours(24));
    }
}
