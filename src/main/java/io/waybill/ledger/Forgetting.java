package io.waybill.ledger;

import java.util.ArrayList;
import java.util.List;

/** Takes out of the ledger what it says of people, once it is kept no longer; what was done with an order stays. */
public final class Forgetting {

    private final Ledger ledger;
    private final GroupCommit commits;

    Forgetting(Ledger ledger, GroupCommit commits) {
        this.ledger = ledger;
        this.commits = commits;
    }

    /**
     * Takes out what an order that is over says of people: its content, what was sent and answered, and the shipment but for
     * what remains. Its identity, fingerprint, history, carrier reference and charges stay.
     *
     * @param remains the shipment as it stays, null if there was none
     * @param labels whether its label files are gone
     * @return false if it is not over any more, or somebody was faster
     */
    public boolean order(Stored stored, String remains, boolean labels) {
        History row = History.after(
                stored.historySeq(), stored.historyHash(), ledger.now(), "forgotten", "{}", ledger.node());
        List<Sql> effects = new ArrayList<>(Statements.forgetRest(stored.key(), labels));
        effects.add(row.row(stored.key()));
        return GroupCommit.await(
                commits.submit(new Write(stored.key().text(), Statements.forget(stored, remains, row), effects)));
    }

    /** Takes the carrier's words out of a dead letter, whose files are gone. */
    public void deadLetter(String id) {
        ledger.append(Sql.of(
                "update dead_letter set message = cause, faults = '[]', carrier_answer = null, file = '' where id = ?",
                id));
    }
}
