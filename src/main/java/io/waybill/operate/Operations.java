package io.waybill.operate;

import io.waybill.ledger.Queries;
import io.waybill.order.OrderKey;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The MBean {@code io.waybill:type=Operations}; see {@link OperationsMBean}. */
public final class Operations implements OperationsMBean, AutoCloseable {

    static final String NAME = "io.waybill:type=Operations";

    /** Carries out what an operator decided about an order in doubt. */
    public interface Resolver {

        /**
         * Decides.
         *
         * @throws RuntimeException with a sentence for the operator if it cannot be done
         */
        void resolve(OrderKey key, String decision, String carrierOrderId, String user, String reason);
    }

    private final Queries queries;
    private final Resolver resolver;

    private Operations(Queries queries, Resolver resolver) {
        this.queries = queries;
        this.resolver = resolver;
    }

    /** Registers the MBean. */
    public static Operations register(Queries queries, Resolver resolver) {
        Operations operations = new Operations(queries, resolver);
        operations.unregister();
        try {
            server().registerMBean(operations, new ObjectName(NAME));
            return operations;
        } catch (JMException e) {
            throw new IllegalStateException("register '" + NAME + "': " + e.getMessage(), e);
        }
    }

    @Override
    public Map<String, Long> getOrders() {
        return queries.counts();
    }

    @Override
    public List<String> listInDoubt() {
        return queries.inDoubt().stream()
                .map(stored -> String.join(
                        "\t",
                        stored.key().orderId(),
                        stored.key().account(),
                        Integer.toString(stored.key().reissue()),
                        stored.carrier(),
                        stored.updatedAt().toString(),
                        queries.callInDoubt(stored.key()).orElse("-")))
                .toList();
    }

    @Override
    public String resolve(
            String account,
            String orderId,
            int reissue,
            String decision,
            String carrierOrderId,
            String user,
            String reason) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        try {
            resolver.resolve(key, decision, carrierOrderId, user, reason);
            return "order " + key + ": " + decision + " accepted";
        } catch (RuntimeException e) {
            // only the sentence travels: classes of ours are not known to a JMX client
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    @Override
    public void close() {
        unregister();
    }

    private void unregister() {
        try {
            ObjectName name = new ObjectName(NAME);
            if (server().isRegistered(name)) {
                server().unregisterMBean(name);
            }
        } catch (JMException e) {
            throw new IllegalStateException("unregister '" + NAME + "': " + e.getMessage(), e);
        }
    }

    private static MBeanServer server() {
        return ManagementFactory.getPlatformMBeanServer();
    }
}
