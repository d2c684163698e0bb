package io.waybill.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long anything that should happen may take, on a machine that is slow and busy too; what comes at once costs no more. */
public final class Patience {

    public static final Duration LIMIT = Duration.ofMinutes(5);

    /** The same for what counts in milliseconds, such as a socket. */
    public static final int MILLIS = (int) LIMIT.toMillis();

    private Patience() {}

    /** Waits so long at most. */
    public static ConditionFactory await() {
        return Awaitility.await().atMost(LIMIT);
    }

    /** The same, and says what was waited for. */
    public static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(LIMIT);
    }
}
