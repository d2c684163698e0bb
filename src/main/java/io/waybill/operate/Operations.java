package io.waybill.operate;

import io.waybill.ledger.Ledger;
import io.waybill.ledger.Queries;
import io.waybill.order.OrderKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The MBean {@code io.waybill:type=Operations}, see {@link OperationsMBean}, and those of the carriers. */
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
    private final Map<String, Carrier> carriers = new TreeMap<>();
    private final Resolver resolver;
    private final List<Registered> registered = new ArrayList<>();

    private Operations(Ledger ledger, Set<String> carriers, Resolver resolver) {
        this.queries = ledger.queries();
        this.resolver = resolver;
        carriers.forEach(carrier -> this.carriers.put(carrier, new Carrier(carrier, ledger)));
    }

    /** Registers the MBean, and one for each carrier. */
    public static Operations register(Ledger ledger, Set<String> carriers, Resolver resolver) {
        Operations operations = new Operations(ledger, carriers, resolver);
        operations.registered.add(Registered.as(NAME, operations));
        operations.carriers.forEach(
                (name, carrier) -> operations.registered.add(Registered.as(Carrier.NAME + name, carrier)));
        return operations;
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
                        stored.updatedAt().toString()))
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
    public String pause(String carrier, String user, String reason) {
        return carrier(carrier).pause(user, reason);
    }

    @Override
    public String resume(String carrier, String user, String reason) {
        return carrier(carrier).resume(user, reason);
    }

    @Override
    public void close() {
        registered.forEach(Registered::close);
    }

    private Carrier carrier(String name) {
        Carrier carrier = carriers.get(name);
        if (carrier == null) {
            throw new IllegalArgumentException(
                    "no such carrier; expected one of " + String.join(", ", carriers.keySet()));
        }
        return carrier;
    }
}
