package io.waybill.operate;

import java.util.List;
import java.util.Map;

/** One carrier, {@code io.waybill:type=Carrier,name=<carrier>}; the same on every node of the database where not said else. */
@Says("One carrier: whether it is asked, what it answers, how long it takes, and what waits for it.")
public interface CarrierMBean {

    @Says("working, paused (it is down, and tried now and then) or paused-by-hand")
    String getState();

    @Says("since when, RFC 3339; empty if it was never paused")
    String getSince();

    @Says("why it is so")
    String getReason();

    @Says("the node that found it down or up, or the user who decided")
    String getBy();

    @Says("when one order is tried next, RFC 3339; empty if none is")
    String getNextProbe();

    @Says("orders that this node works on for it, those that queue for their turn included")
    int getInFlight();

    @Says("orders that wait for it in the ledger")
    long getWaiting();

    @Says("what is known of the calls of this node since its start: how many of each outcome")
    Map<String, Long> getOutcomes();

    @Says("how long the calls of this node took lately, in milliseconds: p50, p95, p99; empty before the first")
    Map<String, Long> getLatency();

    @Says("calls of this node within the last full minute")
    long getCallsLastMinute();

    @Says("every pause, resumption and taking up of mappings, the oldest first: at, state, by, reason")
    List<Map<String, Object>> listHistory();

    /**
     * Pauses it by hand, for all nodes and over restarts.
     *
     * @throws IllegalArgumentException if there is no reason, or it is paused by hand
     */
    @Says(
            "Pauses it by hand, for all nodes and over restarts: nothing goes out to it, not even a probe, until it is resumed.")
    String pause(@Says("why; stays in its history with the name of who logged in") String reason);

    /**
     * Lets it work again, whoever paused it.
     *
     * @throws IllegalArgumentException if there is no reason, or it is not paused
     */
    @Says("Lets it work again, whoever paused it.")
    String resume(@Says("why; stays in its history with the name of who logged in") String reason);
}
