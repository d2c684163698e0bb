package io.waybill.bench;

import io.waybill.engine.Engine;
import io.waybill.order.Outcome;
import io.waybill.route.Tally;
import io.waybill.settings.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Waybill as it is run: its routes, mappings and settings. */
final class WaybillContender implements Contender, Tally {

    private final Semaphore completed = new Semaphore(0);
    private final Settings settings = Settings.load(System.getProperties(), Map.of());
    private final Engine engine = Engine.start(settings, this);

    @Override
    public Path inbox() {
        return settings.path("waybill.inbox");
    }

    @Override
    public void ship(int orders) throws InterruptedException {
        long commits = engine.ledger().commits();
        completed.acquire(orders);
        System.err.println("bench: " + (engine.ledger().commits() - commits) + " commits for " + orders + " orders");
    }

    @Override
    public long known() {
        return engine.ledger().queries().counts().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    @Override
    public void close() {
        engine.close();
    }

    @Override
    public void called(String carrier, Outcome outcome) {
        // only what is completed counts
    }

    @Override
    public void settled(Settled settled) {
        if (!settled.state().equals("completed")) {
            System.err.println("bench: " + settled);
        } else {
            completed.release();
        }
    }

    @Override
    public void duplicate() {
        // there are none
    }
}
