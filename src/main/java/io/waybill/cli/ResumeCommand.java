package io.waybill.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code waybill resume}: a person lets a carrier go on, for all nodes. */
@Command(
        name = "resume",
        description =
                "Lets a paused carrier of the running engine work again; its orders go on in the order of their acceptance.",
        footer = {"", "Example:", "  waybill resume kdniao --reason 'they are back'"})
final class ResumeCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Parameters(paramLabel = "CARRIER", description = "the name of its folder below mappings/")
    private String carrier;

    @Option(names = "--reason", required = true, description = "why; stays in the carrier's history")
    private String reason;

    @Override
    public Integer call() throws Exception {
        RunningEngine engine = waybill.engine();
        System.out.println(engine.operation("resume", carrier, reason).asText());
        return 0;
    }
}
