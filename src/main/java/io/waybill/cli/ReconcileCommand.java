package io.waybill.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code waybill reconcile}: whether ledger, labels, outbox and charges say the same. */
@Command(
        name = "reconcile",
        description = {
            "Compares what the ledger, the label files, the outbox and the charges say of every order that was answered.",
            "Prints each difference as one line, and leaves with 1 if there is one."
        },
        footer = {"", "Examples:", "  waybill reconcile", "  waybill reconcile --taken"})
final class ReconcileCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Option(names = "--taken", description = "somebody takes the answers out of the outbox, so none are expected there")
    private boolean taken;

    @Override
    public Integer call() throws Exception {
        RunningEngine engine = waybill.engine();
        int differences = Pages.ofAll(
                engine,
                (account, order, reissue) -> engine.operation("reconcileAfter", account, order, reissue, !taken));
        System.out.println(differences == 0 ? "no differences" : Words.count(differences, "difference"));
        return differences == 0 ? 0 : 1;
    }
}
