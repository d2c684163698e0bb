package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.util.ArrayList;
import java.util.List;

/** Proves that an order's history is what was once written: recomputes the chain of hashes from the rows. */
public final class Audit {

    private final Queries queries;

    public Audit(Queries queries) {
        this.queries = queries;
    }

    /** What is wrong with the history of an order, one sentence each; empty if all of it stands. */
    public List<String> broken(OrderKey key) {
        List<String> broken = new ArrayList<>();
        History last = new History(0, null, null, null, null, History.NONE);
        for (History row : queries.history(key)) {
            History expected =
                    History.after(row.seq() - 1, last.hash(), row.at(), row.what(), row.detail(), row.actor());
            if (row.seq() != last.seq() + 1) {
                broken.add("order " + key + ": history row " + (last.seq() + 1) + " is missing");
            } else if (!expected.hash().equals(row.hash())) {
                broken.add("order " + key + ": history row " + row.seq() + " '" + row.what()
                        + "' was changed after it was written");
            }
            last = row;
        }
        String head = queries.historyHash(key);
        if (!last.hash().equals(head == null ? History.NONE : head)) {
            broken.add("order " + key + ": its last history row is not the one that the order names");
        }
        return broken;
    }
}
