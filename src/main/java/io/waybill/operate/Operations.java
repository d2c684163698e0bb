package io.waybill.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.access.Login;
import io.waybill.access.Visible;
import io.waybill.ledger.Audit;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.Queries;
import io.waybill.order.OrderKey;
import io.waybill.sink.LabelAudit;
import io.waybill.watch.OrderMetrics;
import io.waybill.watch.Watch;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** The MBean {@code io.waybill:type=Operations}, see {@link OperationsMBean}, and those of the carriers. */
public final class Operations implements OperationsMBean, AutoCloseable {

    static final String NAME = "io.waybill:type=Operations";

    /** Before the first order. */
    private static final OrderKey START = new OrderKey("", "", -1);

    /** How many lines a list has at most. */
    static final int LISTED = 1000;

    /** How long one page of an audit takes: a client waits a minute at most. */
    private static final Duration PAGE = Duration.ofSeconds(10);

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

    /** Takes up edited carrier folders. */
    public interface Reloader {

        /** One sentence for each folder that was edited; who asked and why stay in the history of what was taken up. */
        List<String> reload(String user, String reason);
    }

    /**
     * What others do for an operator.
     *
     * @param rehearsal what a replay of an order would send beside what was sent, with a sentence under {@code says}
     * @param outbox where the answers are
     * @param camel whose routes they are
     */
    public record Doing(
            Resolver resolver,
            Canceller canceller,
            Reloader reloader,
            Function<OrderKey, ObjectNode> rehearsal,
            Path outbox,
            Supplier<CamelContext> camel) {}

    private final Ledger ledger;
    private final Queries queries;
    private final Watch watch;
    private final Reconciliation reconciliation;
    private final RoutesByHand routes;
    private final Map<String, Carrier> carriers = new TreeMap<>();
    private final Resolver resolver;
    private final Canceller canceller;
    private final Reloader reloader;
    private final Function<OrderKey, ObjectNode> rehearsal;
    private final List<Registered> registered = new ArrayList<>();

    private Operations(Ledger ledger, OrderMetrics metrics, Watch watch, Doing doing) {
        this.ledger = ledger;
        this.queries = ledger.queries();
        this.resolver = doing.resolver();
        this.canceller = doing.canceller();
        this.reloader = doing.reloader();
        this.rehearsal = doing.rehearsal();
        this.watch = watch;
        this.reconciliation = new Reconciliation(queries, doing.outbox());
        this.routes = new RoutesByHand(doing.camel(), ledger);
        metrics.carriers().forEach(carrier -> carriers.put(carrier, new Carrier(carrier, ledger, metrics)));
    }

    /** Registers the MBean, and one for each carrier. */
    public static Operations register(Ledger ledger, OrderMetrics metrics, Watch watch, Doing doing) {
        Operations operations = new Operations(ledger, metrics, watch, doing);
        operations.registered.add(Registered.as(NAME, SayingBean.of(operations, OperationsMBean.class)));
        operations.carriers.forEach((name, carrier) -> operations.registered.add(
                Registered.as(Carrier.NAME + name, SayingBean.of(carrier, CarrierMBean.class))));
        return operations;
    }

    @Override
    public Map<String, Long> getOrders() {
        return queries.counts();
    }

    @Override
    public long getOldestWaitingSeconds() {
        return watch.oldest("waiting").toSeconds();
    }

    @Override
    public long getOldestInDoubtSeconds() {
        return watch.oldest("in-doubt").toSeconds();
    }

    @Override
    public Map<String, Long> getDeadLetters() {
        return new TreeMap<>(watch.figures().deadLetters());
    }

    @Override
    public List<Map<String, Object>> listInDoubt() {
        return queries.inDoubt().stream()
                .map(stored -> Row.of(
                        stored.key(),
                        "carrier",
                        stored.carrier(),
                        "since",
                        stored.updatedAt(),
                        "call",
                        queries.callInDoubt(stored.key()).orElse(null)))
                .toList();
    }

    @Override
    public List<Map<String, Object>> listWaiting() {
        return queries.waiting(LISTED).stream()
                .map(stored -> Row.of(
                        stored.key(),
                        "carrier",
                        stored.carrier(),
                        "state",
                        stored.state(),
                        "attempts",
                        stored.attempts(),
                        "due",
                        stored.dueAt()))
                .toList();
    }

