package io.waybill.cli;

import io.waybill.order.Outcome;
import io.waybill.route.Tally;
import io.waybill.settings.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code waybill run}: the engine for real, until it is asked to stop. */
@Command(name = "run", description = "Starts the engine with the settings of conf/waybill.properties.")
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

    @Override
    public Integer call() throws Exception {
        Settings settings = waybill.settings();
        try (Engine engine = Engine.start(settings, NOBODY)) {
            System.out.println("waybill: running; drop orders into " + settings.get("waybill.inbox"));
            Welcome.console(settings, engine);
            engine.await();
        }
        return 0;
    }
}
