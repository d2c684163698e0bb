package io.waybill.ledger;

import java.time.Instant;

/**
 * What this process knows of the call of an order that goes out next, or is out.
 *
 * <ol>
 *   <li>A call in doubt goes out only once it is allowed again; that is used up by sending it.
 *   <li>Where an earlier request may have landed, the doubt stays until the carrier answers.
 *   <li>What was recorded as sent may leave only as long as nobody can have taken the order over.
 * </ol>
 */
final class Sending {

    private boolean again;
    private boolean doubted;
    private Lease lease;

    /** @param known whether the carrier surely has no such order */
    void allowAgain(boolean known) {
        again = true;
        doubted = !known;
    }

    boolean isAllowedAgain() {
        return again;
    }

    boolean isDoubted() {
        return doubted;
    }

    /** @param before the lease as it was before that was written: while it lasts, nobody can have taken the order over */
    void sent(Lease before) {
        lease = before;
        again = false;
    }

    boolean mayLeave(Instant now) {
        return lease == null || lease.lasts(now);
    }

    void answered() {
        doubted = false;
        lease = null;
    }
}
