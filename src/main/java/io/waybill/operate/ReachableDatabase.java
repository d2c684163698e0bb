package io.waybill.operate;

import io.waybill.ledger.Database;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Ready only while the ledger's database answers within two seconds.
 *
 * <p>A pool may block much longer than that, so one thread asks and the caller waits. While a question is still open no
 * second one is put: a hanging database costs one thread, however often health is asked for.
 */
final class ReachableDatabase extends AbstractHealthCheck {

    static final String ID = "database";
    static final String DATA_SOURCE = "ledgerDb";

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private FutureTask<Boolean> question;

    ReachableDatabase() {
        super("waybill", ID);
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        DataSource database = getCamelContext().getRegistry().lookupByNameAndType(DATA_SOURCE, DataSource.class);
        String fault = database == null ? "no database '%s' is bound".formatted(DATA_SOURCE) : fault(database);
        if (fault.isEmpty()) {
            builder.up();
        } else {
            builder.message(fault).down();
        }
    }

    // one caller at a time: Camel holds a lock around a check
    private String fault(DataSource database) {
        if (question == null || question.isDone()) {
            question = ask(database);
        }
        try {
            boolean answered = question.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return answered ? "" : "the database does not answer";
        } catch (TimeoutException late) {
            return "the database did not answer within %d s".formatted(PATIENCE.toSeconds());
        } catch (ExecutionException failed) {
            return "the database cannot be reached: " + failed.getCause().getMessage();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return "interrupted while asking the database";
        }
    }

    private static FutureTask<Boolean> ask(DataSource database) {
        FutureTask<Boolean> question = new FutureTask<>(() -> Database.answers(database, PATIENCE));
        Thread thread = new Thread(question, "waybill-health-database");
        thread.setDaemon(true);
        thread.start();
        return question;
    }
}
