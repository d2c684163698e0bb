package io.waybill.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.waybill.order.OrderKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Other content under the identity of an order: it is a dead letter, the order stands, and a person deals with it.
 *
 * <ol>
 *   <li>{@link #dismiss} ends that it is open. Its row and its files stay; when the very same content comes again, it is open again.
 *   <li>Who, why and which dead letters are a row in the history of the order, which stays what it is.
 *   <li>An order that is itself a dead letter is replayed first; one that somebody works on at this moment is left alone.
 * </ol>
 */
public final class Conflicts {

    private final GroupCommit commits;
    private final Queries queries;
    private final Supplier<Instant> now;
    private final String node;

    Conflicts(GroupCommit commits, Queries queries, Supplier<Instant> now, String node) {
        this.commits = commits;
        this.queries = queries;
        this.now = now;
        this.node = node;
    }

    /**
     * Dismisses all conflicts of an order that are open.
     *
     * @return how many they were
     * @throws IllegalArgumentException with a sentence for the operator if there is nothing to dismiss
     * @throws IllegalStateException if somebody works on the order at this moment
     */
    public int dismiss(OrderKey key, String user, String reason) {
        Stored stored = queries.find(key).orElseThrow(() -> refused(key, "nobody knows it"));
        if (stored.state().equals("dead-letter")) {
            throw refused(key, "it is itself a dead letter, which is replayed and not dismissed");
        }
        List<String> open = open(key);
        if (open.isEmpty()) {
            throw refused(key, "no other content under its identity is open");
        }
        if (!Taking.nobodys(stored) || !write(stored, open, detail(open, user, reason))) {
            throw new IllegalStateException("order " + key + ": it is being worked on at this moment; try again");
        }
        ChangeLog.tell(key, "dismissed", stored.state(), stored.carrier(), "{}");
        return open.size();
    }

    private List<String> open(OrderKey key) {
        return queries.list(
                "select id from dead_letter where account = ? and order_id = ? and reissue = ? and cause = 'conflict'"
                        + " and dismissed_at is null order by at, id",
                row -> row.getString(1),
                key.account(),
                key.orderId(),
                key.reissue());
    }

    private boolean write(Stored stored, List<String> open, String detail) {
        Instant at = now.get();
        History row = History.after(stored.historySeq(), stored.historyHash(), at, "dismissed", detail, node);
        List<Sql> effects = new ArrayList<>();
        open.forEach(id ->
                effects.add(Sql.of("update dead_letter set dismissed_at = ? where id = ?", Statements.time(at), id)));
        effects.add(row.row(stored.key()));
        return GroupCommit.await(
                commits.submit(new Write(stored.key().text(), Statements.addHistory(stored, row), effects)));
    }

    private static String detail(List<String> open, String user, String reason) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("by", user)
                .put("reason", reason)
                .put("dead_letters", String.join(",", open))
                .toString();
    }

    private static IllegalArgumentException refused(OrderKey key, String why) {
        return new IllegalArgumentException("order " + key + ": " + why);
    }
}
