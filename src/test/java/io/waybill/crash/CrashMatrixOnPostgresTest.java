package io.waybill.crash;

import org.junit.jupiter.api.Test;

/** The other half of the short form of {@link CrashMatrixTest}, a class of its own so that the two run beside each other. */
class CrashMatrixOnPostgresTest {

    @Test
    void killedAtPointsOfEachKind() {
        CrashMatrixTest.crash("P", Base.POSTGRESQL, CrashMatrixTest.everySecond(1));
    }
}
