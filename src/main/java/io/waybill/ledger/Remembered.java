package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** What is still known of people although its order is over. */
public final class Remembered {

    private static final List<String> ENDED = List.of("completed", "cancelled", "dead-letter");

    /** One state at a time, as the index on state and time has them: of all together every page would be sorted anew. */
    static final String OF_STATE = Stored.LISTED + " o where state = ? and updated_at >= ? and updated_at < ?"
            + " and forgotten_at is null and owner is null and due_at is null and not exists (select 1 from follow_up f"
            + " where f.account = o.account and f.order_id = o.order_id and f.reissue = o.reissue"
            + " and f.operation = 'cancel' and f.state = 'in-doubt') order by state, updated_at fetch first ? rows only";

    private final Queries queries;

    Remembered(Queries queries) {
        this.queries = queries;
    }

    /**
     * Ended orders that still have their personal data and were last touched in this time, the oldest first; but those of which
     * something is still asked, and those of whose void a person has to say what became of it. Without their content, which may be
     * large.
     */
    public List<Stored> orders(Instant from, Instant before, int most) {
        return ENDED.stream()
                .flatMap(
                        state -> queries
                                .list(OF_STATE, Stored::of, state, Statements.time(from), Statements.time(before), most)
                                .stream())
                .sorted(Comparator.comparing(Stored::updatedAt))
                .limit(most)
                .toList();
    }

    /** Whether a label of another order lies in the same file. */
    public boolean sharesLabel(OrderKey key, String path) {
        return queries.list(
                                "select count(*) from label where path = ? and not (account = ? and order_id = ? and reissue = ?)",
                                row -> row.getLong(1),
                                path,
                                key.account(),
                                key.orderId(),
                                key.reissue())
                        .get(0)
                > 0;
    }
}
