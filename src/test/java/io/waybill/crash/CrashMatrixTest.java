package io.waybill.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.crash.KillPoint.When;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** kill -9 at every recovery point: nothing is lost, nothing is booked twice, and what nobody can know is listed. */
class CrashMatrixTest {

    private static final int ROUNDS = 20;

    @ParameterizedTest
    @EnumSource
    void aKillPointIsAMethodThatThereIs(KillPoint point) throws ClassNotFoundException {
        if (point.when() != When.OUTSIDE) {
            assertThat(Class.forName(point.type(), false, getClass().getClassLoader())
                            .getDeclaredMethods())
                    .filteredOn(method -> !method.isSynthetic())
                    .extracting(Method::getName)
                    .containsOnlyOnce(point.method());
        }
    }

    @Test
    void killedAtPointsOfEachKindOnH2() {
        List<Plan> plans = everySecond(0);
        plans.add(new Plan(KillPoint.CARRIER_COMMITTED, KillPoint.REPOST_ANSWERED, "kdniao", Batch.FOLDER));

        crash("H", Base.H2, plans);
    }

    /** The points in turns on one database and on the other; where two deaths begin is one of them anyway. */
    static List<Plan> everySecond(int from) {
        List<Plan> each = Plan.each().stream()
                .filter(plan -> plan.first() != KillPoint.CARRIER_COMMITTED)
                .toList();
        return IntStream.iterate(from, i -> i < each.size(), i -> i + 2)
                .mapToObj(each::get)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Test
    void killedAtARandomMoment() {
        killAtRandom("S", Base.H2, 1, 5);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("crash")
    @Timeout(value = 12, unit = TimeUnit.HOURS)
    void killedAtEveryPointForEveryCarrierAndInput(Base base) {
        crash("M" + base.name().charAt(0), base, Plan.all());
    }

    @ParameterizedTest
    @EnumSource
    @Tag("crash")
    @Timeout(value = 12, unit = TimeUnit.HOURS)
    void killedAtRandomMoments(Base base) {
        killAtRandom("R" + base.name().charAt(0), base, ROUNDS, 17);
    }

    /** Mabang refuses an order that it has; that it was sent a second time is seen all the same. */
    @Test
    @Tag("crash")
    void anOrderThatIsSentAgainIsNoticed() {
        Map<String, String> careless = Map.of("waybill.carrier.mabang.in-doubt", "repost");
        try (Campaign campaign = new Campaign("careless", Base.H2, careless)) {
            campaign.fall("C000", new Plan(KillPoint.CARRIER_COMMITTED, null, "mabang", Batch.FOLDER));
            // in doubt counts as settled, and it is sent again a second later
            Awaitility.await("sent again").atMost(Child.PATIENCE).until(campaign::sentAgain);

            assertThatThrownBy(campaign::finish).hasMessageContaining("each order goes to Mabang once");
        }
    }

    static void crash(String letter, Base base, List<Plan> plans) {
        try (Campaign campaign = new Campaign("matrix-" + letter, base)) {
            for (int i = 0; i < plans.size(); i++) {
                String tag = "%s%03d".formatted(letter, i);
                try {
                    campaign.crash(tag, plans.get(i));
                } catch (Throwable e) {
                    throw new AssertionError(tag + ": " + plans.get(i) + ": " + e.getMessage(), e);
                }
            }
            campaign.finish();
        }
    }

    private static void killAtRandom(String letter, Base base, int rounds, int ofEach) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Campaign campaign = new Campaign("random-" + letter, base)) {
            for (int round = 0; round < rounds; round++) {
                Batch batch = Batch.of("%s%03d".formatted(letter, round), ofEach);
                campaign.crashAtRandom(batch, random.nextInt(Batch.CARRIERS.size() * 4 * ofEach));
            }
            campaign.finish();
        } catch (Throwable e) {
            throw new AssertionError("with the seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
