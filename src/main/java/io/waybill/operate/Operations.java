package io.waybill.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.access.Login;
import io.waybill.access.Visible;
import io.waybill.ledger.Conflicts;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.ledger.Queries;
import io.waybill.ledger.Strays;
import io.waybill.order.OrderKey;
import io.waybill.watch.OrderMetrics;
import io.waybill.watch.Watch;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /** Carries out what an operator decided about an order in doubt. */
    public interface Resolver {

        /**
         * Decides.
         *
         * @return why what is decided is not done at once, empty if it is
         * @throws RuntimeException with a sentence for the operator if it cannot be done
         */
        String resolve(OrderKey key, String decision, String carrierOrderId, String user, String reason);
    }

    /**
     * What became of a wish to cancel an order.
     *
     * @param state {@code requested}, {@code confirmed}, {@code refused}, {@code unsupported} or {@code in-doubt}
     * @param says the same as a sentence
     */
    public record Cancelled(String state, String says) {}

    /** Cancels orders; see {@link Resolver#resolve} for errors. */
    public interface Canceller {

        /** Cancels an order, or has it cancelled by its carrier. */
        Cancelled cancel(OrderKey key, String user, String reason);

        /** Says what became of a cancellation in doubt. */
        Cancelled settle(OrderKey key, boolean cancelled, String user, String reason);
    }

    /**
     * What became of an edited carrier folder.
     *
     * @param state {@code taken-up} or {@code refused}
     * @param says the same as a sentence
     */
    public record Reloaded(String carrier, String state, String says) {}

    /** Takes up edited carrier folders. */
    public interface Reloader {

        /** One for each folder that was edited; who asked and why stay in the history of what was taken up. */
        List<Reloaded> reload(String user, String reason);
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

    private final Queries queries;
    private final Watch watch;
    private final Lists lists;
    private final Replays replays;
    private final Conflicts conflicts;
    private final Strays strays;
    private final DryRuns dryRuns;
    private final Audits audits;
    private final Report report;
    private final RoutesByHand routes;
    private final Map<String, Carrier> carriers = new TreeMap<>();
    private final Resolver resolver;
    private final Canceller canceller;
    private final Reloader reloader;
    private final List<Registered> registered = new ArrayList<>();

    private Operations(Ledger ledger, OrderMetrics metrics, Watch watch, Doing doing) {
        this.queries = ledger.queries();
        this.watch = watch;
        DeadOrders dead = new DeadOrders(queries.deadLetters());
        this.lists = new Lists(queries);
        this.replays = new Replays(ledger, dead);
        this.conflicts = ledger.conflicts();
        this.strays = ledger.strays();
        this.dryRuns = new DryRuns(doing.rehearsal(), dead);
        this.audits = new Audits(queries, new Reconciliation(queries, doing.outbox()));
        this.report = new Report(queries.books());
        this.routes = new RoutesByHand(doing.camel(), ledger);
        this.resolver = doing.resolver();
        this.canceller = doing.canceller();
        this.reloader = doing.reloader();
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
        return lists.inDoubt();
    }

    @Override
    public List<Map<String, Object>> listWaiting() {
        return lists.waiting();
    }

    @Override
    public List<Map<String, Object>> listDeadLetters(String cause) {
        return lists.deadLetters(cause);
    }

    @Override
    public String trace(String account, String orderId, int reissue) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        return queries.trail()
                .of(key)
                .map(ObjectNode::toPrettyString)
                .orElseThrow(() -> new IllegalArgumentException("order " + key + ": "
                        + queries.trail().neverAccepted(key).orElse("nobody knows it")));
    }

    @Override
    public String replay(String account, String orderId, int reissue, String reason) {
        return told(() -> replays.replay(new OrderKey(account, orderId, reissue), reason));
    }

    @Override
    public List<String> replayCause(String cause, String reason) {
        return told(() -> replays.replayCause(cause, reason));
    }

    @Override
    public Map<String, Object> replayCauseAfter(
            String cause, String account, String orderId, int reissue, String reason) {
        return told(() -> replays.replayCauseAfter(cause, new OrderKey(account, orderId, reissue), reason));
    }

    @Override
    public String dismiss(String account, String orderId, int reissue, String reason) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        Reason given = Reason.given("order " + key, reason);
        return told(
                () -> "order " + key + ": dismissed, dead letters: " + conflicts.dismiss(key, given.by(), given.why()));
    }

    @Override
    public String dismissLetter(String letter, String reason) {
        if (letter == null || !letter.matches("[0-9a-f]{12}")) {
            throw new IllegalArgumentException("a dead letter is named by its id, twelve characters of 0-9 and a-f");
        }
        Reason given = Reason.given("dead letter " + letter, reason);
        return told(() -> {
            strays.dismiss(letter, given.by(), given.why());
            return "dead letter " + letter + ": dismissed";
        });
    }

    @Override
    public String dryRun(String account, String orderId, int reissue) {
        return dryRuns.dryRun(new OrderKey(account, orderId, reissue));
    }

    @Override
    public List<String> dryRunCause(String cause) {
        return dryRuns.dryRunCause(cause);
    }

    @Override
    public Map<String, Object> dryRunCauseAfter(String cause, String account, String orderId, int reissue) {
        return dryRuns.dryRunCauseAfter(cause, new OrderKey(account, orderId, reissue));
    }

    @Override
    public List<String> audit(String account, String orderId, int reissue) {
        return audits.audit(new OrderKey(account, orderId, reissue));
    }

    @Override
    public Map<String, Object> auditAfter(String account, String orderId, int reissue) {
        return audits.auditAfter(new OrderKey(account, orderId, reissue));
    }

    @Override
    public Map<String, Object> reconcileAfter(String account, String orderId, int reissue, boolean answers) {
        return audits.reconcileAfter(new OrderKey(account, orderId, reissue), answers);
    }

    @Override
    public List<Map<String, Object>> report(String from, String to) {
        return report.of(from, to);
    }

    @Override
    public String resolve(
            String account, String orderId, int reissue, String decision, String carrierOrderId, String reason) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        return told(() -> {
            String later = resolver.resolve(key, decision, carrierOrderId, Login.currentUser(), reason);
            return "order " + key + ": " + decision + " accepted" + (later.isEmpty() ? "" : "; " + later);
        });
    }

    @Override
    public Map<String, Object> cancel(String account, String orderId, int reissue, String reason) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        Reason given = Reason.given("order " + key, reason);
        return row(key, told(() -> canceller.cancel(key, given.user(), given.text())));
    }

    @Override
    public Map<String, Object> settleCancel(
            String account, String orderId, int reissue, boolean cancelled, String reason) {
        OrderKey key = new OrderKey(account, orderId, reissue);
        Reason given = Reason.given("order " + key, reason);
        return row(key, told(() -> canceller.settle(key, cancelled, given.user(), given.text())));
    }

    private static Map<String, Object> row(OrderKey key, Cancelled cancelled) {
        return Row.of(key, "state", cancelled.state(), "says", cancelled.says());
    }

    /** Only the sentence of a failure travels: classes of ours are not known to a JMX client. */
    private static <T> T told(Callable<T> decision) {
        try {
            return decision.call();
        } catch (LedgerUnavailable away) {
            throw new IllegalStateException(away.forPeople());
        } catch (Exception e) {
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    @Override
    public String pause(String carrier, String reason) {
        return carrier(carrier).pause(reason);
    }

    @Override
    public String resume(String carrier, String reason) {
        return carrier(carrier).resume(reason);
    }

    @Override
    public List<Map<String, Object>> listPushes(String state) {
        return lists.pushes(state);
    }

    @Override
    public String replayPush(String id, String reason) {
        return told(() -> replays.replayPush(id, reason));
    }

    @Override
    public List<Map<String, Object>> listRoutes() {
        return routes.list();
    }

    @Override
    public String stopRoute(String route, String reason) {
        Reason given = Reason.given("route " + Visible.text(route), reason);
        return told(() -> routes.stop(route, given));
    }

    @Override
    public String startRoute(String route, String reason) {
        Reason given = Reason.given("route " + Visible.text(route), reason);
        return told(() -> routes.start(route, given));
    }

    @Override
    public String switchTrace(boolean on, String reason) {
        Reason given = Reason.given("trace", reason);
        return told(() -> routes.trace(on, given));
    }

    @Override
    public List<Map<String, Object>> reloadMappings(String reason) {
        Reason given = Reason.given("mappings", reason);
        return reloader.reload(given.by(), given.why()).stream()
                .map(each -> Row.of("carrier", each.carrier(), "state", each.state(), "says", each.says()))
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
