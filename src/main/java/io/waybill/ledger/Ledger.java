package io.waybill.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * The journal of every order, and the one place that says who may work on it.
 *
 * <ol>
 *   <li>{@link #accept} makes an order durable; its identity is taken for ever.
 *   <li>The node that accepted it works on it by its {@link Claim}; a node with its hands full leaves it to be due.
 *   <li>{@link #takeDue} takes what is due and nobody's, by compare-and-set on the order's epoch and history hash.
 *   <li>Writes of many orders share a commit ({@link GroupCommit}); while the database is away they wait for it.
 *   <li>{@link #recover} gives back what nobody works on any more: what was sent is in doubt, the rest is due.
 * </ol>
 */
public final class Ledger implements AutoCloseable {

    private static final int GROUP = 256;
    private static final int READERS = 4;
    private static final long LONGEST_PAUSE_MS = 5_000;
    private static final Duration UNREADABLE = Duration.ofHours(1);

    /** Follow-ups take at most so large a part of the hands, so that however many are due, bookings go on beside them. */
    private static final int FOLLOWING = 4;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final GroupCommit commits;
    private final Queries queries;
    private final Alerts alerts;
    private final Nodes nodes;
    private final OrderParser parser;
    private final Clock clock;
    private final Hands hands;
    private final Pauses pauses;
    private final Parked parked;
    private final int mostFollowing;
    private final ExecutorService readers = Executors.newFixedThreadPool(READERS, task -> {
        Thread thread = new Thread(task, "waybill-ledger-reader");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean open = true;
    private volatile Duration settle = Duration.ofSeconds(30);

    /**
     * Opens the ledger for a node and announces it.
     *
     * @param node the node's name, the same after a restart
     * @param mostClaims how many orders this node works on at once
     */
    public Ledger(DataSource dataSource, String node, int mostClaims, OrderParser parser, Clock clock) {
        this.nodes = new Nodes(dataSource, node, clock);
        this.commits = new GroupCommit(dataSource, GROUP);
        this.queries = new Queries(dataSource);
        this.alerts = new Alerts(dataSource);
        this.parser = parser;
        this.clock = clock;
        this.hands = new Hands(mostClaims);
        this.pauses = new Pauses(commits, queries, nodes, clock);
        this.parked = new Parked(pauses, queries, hands, mostClaims);
        this.mostFollowing = Math.max(1, mostClaims / FOLLOWING);
        pauses.refresh();
    }

    /**
     * Makes an order durable; the answer comes when it is.
     *
     * @return completes with {@link LedgerUnavailable} if the database is away; the order may then be handed in again
     */
    public CompletableFuture<Acceptance> accept(Order order) {
        boolean mine = hands.reach(order.key());
        Instant now = now();
        String fingerprint = order.fingerprint();
        History first =
                History.after(0, History.NONE, now, "accepted", "{\"fingerprint\":\"" + fingerprint + "\"}", node());
        Sql guard = Statements.insertOrder(order, fingerprint, mine ? owner() : null, now, first);
        Write write = new Write(order.key().text(), guard, List.of(first.row(order.key())));
        return commits.submit(write)
                .whenComplete((held, failure) -> {
                    if (mine && (failure != null || !held)) {
                        hands.miss(order.key());
                    }
                    if (failure == null && held) {
                        ChangeLog.tell(order.key(), "accepted", "accepted", null, "{}");
                    }
                })
                .thenCompose(held -> held
                        ? CompletableFuture.completedFuture(new Acceptance.Accepted(
                                mine ? hands.hold(new Claim(this, order, 1, first, first.at())) : null))
                        : CompletableFuture.completedFuture(order)
                                .thenComposeAsync(again -> knownBefore(again, fingerprint), readers));
    }

    /** How long a request may still be on its way after the work on it broke off; only then the carrier is asked. */
    public Ledger settleFor(Duration time) {
        settle = time;
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

    /**
     * Takes an order in doubt out of turn, because a person decides about it.
     *
     * @param detail JSON: who, what and why; stays in the history
     * @return empty if the order is not in doubt or somebody works on it
     */
    public Optional<Claim> takeInDoubt(OrderKey key, String detail) {
        Stored stored = queries.find(key).orElse(null);
        if (stored == null || !stored.state().equals("in-doubt") || !nobodys(stored) || !hands.reach(key)) {
            return Optional.empty();
        }
        Optional<Order> order = content(stored);
        if (order.isEmpty()) {
            hands.miss(key);
            return Optional.empty();
        }
        return Optional.ofNullable(
                take(stored, order.get(), "resolved", detail, true).join().claim);
    }

    /**
     * Begins a dead order again where it stopped; whoever has a free hand then works on it. What is booked is not booked again.
     *
     * @param detail JSON: who and why; stays in the history
     * @return false if the order is not a dead letter, or its content cannot be read
     */
    public boolean replay(OrderKey key, String detail) {
        Stored stored = queries.find(key).orElse(null);
        if (stored == null || !stored.state().equals("dead-letter") || stored.forgottenAt() != null) {
            return false;
        }
        return content(stored)
                .map(order -> take(stored, order, "replayed", detail, false).join().held)
                .orElse(false);
    }

    /**
     * Takes out what an order that is over says of people: its content, what was sent and answered, and the shipment but for
     * what remains. Its identity, fingerprint, history, carrier reference and charges stay.
     *
     * @param remains the shipment as it stays, null if there was none
     * @param labels whether its label files are gone
     * @return false if it is not over any more, or somebody was faster
     */
    public boolean forget(Stored stored, String remains, boolean labels) {
        History row = History.after(stored.historySeq(), stored.historyHash(), now(), "forgotten", "{}", node());
        List<Sql> effects = new ArrayList<>(Statements.forgetRest(stored.key(), labels));
        effects.add(row.row(stored.key()));
        return await(commits.submit(new Write(stored.key().text(), Statements.forget(stored, remains, row), effects)));
    }

    /** Takes the carrier's words out of a dead letter, whose files are gone. */
    public void forgetDeadLetter(String id) {
        append(Sql.of(
                "update dead_letter set message = cause, faults = '[]', carrier_answer = null, file = '' where id = ?",
                id));
    }

    /**
     * Takes a settled order out of turn, because its carrier says something of it. Its history does not grow by that.
     *
     * @return empty if the order is not settled yet, or somebody works on it at this moment
     */
    public Optional<Claim> takeSettled(OrderKey key) {
        return queries.find(key).filter(Stored::isSettled).flatMap(this::takeOutOfTurn);
    }

    /**
     * Takes an order as it was just read, whatever its state, because a person decides about it; see {@link #takeSettled}.
     *
     * @return empty if it changed since, or somebody works on it at this moment
     */
    public Optional<Claim> takeOutOfTurn(Stored stored) {
        if (!nobodys(stored) || !hands.reach(stored.key())) {
            return Optional.empty();
        }
        Optional<Order> order = content(stored);
        if (order.isEmpty()) {
            hands.miss(stored.key());
            return Optional.empty();
        }
        return Optional.ofNullable(takeQuietly(stored, order.get()).join().claim);
    }

    /** The claim of an order that this node is working on. */
    public Optional<Claim> claim(OrderKey key) {
        return hands.claim(key);
    }

    /**
     * Takes orders that are due and nobody's, as many as this node has hands for: first those that waited for a carrier, by
     * their acceptance, then the others, the longest due first, of those that several processes died with one at a time, and
     * last those that are only followed up.
     */
    public List<Claim> takeDue(int most) {
        List<CompletableFuture<Taken>> taken = new ArrayList<>();
        int wanted = Math.min(most, hands.free());
        pauses.refresh();
        List<Stored> found = new ArrayList<>(wanted > 0 ? parked.due(now(), wanted) : List.of());
        if (wanted > found.size()) {
            found.addAll(queries.due(now(), wanted - found.size()));
        }
        if (wanted > found.size() && !hands.holdsSuspect()) {
            // alone among its kind: if the process dies again, it is this one that counts as the reason
            found.addAll(queries.suspects(now(), 1));
        }
        int following = Math.min(wanted - found.size(), mostFollowing - hands.following());
        if (following > 0) {
            found.addAll(queries.followed(now(), following));
        }
        for (Stored stored : found) {
            content(stored)
                    .filter(order -> hands.reach(stored.key()))
                    .ifPresent(order -> taken.add(takeDue(stored, order).exceptionally(failure -> Taken.NOT)));
        }
        return taken.stream()
                .map(CompletableFuture::join)
                .map(Taken::claim)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Gives back what nobody works on any more: the orders of dead nodes and of this one's former lives, and those that
     * this node lost sight of, since its work on them broke off or the database could not say that it gave them.
     */
    public synchronized Recovery recover() {
        List<String> owners = new ArrayList<>(nodes.dead());
        owners.add(owner());
        List<CompletableFuture<Boolean>> inDoubt = new ArrayList<>();
        List<CompletableFuture<Boolean>> resumed = new ArrayList<>();
        for (OrderKey key : queries.ownedBy(owners)) {
            queries.find(key).filter(stored -> owners.contains(stored.owner())).ifPresent(stored -> {
                if (!hands.has(key)) {
                    Optional<Step> sent = queries.steps(key).stream()
                            .filter(step -> step.state().equals(Step.SENT))
                            .findFirst();
                    (sent.isPresent() ? inDoubt : resumed).add(giveBack(stored, sent));
                }
            });
        }
        return new Recovery(held(inDoubt), held(resumed));
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

    /** Writes one row that belongs to no claim, such as the dead letter of an order that was never accepted. */
    public void append(Sql row) {
        await(commits.submit(new Write("without a claim", row, List.of())));
    }

    /** To be called when the work has stopped: what this node held and did not send is anybody's at once. */
    public void letGo() {
        try {
            commits.submit(new Write("the stop of " + owner(), nodes.still(), List.of(Statements.letGo(owner()))))
                    .get(LONGEST_PAUSE_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // the next start or another node finds it all the same
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The name of this node. */
    public String nodeName() {
        return nodes.name();
    }

    /** Records that this node took up edited mappings. */
    public void mappingTaken(String carrier, String version, String actor, String reason) {
        append(CarrierRows.mapping(new MappingChange(carrier, version, now(), nodes.name(), actor, reason)));
    }

    @Override
    public void close() {
        open = false;
        letGo();
        commits.close();
        readers.shutdown();
        nodes.close();
    }

    /** To the microsecond, which is what every database keeps; what is due now must not be rounded into the future. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    String node() {
        return nodes.name();
    }

    /** Until when nobody takes this node's orders over. */
    Lease lease() {
        return nodes.lease();
    }

    void release(Claim claim) {
        hands.release(claim);
    }

    /** Waits for the database as long as the node runs; a commit whose acknowledgement was lost is found again by its hash. */
    void write(OrderKey key, String what, Write write, History row) {
        write(key, what, write, () -> row.hash().equals(queries.historyHash(key)));
    }

    /** As above, without a row in the history; found again by the order's epoch, which nobody changed since. */
    void write(OrderKey key, Write write, long epoch) {
        write(key, "rest", write, () -> queries.find(key)
                .filter(stored -> stored.epoch() == epoch && !owner().equals(stored.owner()))
                .isPresent());
    }

    private void write(OrderKey key, String what, Write write, BooleanSupplier written) {
        for (long pause = 50; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
            try {
                if (!await(commits.submit(write)) && !written.getAsBoolean()) {
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

    /**
     * What became of a compare-and-set on an order.
     *
     * @param held whether the order was as we knew it
     * @param claim null if it is not this node's
     */
    private record Taken(boolean held, Claim claim) {

        private static final Taken NOT = new Taken(false, null);
    }

    private CompletableFuture<Acceptance> knownBefore(Order order, String fingerprint) {
        Stored stored = queries.find(order.key()).orElseThrow();
        boolean same = stored.fingerprint().equals(fingerprint);
        if (stored.state().equals("dead-letter")
                && (same && stored.forgottenAt() == null || !queries.booked(order.key()))) {
            return take(stored, order, same ? "replayed" : "corrected", hands.reach(order.key()))
                    .thenComposeAsync(
                            taken -> taken.held
                                    ? CompletableFuture.completedFuture(new Acceptance.Accepted(taken.claim))
                                    : knownBefore(order, fingerprint),
                            readers);
        }
        if (!same) {
            return CompletableFuture.completedFuture(new Acceptance.Conflict(stored, fingerprint));
        }
        commits.submit(new Write(order.key().text(), Statements.countDuplicate(order.key()), List.of()));
        return CompletableFuture.completedFuture(new Acceptance.Duplicate(stored));
    }

    private CompletableFuture<Taken> take(Stored stored, Order content, String what, boolean mine) {
        return take(stored, content, what, "{\"fingerprint\":\"" + content.fingerprint() + "\"}", mine);
    }

    private CompletableFuture<Taken> take(Stored stored, Order content, String what, String detail, boolean mine) {
        History row = History.after(stored.historySeq(), stored.historyHash(), now(), what, detail, node());
        Sql guard = Statements.take(stored, content, mine ? owner() : null, row);
        return take(stored, content, new Write(stored.key().text(), guard, List.of(row.row(stored.key()))), row, mine);
    }

    private CompletableFuture<Taken> takeDue(Stored stored, Order content) {
        return stored.isSettled() ? takeQuietly(stored, content) : take(stored, content, "taken", true);
    }

    /** Leaves no row in the history, which does not grow with the follow-ups. */
    private CompletableFuture<Taken> takeQuietly(Stored stored, Order content) {
        Write write = new Write(stored.key().text(), Statements.takeQuietly(stored, owner(), now()), List.of());
        History last = new History(stored.historySeq(), null, null, null, null, stored.historyHash());
        return take(stored, content, write, last, true);
    }

    private CompletableFuture<Taken> take(Stored stored, Order content, Write write, History row, boolean mine) {
        return commits.submit(write)
                .thenApplyAsync(
                        held -> new Taken(held, held && mine ? remembered(stored, content, row) : null), readers)
                .whenComplete((taken, failure) -> {
                    if (mine && (failure != null || taken.claim == null)) {
                        hands.miss(stored.key());
                    }
                    if (failure == null && taken.held && row.what() != null) {
                        ChangeLog.tell(stored.key(), row.what(), null, stored.carrier(), "{}");
                    }
                });
    }

    private Claim remembered(Stored before, Order content, History row) {
        if (before.historySeq() == 1) {
            // the guard held, so nothing but the acceptance is in the history: there are no steps to read
            return hands.hold(new Claim(this, content, before.epoch() + 1, row, before.acceptedAt()));
        }
        Stored stored = queries.find(before.key()).orElseThrow();
        Claim claim = new Claim(this, content, before.epoch() + 1, row, stored.acceptedAt())
                .remember(stored, queries.steps(before.key()), results(before.key()))
                .follow(queries.followUps(before.key()));
        return hands.hold(claim);
    }

    /** An order that cannot be read any more stays, visible, and is looked at again in an hour. */
    private Optional<Order> content(Stored stored) {
        try {
            return Optional.of(parser.parse(stored.key(), stored.payload(), stored.source()));
        } catch (RuntimeException e) {
            String to = stored.isSettled() ? stored.state() : "waiting";
            change(stored, to, now().plus(UNREADABLE), "unreadable", List.of());
            return Optional.empty();
        }
    }

    private CompletableFuture<Boolean> giveBack(Stored stored, Optional<Step> sent) {
        boolean died = !owner().equals(stored.owner());
        List<Sql> life = died ? List.of(Statements.countLife(stored.key())) : List.of();
        if (sent.isEmpty()) {
            return change(stored, stored.state(), now(), "given-back", life);
        }
        Step doubt = new Step(sent.get().name(), Step.IN_DOUBT, sent.get().attempt());
        StepFacts why = StepFacts.because("the work broke off after it began to ask the carrier");
        Sql row = Statements.updateStep(stored.key(), doubt, why, node(), now());
        List<Sql> rows = Stream.concat(Stream.of(row), life.stream()).toList();
        return doubt.name().equals(FollowUp.CANCEL)
                ? voidInDoubt(stored, rows, why.reason())
                : change(stored, "in-doubt", now().plus(settle), "in-doubt", rows);
    }

    /** An order whose void is in doubt stays what it is; only its void is looked into. */
    private CompletableFuture<Boolean> voidInDoubt(Stored stored, List<Sql> step, String why) {
        Instant dueAt = now().plus(settle);
        List<Sql> rows = new ArrayList<>(step);
        queries.followUps(stored.key()).stream()
                .filter(each -> each.operation().equals(FollowUp.CANCEL))
                .map(each -> each.at(FollowUp.IN_DOUBT, dueAt, why).update(stored.key()))
                .forEach(rows::add);
        return change(stored, stored.state(), dueAt, "cancel-in-doubt", rows);
    }

    /** Changes an order that nobody works on, if it is still as it was read. */
    private CompletableFuture<Boolean> change(Stored stored, String to, Instant dueAt, String what, List<Sql> effects) {
        History row = History.after(stored.historySeq(), stored.historyHash(), now(), what, "{}", node());
        OrderState after = new OrderState(
                to,
                stored.carrier(),
                stored.service(),
                stored.rule(),
                stored.carrierReference(),
                stored.shipment(),
                null,
                stored.attempts(),
                dueAt);
        List<Sql> all = new ArrayList<>(effects);
        all.add(row.row(stored.key()));
        Sql guard = Statements.updateOrder(stored.key(), after, stored.epoch(), stored.historyHash(), row);
        return commits.submit(new Write(stored.key().text(), guard, all)).whenComplete((held, failure) -> {
            if (failure == null && held) {
                ChangeLog.tell(stored.key(), what, to, stored.carrier(), "{}");
            }
        });
    }

    private static boolean nobodys(Stored stored) {
        return stored.owner() == null
                || Pauses.isMark(stored.owner())
                || stored.owner().equals(FollowUp.MARK);
    }

    private static int held(List<CompletableFuture<Boolean>> writes) {
        return (int) writes.stream().filter(Ledger::await).count();
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

    private Map<String, ObjectNode> results(OrderKey key) {
        Map<String, ObjectNode> results = new HashMap<>();
        queries.results(key).forEach((step, text) -> results.put(step, json(text)));
        return results;
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("ledger: a stored result is no JSON", e);
        }
    }
}
