package io.waybill.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * The journal of every order, and the one place that says who may work on it.
 *
 * <ol>
 *   <li>{@link #accept} makes an order durable; its identity is taken for ever.
 *   <li>The node that accepted it works on it by its {@link Claim}; a node with its hands full leaves it to be due.
 *   <li>{@link #takeDue} takes what is due and nobody's, by compare-and-set on the order's epoch and history hash.
 *   <li>Writes of many orders share a commit ({@link GroupCommit}); while the database is away they wait for it.
 *   <li>{@link #recover} gives back what a dead node held: what was sent is in doubt, the rest is due.
 * </ol>
 */
public final class Ledger implements AutoCloseable {

    private static final int GROUP = 64;
    private static final long LONGEST_PAUSE_MS = 5_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GroupCommit commits;
    private final Queries queries;
    private final Nodes nodes;
    private final OrderParser parser;
    private final Clock clock;
    private final Semaphore free;
    private final Map<OrderKey, Claim> claims = new ConcurrentHashMap<>();
    private volatile boolean open = true;

    /**
     * Opens the ledger for a node and announces it.
     *
     * @param node the node's name, the same after a restart
     * @param mostClaims how many orders this node works on at once
     */
    public Ledger(DataSource dataSource, String node, int mostClaims, OrderParser parser, Clock clock) {
        this.commits = new GroupCommit(dataSource, GROUP);
        this.queries = new Queries(dataSource);
        this.nodes = new Nodes(dataSource, node);
        this.parser = parser;
        this.clock = clock;
        this.free = new Semaphore(mostClaims);
    }

    /** Makes an order durable; the answer comes when it is. */
    public CompletableFuture<Acceptance> accept(Order order) {
        boolean mine = !claims.containsKey(order.key()) && free.tryAcquire();
        Instant now = now();
        String fingerprint = order.fingerprint();
        History first =
                History.after(0, History.NONE, now, "accepted", "{\"fingerprint\":\"" + fingerprint + "\"}", node());
        Sql guard = Statements.insertOrder(order, fingerprint, mine ? owner() : null, now, first);
        Write write = new Write(order.key().text(), guard, List.of(first.row(order.key())));
        return commits.submit(write)
                .whenComplete((held, failure) -> {
                    if (mine && (failure != null || !held)) {
                        free.release();
                    }
                })
                .thenCompose(held -> held
                        ? CompletableFuture.completedFuture(new Acceptance.Accepted(
                                mine ? hold(new Claim(this, order, 1, first, first.at())) : null))
                        : CompletableFuture.supplyAsync(() -> knownBefore(order, fingerprint)));
    }

    /** The claim of an order that this node is working on. */
    public Optional<Claim> claim(OrderKey key) {
        return Optional.ofNullable(claims.get(key));
    }

    /** Takes orders that are due and nobody's, the longest due first, as many as this node has hands for. */
    public List<Claim> takeDue(int most) {
        List<CompletableFuture<Optional<Claim>>> taken = new ArrayList<>();
        for (Stored stored : queries.due(now(), Math.min(most, free.availablePermits()))) {
            if (free.tryAcquire()) {
                taken.add(take(stored, parser.parse(stored.key(), stored.payload(), stored.source()), "taken"));
            }
        }
        return taken.stream()
                .map(CompletableFuture::join)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Gives back what dead nodes, this one's former lives among them, were working on. */
    public Recovery recover() {
        int inDoubt = 0;
        int resumed = 0;
        for (Stored stored : queries.ownedBy(nodes.dead())) {
            boolean sent = queries.steps(stored.key()).stream()
                    .anyMatch(step -> step.state().equals(Step.SENT));
            if (giveBack(stored, sent)) {
                inDoubt += sent ? 1 : 0;
                resumed += sent ? 0 : 1;
            }
        }
        return new Recovery(inDoubt, resumed);
    }

    /** How many orders this node can still take. */
    public int free() {
        return free.availablePermits();
    }

    /** How many commits this ledger made since it was opened. */
    public long commits() {
        return commits.commits();
    }

    /** What can be asked without changing anything. */
    public Queries queries() {
        return queries;
    }

    /** Writes one row that belongs to no claim, such as the dead letter of an order that was never accepted. */
    public void append(Sql row) {
        await(commits.submit(new Write(row.text(), row, List.of())));
    }

    @Override
    public void close() {
        open = false;
        commits.close();
        nodes.close();
    }

    Instant now() {
        return clock.instant();
    }

    String node() {
        return nodes.name();
    }

    String owner() {
        return nodes.token();
    }

    void release(Claim claim) {
        if (claims.remove(claim.key(), claim)) {
            free.release();
        }
    }

    /** Waits for the database as long as the node runs; a commit whose acknowledgement was lost is found again by its hash. */
    void write(OrderKey key, String what, Write write, History row) {
        for (long pause = 50; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
            try {
                if (!await(commits.submit(write)) && !row.hash().equals(queries.historyHash(key))) {
                    throw new Fenced(key, what);
                }
                return;
            } catch (LedgerUnavailable e) {
                if (!open || !pause(pause)) {
                    throw e;
                }
            }
        }
    }

    private Acceptance knownBefore(Order order, String fingerprint) {
        Stored stored = queries.find(order.key()).orElseThrow();
        boolean same = stored.fingerprint().equals(fingerprint);
        if (stored.state().equals("dead-letter") && (same || !queries.booked(order.key()))) {
            free.acquireUninterruptibly();
            return new Acceptance.Accepted(
                    take(stored, order, same ? "replayed" : "corrected").join().orElse(null));
        }
        if (!same) {
            return new Acceptance.Conflict(stored, fingerprint);
        }
        commits.submit(new Write(order.key().text(), Statements.countDuplicate(order.key()), List.of()));
        return new Acceptance.Duplicate(stored);
    }

    private CompletableFuture<Optional<Claim>> take(Stored stored, Order content, String what) {
        History row = History.after(
                stored.historySeq(),
                stored.historyHash(),
                now(),
                what,
                "{\"fingerprint\":\"" + content.fingerprint() + "\"}",
                node());
        Sql guard = Statements.take(stored, content, owner(), row);
        Write write = new Write(stored.key().text(), guard, List.of(row.row(stored.key())));
        Claim claim = new Claim(this, content, stored.epoch() + 1, row, stored.acceptedAt());
        // what was done is read first: an order that is taken and then cannot be read would be nobody's
        return CompletableFuture.supplyAsync(() ->
                        claim.remember(stored, queries.steps(stored.key()), json(queries.result(stored.key(), "book"))))
                .thenCompose(known -> commits.submit(write))
                .handle((held, failure) -> {
                    if (failure != null || !held) {
                        free.release();
                        return Optional.empty();
                    }
                    return Optional.of(hold(claim));
                });
    }

    private boolean giveBack(Stored stored, boolean sent) {
        History row = History.after(
                stored.historySeq(), stored.historyHash(), now(), sent ? "in-doubt" : "given-back", "{}", node());
        OrderState to = new OrderState(
                sent ? "in-doubt" : stored.state(),
                stored.carrier(),
                stored.service(),
                stored.rule(),
                stored.carrierReference(),
                stored.shipment(),
                null,
                stored.attempts(),
                sent ? null : now());
        List<Sql> effects = new ArrayList<>();
        if (sent) {
            effects.add(Statements.updateStep(
                    stored.key(),
                    new Step("book", Step.IN_DOUBT, 1),
                    StepFacts.because("the node died after it began to ask the carrier"),
                    node(),
                    now()));
        }
        effects.add(row.row(stored.key()));
        Sql guard = Statements.updateOrder(stored.key(), to, stored.epoch(), stored.historyHash(), row);
        return await(commits.submit(new Write(stored.key().text(), guard, effects)));
    }

    private Claim hold(Claim claim) {
        claims.put(claim.key(), claim);
        return claim;
    }

    private static boolean await(CompletableFuture<Boolean> write) {
        try {
            return write.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    private static boolean pause(long milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static ObjectNode json(String text) {
        try {
            return text == null ? null : (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("ledger: a stored result is no JSON", e);
        }
    }
}
