package io.waybill.watch;

import io.waybill.ledger.Database;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Ready only while the ledger's database answers within two seconds. */
final class ReachableDatabase extends AbstractHealthCheck {

    static final String ID = "database";
    static final String DATA_SOURCE = "ledgerDb";

    private final Asked database = new Asked("the database");

    ReachableDatabase() {
        super("waybill", ID);
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        DataSource pool = getCamelContext().getRegistry().lookupByNameAndType(DATA_SOURCE, DataSource.class);
        String fault = pool == null
                ? "no database '%s' is bound".formatted(DATA_SOURCE)
                : database.fault(() -> Database.answers(pool, Asked.PATIENCE));
        if (fault.isEmpty()) {
            builder.up();
        } else {
            builder.message(fault).down();
        }
    }
}
