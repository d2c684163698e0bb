package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A carrier that keeps up is never full; one that does not is full of what it takes in a few seconds. */
class LaneTest {

    private static final int LEAST = 10;

    private final Lane lane = new Lane(LEAST);
    private long now = 1_763_000_000_000L;

    @Test
    void aBurstIsNotSlow() {
        enter(1000);
        seconds(Lane.SECONDS - 1, 20);

        assertThat(lane.isFull(now)).isFalse();
        assertThat(lane.room(now, 2000)).isEqualTo(2000 - 1000 + 80);
    }

    @Test
    void aSlowOneIsFullOfWhatItTakesInAFewSeconds() {
        enter(1000);
        seconds(20, 20);

        assertThat(lane.isFull(now)).isTrue();
        assertThat(lane.room(now, 2000)).isZero();

        // 600 are left; it took 20 a second
        leave(600 - 179);
        now += 10_000;
        seconds(Lane.SECONDS, 20);
        assertThat(lane.room(now, 2000)).isEqualTo(100 - 79);
        assertThat(lane.room(now, 80)).isEqualTo(80 - 79);
    }

    @Test
    void aFastOneIsNeverFull() {
        enter(1000);
        for (int i = 0; i < 60; i++) {
            seconds(1, 400);
            enter(400);
            assertThat(lane.isFull(now)).isFalse();
        }
    }

    @Test
    void oneThatIsEmptyNowAndThenIsNotSlow() {
        for (int i = 0; i < 60; i++) {
            enter(1);
            now += 1000;
            lane.left(now, true);
            enter(3);
            assertThat(lane.isFull(now)).isFalse();
            leave(3);
        }
    }

    @Test
    void oneThatTakesNothingAtAllKeepsAFewWaiting() {
        enter(LEAST - 1);
        now += 60_000;
        assertThat(lane.isFull(now)).isFalse();
        assertThat(lane.room(now, 50)).isEqualTo(1);

        enter(1);
        assertThat(lane.isFull(now)).isTrue();
        assertThat(lane.room(now, 50)).isZero();
    }

    @Test
    void whileOthersWaitInTheLedgerItIsFullForWhoComes() {

        assertThat(lane.overflow()).isTrue();
        assertThat(lane.overflow()).isFalse();
        assertThat(lane.isFull(now)).isTrue();
        assertThat(lane.room(now, 50)).isEqualTo(50);

        lane.drained(now);
        assertThat(lane.isFull(now)).isFalse();
    }

    @Test
    void whileItIsSlowOthersMayBeOnTheirWayToTheLedger() {
        enter(LEAST - 1);
        now += 60_000;
        lane.drained(now);
        assertThat(lane.isFull(now)).as("before any came").isFalse();

        lane.overflow();
        lane.drained(now);
        assertThat(lane.isFull(now)).isTrue();

        leave(LEAST - 1);
        lane.drained(now);
        assertThat(lane.isFull(now)).isFalse();
    }

    @Test
    void whatWentAwayWasNotTaken() {
        enter(100);
        now += 60_000;
        for (int i = 0; i < 80; i++) {
            lane.left(now, false);
        }

        assertThat(lane.isFull(now)).isTrue();
    }

    @Test
    void aClockThatGoesBackIsBorne() {
        enter(100);
        now -= 3_600_000;
        seconds(1, 5);
        assertThat(lane.isFull(now)).isFalse();

        now += 3_600_000;
        seconds(Lane.SECONDS, 1);
        assertThat(lane.isFull(now)).isTrue();
    }

    private void enter(int orders) {
        for (int i = 0; i < orders; i++) {
            lane.entered(now);
        }
    }

    private void leave(int orders) {
        for (int i = 0; i < orders; i++) {
            lane.left(now, true);
        }
    }

    /** Time passes, and each second so many get their turn. */
    private void seconds(int seconds, int each) {
        for (int i = 0; i < seconds; i++) {
            now += 1000;
            leave(each);
        }
    }
}
