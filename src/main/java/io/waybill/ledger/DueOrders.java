package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The orders for which there is something to do, as those find them who take them or give them back. */
final class DueOrders {

    /** Needs the index on {@code due_at}: most orders are done, and have none. */
    static final String DUE = "select * from orders where due_at <= ? and owner is null and lives < " + Claim.SUSPECT
            + " order by due_at fetch first ? rows only";

    private static final String SUSPECTS = DUE.replace("lives <", "lives >=");

    private final Queries queries;

    DueOrders(Queries queries) {
        this.queries = queries;
    }

    /** The unfinished orders that are nobody's and whose time has come, the longest due first. */
    List<Stored> unfinished(Instant now, int most) {
        return queries.list(DUE, Stored::of, Statements.time(now), most);
    }

    /** As {@link #unfinished}, the orders that several processes died with. */
    List<Stored> suspects(Instant now, int most) {
        return queries.list(SUSPECTS, Stored::of, Statements.time(now), most);
    }

    /** The settled orders of which something more is due to be asked, the longest due first. */
    List<Stored> followed(Instant now, int most) {
        return queries.list(
                "select * from orders where due_at <= ? and owner = ? order by due_at fetch first ? rows only",
                Stored::of,
                Statements.time(now),
                FollowUp.MARK,
                most);
    }

    /** The orders that wait under this mark and were accepted so early, the oldest first. */
    List<Stored> parked(String mark, Instant acceptedUntil, int most) {
        return queries.list(
                "select * from orders where owner = ? and due_at <= ? order by due_at fetch first ? rows only",
                Stored::of,
                mark,
                Statements.time(acceptedUntil),
                most);
    }

    /** As {@link #parked}, those of one account last. */
    List<Stored> parked(String mark, Instant acceptedUntil, int most, String lastAccount) {
        return queries.list(
                "select * from orders where owner = ? and due_at <= ?"
                        + " order by case when account = ? then 1 else 0 end, due_at fetch first ? rows only",
                Stored::of,
                mark,
                Statements.time(acceptedUntil),
                lastAccount,
                most);
    }

    /** The unfinished orders that carry one of these marks. */
    List<OrderKey> ownedBy(List<String> owners) {
        List<OrderKey> owned = new ArrayList<>();
        for (String owner : owners) {
            owned.addAll(queries.list(
                    "select account, order_id, reissue from orders where due_at is not null and owner = ?",
                    Queries::key,
                    owner));
        }
        return owned;
    }
}
