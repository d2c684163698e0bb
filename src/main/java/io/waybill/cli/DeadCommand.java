package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code waybill dead}: the dead letters. */
@Command(
        name = "dead",
        description = {
            "Prints the dead letters that nobody has replayed or dismissed, the latest first.",
            "One a line: id, account, reissue, stage, cause, when, its own id, file, message, the first of its faults (the"
                    + " reason beside the file has all of them). What never became an order has at most the id that it"
                    + " claimed, and 'status' does not count it: correct its file and move it back to the inbox.",
            "With --dismiss other content under the identity of an order (cause conflict) is none of them any more, since"
                    + " somebody dealt with it; with --dismiss-letter what never became an order. Row and files stay."
        },
        footer = {
            "",
            "Examples:",
            "  waybill dead",
            "  waybill dead --cause rejected",
            "  waybill dead --dismiss A-1001 --reason 'sent twice by mistake; the first one is right'",
            "  waybill dead --dismiss-letter 0123456789ab --reason 'the merchant sends it anew'"
        })
final class DeadCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--cause",
            completionCandidates = Causes.class,
            defaultValue = "",
            description = "only those of this cause: ${COMPLETION-CANDIDATES}")
    private String cause;

    @ArgGroup(exclusive = false)
    private Dismissed dismissed;

    /** What somebody dealt with. */
    private static final class Dismissed {

        @ArgGroup(multiplicity = "1")
        private Which which;

        @Option(
                names = "--reason",
                required = true,
                description = "why; stays in the order's history, or with the letter")
        private String reason;

        @Option(names = "--account", defaultValue = "default", description = "whose order it is")
        private String account;

        @Option(names = "--reissue", defaultValue = "0", description = "which reissue of the order")
        private int reissue;
    }

    /** One of these. */
    private static final class Which {

        @Option(names = "--dismiss", paramLabel = "ORDER", description = "all conflicts of an order, by its order_id")
        private String order;

        @Option(
                names = "--dismiss-letter",
                paramLabel = "ID",
                description = "what never became an order, by the dead letter's own id")
        private String letter;
    }

    @Override
    public Integer call() throws Exception {
        RunningEngine engine = waybill.engine();
        if (dismissed != null) {
            System.out.println(dismiss(engine).asText());
            return 0;
        }
        JsonNode lines = engine.operation("listDeadLetters", cause);
        if (lines.isEmpty() && !cause.isEmpty()) {
            Causes.known(command, cause);
        }
        for (JsonNode line : lines) {
            System.out.println(Columns.of(line, "stage", "cause", "at", "letter", "file", "message", "fault"));
        }
        return 0;
    }

    private JsonNode dismiss(RunningEngine engine) throws Exception {
        return dismissed.which.letter == null
                ? engine.operation(
                        "dismiss", dismissed.account, dismissed.which.order, dismissed.reissue, dismissed.reason)
                : engine.operation("dismissLetter", dismissed.which.letter, dismissed.reason);
    }
}
