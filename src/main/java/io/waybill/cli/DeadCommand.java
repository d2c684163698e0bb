package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code waybill dead}: the dead letters. */
@Command(
        name = "dead",
        description =
                "Prints the dead letters that nobody has replayed, the latest first, one a line: id, account, reissue,"
                        + " stage, cause, when, file, message. What never became an order has no id, and 'status' does"
                        + " not count it.",
        footer = {"", "Examples:", "  waybill dead", "  waybill dead --cause rejected"})
final class DeadCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Option(names = "--cause", defaultValue = "", description = "only those of this cause")
    private String cause;

    @Override
    public Integer call() throws Exception {
        for (JsonNode line : waybill.engine().operation("listDeadLetters", cause)) {
            System.out.println(Columns.of(line, "stage", "cause", "at", "file", "message"));
        }
        return 0;
    }
}
