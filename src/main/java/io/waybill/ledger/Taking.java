package io.waybill.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** How orders that are nobody's become this node's: by compare-and-set on the order's epoch and history hash. */
final class Taking {

    private static final Duration UNREADABLE = Duration.ofHours(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Ledger ledger;
    private final GroupCommit commits;
    private final Queries queries;
    private final Hands hands;
    private final OrderParser parser;
    private final GivingBack givingBack;
    private final Executor readers;

    Taking(
            Ledger ledger,
            GroupCommit commits,
            Queries queries,
            Hands hands,
            OrderParser parser,
            GivingBack givingBack,
            Executor readers) {
        this.ledger = ledger;
        this.commits = commits;
        this.queries = queries;
        this.hands = hands;
        this.parser = parser;
        this.givingBack = givingBack;
        this.readers = readers;
    }

    /**
     * What became of a compare-and-set on an order.
     *
     * @param held whether the order was as we knew it
     * @param claim null if it is not this node's
     */
    record Taken(boolean held, Claim claim) {

        private static final Taken NOT = new Taken(false, null);
    }

    /** Takes of what is due as many as can be read and are still nobody's. */
    List<Claim> due(List<Stored> found) {
        List<CompletableFuture<Taken>> taken = new ArrayList<>();
        for (Stored stored : found) {
            content(stored)
                    .filter(order -> hands.reach(stored.key(), order.raw().length()))
                    .ifPresent(order -> taken.add(due(stored, order).exceptionally(failure -> Taken.NOT)));
        }
        return taken.stream()
                .map(CompletableFuture::join)
                .map(Taken::claim)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Takes an order as it was just read, without a row in its history. */
    Optional<Claim> quietly(Stored stored) {
        return reach(stored).map(order -> GroupCommit.await(quietly(stored, order)).claim);
    }

    /** Takes an order as it was just read. */
    Optional<Claim> openly(Stored stored, String what, String detail) {
        return reach(stored).map(order -> GroupCommit.await(take(stored, order, what, detail, true)).claim);
    }

    /** Begins a dead order again for whoever has a free hand; false if it cannot be read, or somebody was faster. */
    boolean again(Stored stored, String detail) {
        return content(stored)
                .map(order -> GroupCommit.await(take(stored, order, "replayed", detail, false)).held)
                .orElse(false);
    }

    /**
     * Begins a dead order again with the content that was handed in now.
     *
     * @param mine whether a hand reaches for it
     */
    CompletableFuture<Taken> again(Stored stored, Order content, String what, boolean mine) {
        return take(stored, content, what, mine);
    }

    private Optional<Order> reach(Stored stored) {
        if (!nobodys(stored) || !hands.reach(stored.key(), stored.payload().length())) {
            return Optional.empty();
        }
        Optional<Order> order = content(stored);
        if (order.isEmpty()) {
            hands.miss(stored.key(), stored.payload().length());
        }
        return order;
    }

    private CompletableFuture<Taken> due(Stored stored, Order content) {
        return stored.isSettled() ? quietly(stored, content) : take(stored, content, "taken", true);
    }

    private CompletableFuture<Taken> take(Stored stored, Order content, String what, boolean mine) {
        return take(stored, content, what, "{\"fingerprint\":\"" + content.fingerprint() + "\"}", mine);
    }

    private CompletableFuture<Taken> take(Stored stored, Order content, String what, String detail, boolean mine) {
        History row =
                History.after(stored.historySeq(), stored.historyHash(), ledger.now(), what, detail, ledger.node());
        Sql guard = Statements.take(stored, content, mine ? ledger.owner() : null, row);
        return take(stored, content, new Write(stored.key().text(), guard, List.of(row.row(stored.key()))), row, mine);
    }

    /** Leaves no row in the history, which does not grow with the follow-ups. */
    private CompletableFuture<Taken> quietly(Stored stored, Order content) {
        Sql guard = Statements.takeQuietly(stored, ledger.owner(), ledger.now());
        History last = new History(stored.historySeq(), null, null, null, null, stored.historyHash());
        return take(stored, content, new Write(stored.key().text(), guard, List.of()), last, true);
    }

    private CompletableFuture<Taken> take(Stored stored, Order content, Write write, History row, boolean mine) {
        return commits.submit(write)
                .thenApplyAsync(
                        held -> new Taken(held, held && mine ? remembered(stored, content, row) : null), readers)
                .whenComplete((taken, failure) -> {
                    if (mine && (failure != null || taken.claim == null)) {
                        hands.miss(stored.key(), content.raw().length());
                    }
                    if (failure == null && taken.held && row.what() != null) {
                        ChangeLog.tell(stored.key(), row.what(), null, stored.carrier(), "{}");
                    }
                });
    }

    /** The claim of an order that was just taken; null if another node took it over already. */
    private Claim remembered(Stored before, Order content, History row) {
        if (before.historySeq() == 1) {
            // the guard held, so nothing but the acceptance is in the history: there are no steps to read
            return hands.hold(new Claim(ledger, content, before.epoch() + 1, row, before.acceptedAt()));
        }
        List<Step> steps = queries.steps(before.key());
        Map<String, ObjectNode> results = results(before.key());
        List<FollowUp> followUps = queries.followUps(before.key());
        Stored stored = queries.find(before.key()).orElseThrow();
        if (stored.epoch() != before.epoch() + 1) {
            // taken over meanwhile, so what was read may be what another node did
            return null;
        }
        Claim claim = new Claim(ledger, content, stored.epoch(), row, stored.acceptedAt())
                .remember(stored, steps, results)
                .remember(followUps);
        return hands.hold(claim);
    }

    /**
     * An order that cannot be read any more stays, visible, and is looked at again in an hour, unless it is dead anyway; one
     * whose content was taken away is over.
     */
    private Optional<Order> content(Stored stored) {
        if (stored.forgottenAt() != null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.parse(stored.key(), stored.payload(), stored.source()));
        } catch (RuntimeException e) {
            if (stored.isDead()) {
                return Optional.empty();
            }
            String to = stored.isSettled() || stored.state().equals("in-doubt") ? stored.state() : "waiting";
            givingBack.change(stored, to, ledger.now().plus(UNREADABLE), "unreadable", List.of());
            return Optional.empty();
        }
    }

    private Map<String, ObjectNode> results(OrderKey key) {
        Map<String, ObjectNode> results = new HashMap<>();
        queries.results(key).forEach((step, text) -> results.put(step, json(text)));
        return results;
    }

    static boolean nobodys(Stored stored) {
        return stored.owner() == null
                || Pauses.isMark(stored.owner())
                || stored.owner().equals(FollowUp.MARK);
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("ledger: a stored result is no JSON", e);
        }
    }
}
