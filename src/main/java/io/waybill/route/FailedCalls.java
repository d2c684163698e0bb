package io.waybill.route;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** The calls to one carrier that failed in a row on this node. */
final class FailedCalls {

    /**
     * A call that failed.
     *
     * @param reason for people
     * @param asked how long the carrier asked to wait
     * @param putOff whether the carrier spoke and asked to wait
     */
    record Call(String account, String reason, Duration asked, boolean putOff) {}

    /**
     * Where it stands.
     *
     * @param asked the longest that the carrier asked to wait
     * @param oneAccountPutOff whether the carrier spoke each time, and each time to the same account
     */
    record Run(int count, Duration asked, boolean oneAccountPutOff) {}

    private final Set<String> accounts = new HashSet<>();
    private volatile int count;
    private boolean putOff = true;
    private Duration asked = Duration.ZERO;

    /** One more. */
    synchronized Run add(Call call) {
        count++;
        accounts.add(call.account());
        putOff &= call.putOff();
        asked = call.asked().compareTo(asked) > 0 ? call.asked() : asked;
        return new Run(count, asked, putOff && accounts.size() == 1);
    }

    /** The carrier works. */
    void forget() {
        if (count > 0) {
            reset();
        }
    }

    private synchronized void reset() {
        count = 0;
        accounts.clear();
        putOff = true;
        asked = Duration.ZERO;
    }
}
