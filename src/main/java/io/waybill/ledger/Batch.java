package io.waybill.ledger;

import java.util.ArrayList;
import java.util.List;

/**
 * Statements of the same text that run together.
 *
 * @param statements with their values
 * @param members which write of the group each belongs to
 */
record Batch(String text, List<Sql> statements, List<Integer> members) {

    /**
     * Adds a statement to the first batch of its text that is not before {@code from}, else to a new one at the end.
     *
     * @return which batch that was; where a writer's next statement starts from there, its statements keep their order
     */
    static int add(List<Batch> batches, int from, Sql sql, int member) {
        int at = from;
        while (at < batches.size() && !batches.get(at).text.equals(sql.text())) {
            at++;
        }
        if (at == batches.size()) {
            batches.add(new Batch(sql.text(), new ArrayList<>(), new ArrayList<>()));
        }
        batches.get(at).statements.add(sql);
        batches.get(at).members.add(member);
        return at;
    }
}