    @Override
    public List<Map<String, Object>> listDeadLetters(String cause) {
        return queries.deadLetters(cause, LISTED).stream()
                .map(dead -> Row.of(
                        dead.key(),
                        "stage",
                        dead.stage(),
                        "cause",
                        dead.cause(),
                        "at",
                        dead.at(),
                        "file",
                        dead.file(),
                        "message",
                        dead.message()))
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
    public String replay(String account, String orderId, int reissue, String reason) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        reasoned("order " + key, reason);
        if (!ledger.replay(key, why(reason))) {
            throw new IllegalArgumentException(notReplayed(key));
        }
        return replayed(key);
    }

    private static String replayed(OrderKey key) {
        return "order " + key + ": begins again where it stopped";
    }

    private String notReplayed(OrderKey key) {
        return "order " + key + ": "
                + queries.find(key)
                        .map(stored -> stored.forgottenAt() != null
                                ? "its content was removed, since it is old; it may come again as a file"
                                : "it is no dead letter but " + stored.state())
                        .orElse("nobody knows it");
    }

    @Override
    public List<String> replayCause(String cause, String reason) {
        reasoned("cause '" + cause + "'", reason);
        return dead(cause).stream().map(key -> replayed(key, reason)).toList();
    }

    @Override
    public Map<String, Object> replayCauseAfter(
            String cause, String account, String orderId, int reissue, String reason) {
        reasoned("cause '" + cause + "'", reason);
        return walkDead(cause, new OrderKey(account, orderId, reissue), key -> replayed(key, reason));
    }

    private String replayed(OrderKey key, String reason) {
        return ledger.replay(key, why(reason)) ? replayed(key) : notReplayed(key);
    }

    @Override
    public String dryRun(String account, String orderId, int reissue) {
        return rehearsed(new OrderKey(account, orderId, reissue)).toPrettyString();
    }

    @Override
    public List<String> dryRunCause(String cause) {
        return dead(cause).stream().map(this::difference).toList();
    }

    @Override
    public Map<String, Object> dryRunCauseAfter(String cause, String account, String orderId, int reissue) {
        return walkDead(cause, new OrderKey(account, orderId, reissue), this::difference);
    }

    private String difference(OrderKey key) {
        ObjectNode told;
        try {
            told = rehearsed(key);
        } catch (IllegalArgumentException meanwhile) {
            return Row.visible(meanwhile.getMessage());
        }
        JsonNode faults = told.path("faults");
        return "order " + key + ": " + Row.visible(told.path("says").asText())
                + (faults.isEmpty() ? "" : ": " + Row.visible(faults.path(0).asText()));
    }

    private ObjectNode rehearsed(OrderKey key) {
        try {
            return rehearsal.apply(key);
        } catch (RuntimeException e) {
            // only the sentence travels: classes of ours are not known to a JMX client
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    private List<OrderKey> dead(String cause) {
        return queries.deadAfter(named(cause), START, LISTED);
    }

    private Map<String, Object> walkDead(String cause, OrderKey from, Function<OrderKey, String> look) {
        String named = named(cause);
        return walk(
                from,
                new ArrayList<>(),
                last -> queries.deadAfter(named, last, LISTED),
                key -> List.of(look.apply(key)));
    }

    private static String named(String cause) {
        if (cause == null || cause.isBlank()) {
            throw new IllegalArgumentException("a cause is needed; listDeadLetters shows them");
        }
        return cause;
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
    public Map<String, Object> auditAfter(String account, String orderId, int reissue) {
        return walk(new OrderKey(account, orderId, reissue), new ArrayList<>(), this::next, this::broken);
    }

    @Override
    public Map<String, Object> reconcileAfter(String account, String orderId, int reissue, boolean answers) {
        List<String> findings = new ArrayList<>(account.isEmpty() ? reconciliation.strays(answers) : List.of());
        OrderKey from = new OrderKey(account, orderId, reissue);
        return walk(from, findings, this::next, key -> reconciliation.of(key, answers));
    }

    @Override
    public List<Map<String, Object>> report(String from, String to) {
        return queries.books().sums(instant(from), instant(to)).stream()
                .map(sum -> Row.of(
                        "account",
                        sum.account(),
                        "carrier",
                        sum.carrier(),
                        "currency",
                        sum.currency(),
                        "orders",
                        sum.orders(),
                        "charges",
                        money(sum.charges()),
                        "estimates",
                        money(sum.estimates()),
                        "refunds",
                        money(sum.refunds()),
                        "net",
                        money(sum.net()),
                        "open",
                        sum.open()))
                .toList();
    }

    /** Exactly, with two decimals at least. */
    private static String money(BigDecimal amount) {
        BigDecimal shortest = amount.stripTrailingZeros();
        return shortest.setScale(Math.max(2, shortest.scale())).toPlainString();
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "': expected a time such as 2026-11-01T00:00:00Z");
        }
    }

    private List<OrderKey> next(OrderKey last) {
        return queries.after(last, LISTED);
    }

    /** The orders behind one, for as long as a page may take. */
    private static Map<String, Object> walk(
            OrderKey from,
            List<String> findings,
            Function<OrderKey, List<OrderKey>> next,
            Function<OrderKey, List<String>> look) {
        long until = System.nanoTime() + PAGE.toNanos();
        OrderKey last = from;
        long looked = 0;
        List<OrderKey> keys = next.apply(last);
        while (!keys.isEmpty()) {
            for (OrderKey key : keys) {
                findings.addAll(look.apply(key));
                last = key;
                looked++;
                if (System.nanoTime() > until || findings.size() >= LISTED) {
                    return page(looked, findings, last);
                }
            }
            keys = next.apply(last);
        }
        return page(looked, findings, START);
    }

    private static Map<String, Object> page(long looked, List<String> findings, OrderKey last) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("looked", looked);
        page.put("findings", findings);
        page.put("account", last.account());
        page.put("order", last.orderId());
        page.put("reissue", last.reissue());
        return page;
    }

