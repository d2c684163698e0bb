package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code waybill replay}: dead orders begin again where they stopped. */
@Command(
        name = "replay",
        description = {
            "Begins a dead order again where it stopped, or all of a cause. What is booked is not booked again.",
            "With --dry-run it only says what would be sent, beside what was sent then; values that differ are shown."
        },
        footer = {
            "",
            "Examples:",
            "  waybill replay A-1001 --dry-run",
            "  waybill replay A-1001 --reason 'the api key is renewed'",
            "  waybill replay --cause rejected --reason 'the service is open again'",
            "  waybill replay --push 0123456789ab --reason 'the order is booked now'"
        })
final class ReplayCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParentCommand
    private Waybill waybill;

    @Spec
    private CommandSpec command;

    @Mixin
    private WhichOrder order;

    @Option(
            names = "--cause",
            completionCandidates = Causes.class,
            description = "all orders that died last of this cause: ${COMPLETION-CANDIDATES}")
    private String cause;

    @Option(
            names = "--push",
            paramLabel = "ID",
            description = "what was put aside of a carrier's push, by the first twelve characters of its id")
    private String push;

    @Option(names = "--reason", description = "why; stays in the order's history; not needed with --dry-run")
    private String reason;

    @Option(names = "--dry-run", description = "changes nothing and calls nobody")
    private boolean dryRun;

    @Override
    public Integer call() throws Exception {
        if (Stream.of(cause, order.id, push).filter(Objects::nonNull).count() != 1) {
            throw new ParameterException(
                    command.commandLine(), "an ORDER, a --cause or a --push is needed, one of them");
        }
        if (dryRun && push != null) {
            throw new ParameterException(
                    command.commandLine(), "--dry-run goes with an ORDER or a --cause; a push is not rehearsed");
        }
        if (!dryRun && reason == null) {
            throw new ParameterException(
                    command.commandLine(), "a --reason is needed; it stays in the order's history");
        }
        RunningEngine engine = waybill.engine();
        if (push != null) {
            System.out.println(engine.operation("replayPush", push, reason).asText());
        } else if (cause == null) {
            one(engine);
        } else {
            return all(engine);
        }
        return 0;
    }

    private void one(RunningEngine engine) throws Exception {
        if (dryRun) {
            rehearsed(JSON.readTree(engine.operation("dryRun", order.account, order.id, order.reissue)
                    .asText()));
        } else {
            System.out.println(engine.operation("replay", order.account, order.id, order.reissue, reason)
                    .asText());
        }
    }

    /** Only of what never became an order something stands in the way. */
    private int all(RunningEngine engine) throws Exception {
        long about = engine.attribute("DeadLetters").path(cause).asLong();
        Pages.Walked walked = Pages.walk(
                about,
                (account, id, reissue) -> dryRun
                        ? engine.operation("dryRunCauseAfter", cause, account, id, reissue)
                        : engine.operation("replayCauseAfter", cause, account, id, reissue, reason));
        if (walked.looked() + walked.found() == 0) {
            Causes.known(command, cause);
        }
        System.out.println(Words.count(walked.looked(), "order"));
        return walked.looked() == 0 && walked.found() > 0 ? 1 : 0;
    }

    private static void rehearsed(JsonNode told) {
        String where = told.has("step")
                ? ", " + told.path("step").asText() + " at "
                        + told.path("carrier").asText()
                : "";
        System.out.println("order " + told.path("order").asText() + where + ": "
                + told.path("says").asText());
        told.path("faults").forEach(fault -> System.out.println("  " + fault.asText()));
        told.path("differences").forEach(difference -> System.out.println("  " + difference.asText()));
    }
}
