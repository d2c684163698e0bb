package io.waybill.ledger;

import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import io.waybill.order.Room;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;

/**
 * The journal of every order, and the one place that says who may work on it.
 *
 * <ol>
 *   <li>{@link #accept} makes an order durable; its identity is taken for ever.
 *   <li>The node that accepted it works on it by its {@link Claim}; a node with its hands full leaves it to be due.
 *   <li>{@link #takeDue} takes what is due and nobody's, by compare-and-set on the order's epoch and history hash; so does
 *       {@link #outOfTurn} the one order that a person or its carrier asks for.
 *   <li>Writes of many orders share a commit ({@link GroupCommit}); while the database is away they wait for it.
 *   <li>{@link #recover} gives back what nobody works on any more: what was sent is in doubt, the rest is due.
 * </ol>
 */
public final class Ledger implements AutoCloseable {

    private static final int GROUP = 256;
    private static final int HEAP_PART = 64;
    private static final int READERS = 4;
    private static final long LONGEST_STOP_MS = 5_000;

    private final GroupCommit commits;
    private final Compaction compaction;
    private final Queries queries;
    private final Alerts alerts;
    private final Nodes nodes;
    private final Clock clock;
    private final Writing writing;
    private final Hands hands;
    private final Bulkheads bulkheads;
    private final Pauses pauses;
    private final Pushes pushes;
    private final Parked parked;
    private final Followed followed;
    private final Taking taking;
    private final Accepting accepting;
    private final GivingBack givingBack;
    private final ExecutorService readers = Executors.newFixedThreadPool(READERS, task -> {
        Thread thread = new Thread(task, "waybill-ledger-reader");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Opens the ledger for a node and announces it.
     *
     * @param node the node's name, the same after a restart
     * @param mostClaims how many orders this node works on at once, fewer where the heap is too small for them
     */
    public Ledger(DataSource dataSource, String node, int mostClaims, OrderParser parser, Clock clock) {
        this(dataSource, node, mostClaims, Room.ofHeap(HEAP_PART), parser, clock);
    }

    /** @param room for the orders that this node works on */
    Ledger(DataSource dataSource, String node, int mostClaims, Room room, OrderParser parser, Clock clock) {
        this.nodes = new Nodes(dataSource, node, clock);
        this.commits = new GroupCommit(dataSource, GROUP);
        this.compaction = new Compaction(dataSource);
        this.queries = new Queries(dataSource);
        this.alerts = new Alerts(dataSource);
        this.clock = clock;
        this.writing = new Writing(commits, queries, nodes);
        this.hands = new Hands(mostClaims, room);
        this.bulkheads = new Bulkheads(mostClaims, clock);
        this.pauses = new Pauses(commits, queries, nodes, clock);
        this.pushes = new Pushes(commits, queries, clock);
        this.parked = new Parked(pauses, hands, bulkheads, mostClaims);
        this.followed = new Followed(hands, mostClaims);
        this.givingBack = new GivingBack(this, commits, queries, nodes, hands);
        this.taking = new Taking(this, commits, queries, hands, parser, givingBack, readers);
        this.accepting = new Accepting(this, commits, queries, hands, taking, readers);
        pauses.refresh();
    }

    /**
     * Makes an order durable; the answer comes when it is.
     *
     * @return completes with {@link LedgerUnavailable} if the database is away; the order may then be handed in again
     */
    public CompletableFuture<Acceptance> accept(Order order) {
        return accepting.accept(order);
    }

    /**
     * From now on an accepted order is nobody's until a node takes it by {@link #takeAccepted}: where its key travels by a queue
     * that several nodes read, nobody knows beforehand who that is.
     */
    public Ledger leaveAccepted() {
        accepting.leave();
        return this;
    }

    /** Whether accepted orders are nobody's at first. */
    public boolean leavesAccepted() {
        return accepting.leaves();
    }

    /** How long a request may still be on its way after the work on it broke off; only then the carrier is asked. */
    public Ledger settleFor(Duration time) {
        givingBack.settleFor(time);
        return this;
    }

    /** How old an order may grow while it waits for a paused carrier; then it is taken, so that it comes to its end. */
    public Ledger waitFor(Duration age) {
        parked.waitFor(age);
        return this;
    }

    /** What people were told of. */
    public Alerts alerts() {
        return alerts;
    }

    /** Which carriers are paused. */
    public Pauses pauses() {
        return pauses;
    }

    /** How many orders of each carrier may queue on this node. */
    public Bulkheads bulkheads() {
        return bulkheads;
    }

    /** What carriers told by themselves. */
    public Pushes pushes() {
        return pushes;
    }

    /** How many orders of a carrier this node works on at this moment, those that queue for their turn included. */
    public int working(String carrier) {
        return hands.holding(carrier);
    }

    /** How long a node that gives no sign counts as alive; the same on every node of a database. */
    public Ledger leaseFor(Duration time) {
        nodes.leaseFor(time);
        return this;
    }

    /** The mark of this life of this node. */
    public String owner() {
        return nodes.token();
    }

    /** The marks of the nodes that are alive, this one's among them. */
    public Set<String> living() {
        return Set.copyOf(nodes.living());
    }

    /** How one order is taken because a person or its carrier asks for it. */
    public OutOfTurn outOfTurn() {
        return new OutOfTurn(queries, taking);
    }

    /** Other content under the identity of an order. */
    public Conflicts conflicts() {
        return new Conflicts(commits, queries, this::now, node());
    }

    /** Dead letters that never became an order. */
    public Strays strays() {
        return new Strays(commits, queries, this::now);
    }

    /** Takes out of the ledger what it says of people. */
    public Forgetting forgetting() {
        return new Forgetting(this, commits);
    }

    /**
     * Takes an order with which nothing has happened since its acceptance.
     *
     * @return empty if somebody was faster, or no hand is free; it is found again when it is due
     */
    public Optional<Claim> takeAccepted(OrderKey key) {
        return queries.find(key)
                .filter(stored -> stored.state().equals("accepted") && stored.owner() == null)
                .filter(stored -> stored.lives() < Claim.SUSPECT)
                .flatMap(stored -> taking.due(List.of(stored)).stream().findFirst());
    }

    /** The claim of an order that this node is working on. */
    public Optional<Claim> claim(OrderKey key) {
        return hands.claim(key);
    }

    /**
     * Takes orders that are due and nobody's, as many as this node has hands and room for: first those that waited for a
     * carrier, by their acceptance, then the others, the longest due first, of those that several processes died with one at a
     * time, and last those that are only followed up.
     */
    public List<Claim> takeDue(int most) {
        int wanted = Math.min(most, hands.free());
        pauses.refresh();
        DueOrders due = queries.due(hands.room());
        List<Stored> found = new ArrayList<>(wanted > 0 ? oneSuspect(parked.due(due, now(), wanted)) : List.of());
        if (wanted > found.size()) {
            found.addAll(due.unfinished(now(), wanted - found.size()));
        }
        if (wanted > found.size() && !hands.holdsSuspect() && found.stream().noneMatch(Stored::isSuspect)) {
            found.addAll(due.suspects(now(), 1));
        }
        found.addAll(followed.due(due, now(), wanted - found.size()));
        return taking.due(found);
    }

    /** What several processes died with is alone among its kind: if one dies again, it is this one that counts as the reason. */
    private List<Stored> oneSuspect(List<Stored> found) {
        Stored first = found.stream()
                .filter(stored -> stored.isSuspect() && !hands.holdsSuspect())
                .findFirst()
                .orElse(null);
        return found.stream()
                .filter(stored -> !stored.isSuspect() || stored == first)
                .toList();
    }

    /**
     * Gives back what nobody works on any more: the orders of dead nodes and of this one's former lives, and those that
     * this node lost sight of, since its work on them broke off or the database could not say that it gave them.
     */
    public synchronized Recovery recover() {
        return givingBack.recover();
    }

    /** How many orders this node can still take. */
    public int free() {
        return hands.free();
    }

    /** How many commits this ledger made since it was opened. */
    public long commits() {
        return commits.commits();
    }

    /** What can be asked without changing anything. */
    public Queries queries() {
        return queries;
    }

    /** Writes, in one commit, what belongs to no claim, such as the dead letter of an order that was never accepted. */
    public void append(List<Sql> rows) {
        GroupCommit.await(commits.submit(new Write("without a claim", null, rows)));
    }

    /** The same of one row. */
    public void append(Sql row) {
        append(List.of(row));
    }

    /** To be called when the work has stopped: what this node held and did not send is anybody's at once. */
    public void letGo() {
        try {
            commits.submit(new Write("the stop of " + owner(), nodes.still(), List.of(Statements.letGo(owner()))))
                    .get(LONGEST_STOP_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // the next start or another node finds it all the same
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The name of this node. */
    public String node() {
        return nodes.name();
    }

    /** Records that this node took up edited mappings. */
    public void mappingTaken(String carrier, String version, String actor, String reason) {
        append(CarrierRows.mapping(new MappingChange(carrier, version, now(), nodes.name(), actor, reason)));
    }

    /** Records that somebody starts, stops or traces a route of this node; durable when it returns. */
    public void routeChanged(String route, String what, String actor, String reason) {
        append(new RouteChange(route, nodes.name(), now(), what, actor, reason).insert());
    }

    @Override
    public void close() {
        writing.stop();
        letGo();
        commits.close();
        compaction.close();
        readers.shutdown();
        nodes.close();
    }

    /** To the microsecond, which is what every database keeps; what is due now must not be rounded into the future. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Until when nobody takes this node's orders over. */
    Lease lease() {
        return nodes.lease();
    }

    void release(Claim claim) {
        bulkheads.gone(claim.key());
        hands.release(claim);
    }

    /** How the writes of orders become durable. */
    Writing writing() {
        return writing;
    }
}