    @Override
    public String resolve(
            String account, String orderId, int reissue, String decision, String carrierOrderId, String reason) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        return told(() -> {
            resolver.resolve(key, decision, carrierOrderId, Login.currentUser(), reason);
            return "order " + key + ": " + decision + " accepted";
        });
    }

    @Override
    public String cancel(String account, String orderId, int reissue, String reason) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        reasoned("order " + key, reason);
        return told(() -> canceller.cancel(key, Login.currentUser(), reason));
    }

    @Override
    public String settleCancel(String account, String orderId, int reissue, boolean cancelled, String reason) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        reasoned("order " + key, reason);
        return told(() -> canceller.settle(key, cancelled, Login.currentUser(), reason));
    }

    /** Only the sentence of a failure travels: classes of ours are not known to a JMX client. */
    private static String told(Callable<String> decision) {
        try {
            return decision.call();
        } catch (Exception e) {
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

    private static String why(String reason) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("by", Row.visible(Login.currentUser()))
                .put("reason", Row.visible(reason))
                .toString();
    }

    @Override
    public String pause(String carrier, String reason) {
        return carrier(carrier).pause(reason);
    }

    @Override
    public List<Map<String, Object>> listPushes(String state) {
        return queries.pushes(state, LISTED).stream()
                .map(push -> Row.of(
                        "push",
                        push.id().substring(0, 12),
                        "carrier",
                        push.carrier(),
                        "account",
                        push.account(),
                        "received",
                        push.receivedAt(),
                        "attempts",
                        push.attempts(),
                        "aside",
                        push.detail()))
                .toList();
    }

    @Override
    public String replayPush(String id, String reason) {
        reasoned("push", reason);
        if (id == null || !id.matches("[0-9a-f]{12,64}")) {
            throw new IllegalArgumentException("a push is named by the first twelve characters of its id");
        }
        if (!ledger.pushes().replay(id, Row.visible(Login.currentUser()), Row.visible(reason))) {
            throw new IllegalArgumentException("push " + id + ": nothing of it was put aside");
        }
        return "push " + id + ": is applied once more";
    }

    @Override
    public String resume(String carrier, String reason) {
        return carrier(carrier).resume(reason);
    }

    @Override
    public List<Map<String, Object>> listRoutes() {
        return routes.list();
    }

    @Override
    public String stopRoute(String route, String reason) {
        reasoned("route " + Visible.text(route), reason);
        return told(() -> routes.stop(route, reason));
    }

    @Override
    public String startRoute(String route, String reason) {
        reasoned("route " + Visible.text(route), reason);
        return told(() -> routes.start(route, reason));
    }

    @Override
    public List<String> reloadMappings(String reason) {
        reasoned("mappings", reason);
        return reloader.reload(Row.visible(Login.currentUser()), Row.visible(reason)).stream()
                .map(Row::visible)
                .toList();
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
