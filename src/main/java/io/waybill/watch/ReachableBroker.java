package io.waybill.watch;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Where there is a broker: ready only while it takes a connection within two seconds. */
final class ReachableBroker extends AbstractHealthCheck {

    static final String ID = "broker";

    /** Bound only where a broker is configured. */
    static final String CONNECTIONS = "broker";

    private final Asked broker = new Asked("the broker");

    ReachableBroker() {
        super("waybill", ID);
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        ConnectionFactory connections =
                getCamelContext().getRegistry().lookupByNameAndType(CONNECTIONS, ConnectionFactory.class);
        if (connections == null) {
            builder.detail("configured", false).up();
            return;
        }
        String fault = broker.fault(() -> {
            try (Connection connection = connections.createConnection()) {
                connection.start();
                return true;
            }
        });
        if (fault.isEmpty()) {
            builder.up();
        } else {
            builder.message(fault).down();
        }
    }
}
