package io.waybill.cli;

import io.waybill.check.Check;
import io.waybill.check.Finding;
import io.waybill.engine.Engine;
import io.waybill.order.Outcome;
import io.waybill.route.Tally;
import io.waybill.settings.Settings;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * {@code waybill run}: the engine for real, until it is asked to stop. What would break at run time is found first, and
 * nothing is started then.
 */
@Command(
        name = "run",
        description = {
            "Starts the engine with the settings of conf/waybill.properties.",
            "Checks routes, carriers and settings first, and does not start on a finding that would break."
        },
        footer = {"", "Examples:", "  waybill run", "  waybill run -Dwaybill.inbox=/srv/orders"})
final class RunCommand implements Callable<Integer> {

    /** Nobody watches a real run but its logs and metrics. */
    private static final Tally NOBODY = new Tally() {
        @Override
        public void called(String carrier, Outcome outcome) {
            // metrics have it
        }

        @Override
        public void settled(Settled settled) {
            // the log has it
        }

        @Override
        public void duplicate() {
            // metrics have it
        }
    };

    @ParentCommand
    private Waybill waybill;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws Exception {
        Settings settings = waybill.uncheckedSettings();
        LogTo.file(settings);
        List<Finding> findings = new Check(settings).declared();
        findings.forEach(command.commandLine().getErr()::println);
        if (findings.stream().anyMatch(Finding::stops)) {
            command.commandLine()
                    .getErr()
                    .println("waybill: not started: the findings above stand in the way, see 'waybill check'");
            return CommandLine.ExitCode.USAGE;
        }
        try (Engine engine = Engine.start(settings, NOBODY)) {
            System.out.println("waybill: running; drop orders into " + settings.get("waybill.inbox"));
            Welcome.console(settings, engine);
            engine.await();
        }
        return 0;
    }
}
