package io.waybill.crash;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The other half of the short form of {@link CrashMatrixTest}, a class of its own so that the two run beside each other. */
class CrashMatrixOnPostgresTest {

    @Test
    void killedAtPointsOfEachKind() {
        List<Plan> plans = CrashMatrixTest.everySecond(1);
        plans.add(new Plan(KillPoint.CARRIER_COMMITTED, KillPoint.LOOKED_UP, "birdsystem", Batch.QUEUE));

        CrashMatrixTest.crash("P", Base.POSTGRESQL, plans);
    }
}
