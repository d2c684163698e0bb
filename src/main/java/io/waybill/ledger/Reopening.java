package io.waybill.ledger;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Opens an H2 database again that closed itself, since its disk was full.
 *
 * <p>H2 answers nothing else any more until the last connection to it is gone; so all of them go, and then new ones come.
 */
final class Reopening implements SQLExceptionOverride {

    private static final String CLOSED = "90098";
    private static final int LONGEST_WAIT_MS = 5_000;
    private static final int LOOK_MS = 10;

    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile HikariDataSource pool;

    void of(HikariDataSource opened) {
        pool = opened;
    }

    @java.lang.Override
    public Override adjudicate(SQLException e) {
        if (!CLOSED.equals(e.getSQLState())) {
            return Override.CONTINUE_EVICT;
        }
        if (pool != null && busy.compareAndSet(false, true)) {
            Thread thread = new Thread(this::reopen, "waybill-reopen");
            thread.setDaemon(true);
            thread.start();
        }
        return Override.MUST_EVICT;
    }

    private void reopen() {
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        connections.suspendPool();
        try {
            for (int waited = 0; connections.getTotalConnections() > 0 && waited < LONGEST_WAIT_MS; waited += LOOK_MS) {
                connections.softEvictConnections();
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.resumePool();
            busy.set(false);
        }
    }
}
