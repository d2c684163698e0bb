package io.waybill.operate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Audit;
import io.waybill.ledger.Buried;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.Queries;
import io.waybill.order.OrderKey;
import io.waybill.sink.LabelAudit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The MBean {@code io.waybill:type=Operations}, see {@link OperationsMBean}, and those of the carriers. */
public final class Operations implements OperationsMBean, AutoCloseable {

    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}]");

    static final String NAME = "io.waybill:type=Operations";

    /** How many lines a list has at most. */
    static final int LISTED = 1000;

    /** Carries out what an operator decided about an order in doubt. */
    public interface Resolver {

        /**
         * Decides.
         *
         * @throws RuntimeException with a sentence for the operator if it cannot be done
         */
        void resolve(OrderKey key, String decision, String carrierOrderId, String user, String reason);
    }

    /** Cancels orders; see {@link Resolver#resolve} for errors. */
    public interface Canceller {

        /** Cancels an order, or has it cancelled by its carrier. */
        String cancel(OrderKey key, String user, String reason);

        /** Says what became of a cancellation in doubt. */
        String settle(OrderKey key, boolean cancelled, String user, String reason);
    }

    private final Ledger ledger;
    private final Queries queries;
    private final Map<String, Carrier> carriers = new TreeMap<>();
    private final Resolver resolver;
    private final Canceller canceller;
    private final List<Registered> registered = new ArrayList<>();

    private Operations(Ledger ledger, Set<String> carriers, Resolver resolver, Canceller canceller) {
        this.ledger = ledger;
        this.queries = ledger.queries();
        this.resolver = resolver;
        this.canceller = canceller;
        carriers.forEach(carrier -> this.carriers.put(carrier, new Carrier(carrier, ledger)));
    }

    /** Registers the MBean, and one for each carrier. */
    public static Operations register(Ledger ledger, Set<String> carriers, Resolver resolver, Canceller canceller) {
        Operations operations = new Operations(ledger, carriers, resolver, canceller);
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
                .map(stored -> line(
                        stored.key(),
                        stored.carrier(),
                        stored.updatedAt(),
                        queries.callInDoubt(stored.key()).orElse(null)))
                .toList();
    }

    @Override
    public List<String> listWaiting() {
        return queries.waiting(LISTED).stream()
                .map(stored -> line(stored.key(), stored.carrier(), stored.state(), stored.attempts(), stored.dueAt()))
                .toList();
    }

    @Override
    public List<String> listDeadLetters(String cause) {
        return queries.deadLetters(cause, LISTED).stream()
                .map(dead -> line(dead.key(), dead.stage(), dead.cause(), dead.at(), dead.file(), dead.message()))
                .toList();
    }

    @Override
    public String trace(String account, String orderId, int reissue) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        return queries.trail()
                .of(key)
                .map(ObjectNode::toPrettyString)
                .orElseThrow(() -> new IllegalArgumentException("order " + key + ": nobody knows it"));
    }

    @Override
    public String replay(String account, String orderId, int reissue, String user, String reason) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        reasoned("order " + key, reason);
        if (!ledger.replay(key, why(user, reason))) {
            throw new IllegalArgumentException("order " + key + ": "
                    + queries.find(key)
                            .map(stored -> "it is no dead letter but " + stored.state())
                            .orElse("nobody knows it"));
        }
        return "order " + key + ": begins again where it stopped";
    }

    @Override
    public List<String> replayCause(String cause, String user, String reason) {
        reasoned("cause '" + cause + "'", reason);
        if (cause.isBlank()) {
            throw new IllegalArgumentException("a cause is needed; listDeadLetters shows them");
        }
        return queries.deadLetters(cause, LISTED).stream()
                .filter(Buried::order)
                .map(Buried::key)
                .distinct()
                .map(key -> "order " + key + ": "
                        + (ledger.replay(key, why(user, reason))
                                ? "begins again where it stopped"
                                : "was not replayed; it is no dead letter any more"))
                .toList();
    }

    @Override
    public List<String> audit(String account, String orderId, int reissue) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        if (queries.find(key).isEmpty()) {
            throw new IllegalArgumentException("order " + key + ": nobody knows it");
        }
        return broken(key);
    }

    @Override
    public List<String> auditAll() {
        List<String> findings = new ArrayList<>();
        long orders = 0;
        List<OrderKey> keys = queries.after(new OrderKey("", "", -1), LISTED);
        while (!keys.isEmpty()) {
            for (OrderKey key : keys) {
                findings.addAll(findings.size() < LISTED ? broken(key) : List.of());
            }
            orders += keys.size();
            keys = queries.after(keys.get(keys.size() - 1), LISTED);
        }
        findings.add(orders + " orders looked at");
        return findings;
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
        return told(() -> {
            resolver.resolve(key, decision, carrierOrderId, user, reason);
            return "order " + key + ": " + decision + " accepted";
        });
    }

    @Override
    public String cancel(String account, String orderId, int reissue, String user, String reason) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        reasoned("order " + key, reason);
        return told(() -> canceller.cancel(key, user, reason));
    }

    @Override
    public String settleCancel(
            String account, String orderId, int reissue, boolean cancelled, String user, String reason) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        reasoned("order " + key, reason);
        return told(() -> canceller.settle(key, cancelled, user, reason));
    }

    /** Only the sentence of a failure travels: classes of ours are not known to a JMX client. */
    private static String told(Supplier<String> decision) {
        try {
            return decision.get();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    private List<String> broken(OrderKey key) {
        List<String> broken = new ArrayList<>(new Audit(queries).broken(key));
        broken.addAll(LabelAudit.broken(key, queries.trail().labels(key)));
        return broken;
    }

    private static void reasoned(String what, String reason) {
        if (reason == null || reason.isBlank()) {
            throw new IllegalArgumentException(what + ": a reason is needed; it stays in the history");
        }
    }

    private static String why(String user, String reason) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("by", visible(user))
                .put("reason", visible(reason))
                .toString();
    }

    private static String line(OrderKey key, Object... columns) {
        StringBuilder line = new StringBuilder(visible(key.orderId()))
                .append('\t')
                .append(key.account())
                .append('\t')
                .append(key.reissue());
        for (Object column : columns) {
            line.append('\t').append(column == null ? "-" : visible(column.toString()));
        }
        return line.toString();
    }

    /** What a terminal would stumble over, or what would break a line, is shown as a question mark. */
    private static String visible(String text) {
        return UNSAFE.matcher(text).replaceAll("?");
    }

    @Override
    public List<String> listPushes(String state) {
        return queries.pushes(state, LISTED).stream()
                .map(push -> String.join(
                        "\t",
                        push.id().substring(0, 12),
                        push.carrier(),
                        push.account(),
                        push.receivedAt().toString(),
                        String.valueOf(push.attempts()),
                        visible(push.detail())))
                .toList();
    }

    @Override
    public String replayPush(String id, String user, String reason) {
        reasoned("push", reason);
        if (id == null || !id.matches("[0-9a-f]{12,64}")) {
            throw new IllegalArgumentException("a push is named by the first twelve characters of its id");
        }
        if (!ledger.pushes().replay(id, visible(user), visible(reason))) {
            throw new IllegalArgumentException("push " + id + ": nothing of it was put aside");
        }
        return "push " + id + ": is applied once more";
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
