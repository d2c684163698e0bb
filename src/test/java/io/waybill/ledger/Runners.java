package io.waybill.ledger;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** As many threads as a test asks for; the common pool has too few to be concurrent. */
final class Runners {

    static final Executor THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "test-runner");
        thread.setDaemon(true);
        return thread;
    });

    private Runners() {}
}
