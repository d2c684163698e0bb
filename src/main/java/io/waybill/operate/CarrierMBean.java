package io.waybill.operate;

import java.util.List;

/** One carrier, {@code io.waybill:type=Carrier,name=<carrier>}; the same on every node of the database. */
public interface CarrierMBean {

    /** {@code working}, {@code paused} (it is down, and tried now and then) or {@code paused-by-hand}. */
    String getState();

    /** Since when, RFC 3339; empty if it was never paused. */
    String getSince();

    /** Why. */
    String getReason();

    /** The node that found it down or up, or the user who decided. */
    String getBy();

    /** When one order is tried next, RFC 3339; empty if none is. */
    String getNextProbe();

    /** Orders that this node works on for it, those that queue for their turn included. */
    int getInFlight();

    /** Orders that wait for it in the ledger. */
    long getWaiting();

    /** Every pause, resumption and taking up of mappings, the oldest first: when, what, by whom and why, separated by tabs. */
    List<String> listHistory();

    /**
     * Pauses it by hand, for all nodes and over restarts: nothing goes out to it, not even a probe, until it is resumed.
     *
     * @param reason why; stays in its history with the name of who logged in
     * @throws IllegalArgumentException if there is no reason, or it is paused by hand
     */
    String pause(String reason);

    /**
     * Lets it work again, whoever paused it.
     *
     * @param reason why; stays in its history with the name of who logged in
     * @throws IllegalArgumentException if there is no reason, or it is not paused
     */
    String resume(String reason);
}
