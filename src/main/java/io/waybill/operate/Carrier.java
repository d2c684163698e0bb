package io.waybill.operate;

import io.waybill.access.Login;
import io.waybill.ledger.CarrierState;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.Pauses;
import io.waybill.ledger.Queries;
import java.time.Instant;
import java.util.List;

/** The MBean of one carrier; see {@link CarrierMBean}. */
public final class Carrier implements CarrierMBean {

    static final String NAME = "io.waybill:type=Carrier,name=";

    private final String name;
    private final Ledger ledger;
    private final Pauses pauses;
    private final Queries queries;

    Carrier(String name, Ledger ledger) {
        this.name = name;
        this.ledger = ledger;
        this.pauses = ledger.pauses();
        this.queries = ledger.queries();
    }

    @Override
    public String getState() {
        return state().state();
    }

    @Override
    public String getSince() {
        return text(state().since());
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
    public List<String> listHistory() {
        return queries.carrierHistory(name).stream()
                .map(change ->
                        String.join("\t", change.at().toString(), change.state(), change.actor(), change.reason()))
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
