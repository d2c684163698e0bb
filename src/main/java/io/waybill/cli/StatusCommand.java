package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code waybill status}: how many orders are in which state, and which of them wait. */
@Command(
        name = "status",
        description = "Says how many orders of the running engine are in each state.",
        footer = {"", "Examples:", "  waybill status", "  waybill status --waiting"})
final class StatusCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Option(
            names = "--waiting",
            description = "prints the orders that go on by themselves later: id, account, reissue, carrier, state,"
                    + " attempts, when")
    private boolean waiting;

    @Override
    public Integer call() throws Exception {
        RunningEngine engine = waybill.engine();
        if (waiting) {
            for (JsonNode line : engine.operation("listWaiting")) {
                System.out.println(Columns.of(line, "carrier", "state", "attempts", "due"));
            }
            return 0;
        }
        engine.attribute("Orders")
                .properties()
                .forEach(state -> System.out.printf(
                        "%-12s %d%n", state.getKey(), state.getValue().asLong()));
        return 0;
    }
}
