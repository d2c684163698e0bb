package io.waybill.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code waybill pause}: a person stops a carrier, for all nodes. */
@Command(
        name = "pause",
        description = "Pauses a carrier of the running engine: no order goes out to it until somebody resumes it.",
        footer = {"", "Example:", "  waybill pause kdniao --reason 'they asked us to stop for today'"})
final class PauseCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Parameters(paramLabel = "CARRIER", description = "the name of its folder below mappings/")
    private String carrier;

    @Option(names = "--reason", required = true, description = "why; stays in the carrier's history")
    private String reason;

    @Override
    public Integer call() throws Exception {
        RunningEngine engine = waybill.engine();
        System.out.println(engine.operation("pause", carrier, reason).asText());
        return 0;
    }
}
