package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what was said of one order since its last write: all of it in one commit, on top of the head of its history.
 *
 * <ol>
 *   <li>The rows of the history come first that were noted, then that of the write itself.
 *   <li>Beside them are written what sinks joined, the steps that are finished, what the write itself brings, and the
 *       follow-ups.
 *   <li>What is known changes only once that is durable; what the ledger will never take is forgotten.
 * </ol>
 */
final class OrderJournal {

    private final Ledger ledger;
    private final OrderKey key;
    private final long epoch;
    private final OrderSteps steps;
    private final OrderSinks sinks;
    private final OrderFollowUps followUps;
    private History head;

    OrderJournal(
            Ledger ledger,
            OrderKey key,
            long epoch,
            History head,
            OrderSteps steps,
            OrderSinks sinks,
            OrderFollowUps followUps) {
        this.ledger = ledger;
        this.key = key;
        this.epoch = epoch;
        this.head = head;
        this.steps = steps;
        this.sinks = sinks;
        this.followUps = followUps;
    }

    void write(OrderState after, String what, String detail, List<Sql> effects) {
        List<Sql> all = new ArrayList<>();
        History before = head;
        for (OrderSteps.Note note : steps.notes()) {
            before =
                    History.after(before.seq(), before.hash(), ledger.now(), note.what(), note.detail(), ledger.node());
            if (note.step() != null) {
                all.add(row(note.step(), note.facts()));
            }
            all.add(before.row(key));
        }
        History row = History.after(before.seq(), before.hash(), ledger.now(), what, detail, ledger.node());
        all.addAll(sinks.rows());
        all.addAll(steps.finishedRows(ledger.node(), ledger.now()));
        all.addAll(effects);
        all.addAll(followUps.rows(key));
        all.add(row.row(key));
        Sql guard = Statements.updateOrder(key, after, epoch, head.hash(), row);
        try {
            ledger.writing().order(key, what, new Write(key.text(), guard, all), row);
        } catch (LedgerRefused e) {
            forget();
            throw e;
        }
        steps.notes().forEach(note -> ChangeLog.tell(key, note.what(), null, after.carrier(), note.detail()));
        ChangeLog.tell(key, what, after.state(), after.carrier(), detail, steps.finished());
        head = row;
        followUps.written();
        steps.written();
        forget();
    }

    /** Writes nothing but the follow-ups, and no row in the history; whatever else was said is dropped. */
    void rest(OrderState after, List<Sql> effects) {
        forget();
        List<Sql> rows = new ArrayList<>(followUps.rows(key));
        boolean over = after.dueAt() == null && !rows.isEmpty();
        Sql guard = Statements.rest(key, after, epoch, head.hash(), over ? ledger.now() : null);
        rows.addAll(effects);
        ledger.writing().rest(key, new Write(key.text(), guard, rows), epoch);
    }

    /** The row of a step as it is from now on. */
    Sql row(Step next, StepFacts facts) {
        return steps.row(next, facts, ledger.node(), ledger.now());
    }

    private void forget() {
        steps.forget();
        sinks.forget();
    }
}
