package io.waybill.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets an H2 file use its free room again while it is open.
 *
 * <ol>
 *   <li>Each commit appends what it changed, whole pages, and what it replaced is free. H2 makes room of that in the thread that
 *       writes commits later, and has no such thread where each commit is written at once ({@code WRITE_DELAY=0}): the file, and
 *       the list of its chunks in memory, would grow as long as the node runs.
 *   <li>So once a second, where more than half of the file is free, a little of what is valid in its emptiest chunks is written
 *       anew, and those are free as a whole. Writers wait meanwhile, so it is little.
 *   <li>H2 does not write over a chunk before it was free for 45 s ({@code RETENTION_TIME}): a kill finds the one or the other.
 * </ol>
 */
final class Compaction implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);
    /** In percent. */
    private static final int HALF = 50;

    private static final int AT_ONCE = 2 << 20;
    private static final int PAUSE_MS = 1_000;
    private static final int LONGEST_S = 10;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread one = new Thread(task, "waybill-compaction");
        one.setDaemon(true);
        return one;
    });

    /** Begins; of another database than an H2 file there is nothing to do. */
    Compaction(DataSource dataSource) {
        thread.scheduleWithFixedDelay(() -> some(dataSource), PAUSE_MS, PAUSE_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        // never interrupted: that would close the file under H2
        thread.shutdown();
        try {
            thread.awaitTermination(LONGEST_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void some(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            if (connection.isWrapperFor(JdbcConnection.class)
                    && connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session) {
                session.getDatabase().getStore().getMvStore().compact(HALF, AT_ONCE);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.debug("no room is made in the file of the ledger now; it is tried again", e);
        }
    }
}
