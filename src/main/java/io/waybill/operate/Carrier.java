package io.waybill.operate;

import io.waybill.access.Login;
import io.waybill.ledger.CarrierState;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.ledger.Pauses;
import io.waybill.ledger.Queries;
import io.waybill.watch.OrderMetrics;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The MBean of one carrier; see {@link CarrierMBean}. */
public final class Carrier implements CarrierMBean {

    static final String NAME = "io.waybill:type=Carrier,name=";

    private final String name;
    private final Ledger ledger;
    private final Pauses pauses;
    private final Queries queries;
    private final OrderMetrics metrics;

    Carrier(String name, Ledger ledger, OrderMetrics metrics) {
        this.name = name;
        this.ledger = ledger;
        this.pauses = ledger.pauses();
        this.queries = ledger.queries();
        this.metrics = metrics;
    }

    @Override
    public String getState() {
        return state().state();
    }

    @Override
    public String getSince() {
        // a carrier that was never paused may have a row all the same, which tells nodes to look for what waits for it
        return state().reason().isEmpty() ? "" : text(state().since());
    }

    @Override
    public String getReason() {
        return state().reason();
    }

    @Override
    public String getBy() {
        return state().actor();
    }

    @Override
    public String getNextProbe() {
        return text(state().probeAt());
    }

    @Override
    public int getInFlight() {
        return ledger.working(name);
    }

    @Override
    public long getWaiting() {
        return queries.waiting(name);
    }

    @Override
    public Map<String, Long> getOutcomes() {
        return metrics.outcomes(name);
    }

    @Override
    public Map<String, Long> getLatency() {
        return metrics.latency(name);
    }

    @Override
    public long getCallsLastMinute() {
        return metrics.lastMinute(name);
    }

    @Override
    public List<Map<String, Object>> listHistory() {
        return queries.carrierHistory(name).stream()
                .map(change -> Row.of(
                        "at", change.at(), "state", change.state(), "by", change.actor(), "reason", change.reason()))
                .toList();
    }

    @Override
    public String pause(String reason) {
        return said(() -> pauses.pauseByHand(name, Login.currentUser(), reason));
    }

    @Override
    public String resume(String reason) {
        return said(() -> pauses.resumeByHand(name, Login.currentUser(), reason));
    }

    private String said(Runnable decision) {
        try {
            decision.run();
            return state().words();
        } catch (LedgerUnavailable away) {
            throw new IllegalStateException(away.forPeople());
        } catch (RuntimeException e) {
            // only the sentence travels: classes of ours are not known to a JMX client
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    private CarrierState state() {
        return pauses.state(name);
    }

    private static String text(Instant at) {
        return at == null ? "" : at.toString();
    }
}
