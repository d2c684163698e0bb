package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code waybill resolve}: orders in doubt, and what a person decides about them. */
@Command(
        name = "resolve",
        description = {
            "Lists the orders in doubt of the running engine, or decides about one.",
            "A line that ends with 'cancel' is an order whose cancellation is in doubt: ask the carrier, then say what it told"
                    + " with 'waybill cancel ORDER --confirmed' or '--refused'."
        },
        footer = {
            "",
            "Examples:",
            "  waybill resolve --list",
            "  waybill resolve A-1001 --adopt 2411080020000005 --reason 'found in the portal'",
            "  waybill resolve A-1001 --rebook --reason 'they have no such order'"
        })
final class ResolveCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Spec
    private CommandSpec command;

    @ArgGroup(multiplicity = "1")
    private What what;

    @Parameters(arity = "0..1", paramLabel = "ORDER", description = "the order_id")
    private String order;

    @Option(names = "--account", defaultValue = "default", description = "whose order it is")
    private String account;

    @Option(names = "--reissue", defaultValue = "0", description = "which reissue of the order")
    private int reissue;

    @Option(names = "--reason", description = "why; stays in the order's history")
    private String reason;

    /** One of these. */
    private static final class What {

        @Option(names = "--list", description = "prints the orders in doubt, one a line, the id first")
        private boolean list;

        @Option(names = "--adopt", paramLabel = "ID", description = "the carrier has it, under this id")
        private String adopt;

        @Option(names = "--rebook", description = "the carrier surely has it not; it is booked again")
        private boolean rebook;

        @Option(names = "--abandon", description = "it becomes a dead letter")
        private boolean abandon;

        private String decision() {
            if (adopt != null) {
                return "adopt";
            }
            return rebook ? "rebook" : "abandon";
        }
    }

    @Override
    public Integer call() throws Exception {
        RunningEngine engine = waybill.engine();
        if (what.list) {
            for (JsonNode line : engine.operation("listInDoubt")) {
                System.out.println(Columns.of(line, "carrier", "since", "call"));
            }
            return 0;
        }
        if (order == null || reason == null) {
            throw new ParameterException(command.commandLine(), "an ORDER and a --reason are needed to decide");
        }
        System.out.println(engine.operation(
                        "resolve",
                        account,
                        order,
                        reissue,
                        what.decision(),
                        what.adopt == null ? "" : what.adopt,
                        reason)
                .asText());
        return 0;
    }
}
