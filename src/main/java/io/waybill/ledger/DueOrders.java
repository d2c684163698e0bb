package io.waybill.ledger;

import io.waybill.order.Json;
import io.waybill.order.OrderKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The orders for which there is something to do, as those find them who take them or give them back.
 *
 * <p>All that one of these reads together is no more than it has room for. How large orders are is asked before they are read,
 * of a few first and of more while they are small, since orders that fit nowhere would be read again with every look.
 */
final class DueOrders {

    /**
     * As the index has them: by {@code due_at} alone no database reads a few of many without looking at all of them, although
     * the owner is the same for all.
     */
    private static final String FIRST_DUE = " order by owner, due_at fetch first ? rows only";

    /** Needs the index on {@code owner} and {@code due_at}: most orders are done, and have neither. */
    static final String DUE =
            "select * from orders where due_at <= ? and owner is null and lives < " + Claim.SUSPECT + FIRST_DUE;

    static final String MARKED = "select * from orders where owner = ? and due_at <= ?" + FIRST_DUE;

    private static final String SUSPECTS = DUE.replace("lives <", "lives >=");

    private static final int FIRST = 8;

    private final Queries queries;
    private long room;

    /** @param room how many characters may be read, counted in bytes */
    DueOrders(Queries queries, long room) {
        this.queries = queries;
        this.room = room;
    }

    /** The unfinished orders that are nobody's and whose time has come, the longest due first. */
    List<Stored> unfinished(Instant now, int most) {
        return fitting(DUE, most, Statements.time(now));
    }

    /** As {@link #unfinished}, the orders that several processes died with. */
    List<Stored> suspects(Instant now, int most) {
        return fitting(SUSPECTS, most, Statements.time(now));
    }

    /** The settled orders of which something more is due to be asked, but for those of some carriers; the longest due first. */
    List<Stored> followed(Instant now, int most, Set<String> except) {
        List<Object> values = new ArrayList<>(List.of(FollowUp.MARK, Statements.time(now)));
        values.addAll(except);
        return fitting(
                MARKED.replace(FIRST_DUE, " and (carrier is null or carrier <> ?)".repeat(except.size()) + FIRST_DUE),
                most,
                values.toArray());
    }

    /** The orders that wait under this mark and were accepted so early, the oldest first. */
    List<Stored> parked(String mark, Instant acceptedUntil, int most) {
        return fitting(MARKED, most, mark, Statements.time(acceptedUntil));
    }

    /** As {@link #parked}, those of one account last. */
    List<Stored> parked(String mark, Instant acceptedUntil, int most, String lastAccount) {
        return fitting(
                "select * from orders where owner = ? and due_at <= ?"
                        + " order by case when account = ? then 1 else 0 end, due_at fetch first ? rows only",
                most,
                mark,
                Statements.time(acceptedUntil),
                lastAccount);
    }

    private List<Stored> fitting(String sql, int most, Object... values) {
        int fit = (long) most * Json.MAX_DOCUMENT <= room ? most : fit(sql, most, values);
        List<Stored> found = fit == 0 ? List.of() : queries.list(sql, Stored::of, with(values, fit));
        found.forEach(stored -> room -= stored.payload().length());
        return found;
    }

    private int fit(String sql, int most, Object... values) {
        String sizes = sql.replace("select *", "select octet_length(payload)");
        for (int asked = Math.min(FIRST, most); ; asked = Math.min(FIRST * asked, most)) {
            List<Long> found = queries.list(sizes, row -> row.getLong(1), with(values, asked));
            int fit = fit(found);
            if (fit < asked || asked == most) {
                return fit;
            }
        }
    }

    private int fit(List<Long> sizes) {
        long left = room;
        int fit = 0;
        while (fit < sizes.size() && sizes.get(fit) <= left) {
            left -= sizes.get(fit++);
        }
        return fit;
    }

    private static Object[] with(Object[] values, int most) {
        Object[] all = Arrays.copyOf(values, values.length + 1);
        all[values.length] = most;
        return all;
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
