package io.waybill.cli;

import io.waybill.settings.Settings;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code waybill}; without a sub-command it shows the demo. */
@Command(
        name = "waybill",
        mixinStandardHelpOptions = true,
        version = "waybill 0.1.0",
        description = "Orders in; waybills, labels, tracking and charges out.",
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            SandboxCommand.class,
            CheckCommand.class,
            TestCommand.class,
            MapCommand.class,
            NewCarrierCommand.class,
            ResolveCommand.class,
            StatusCommand.class,
            TraceCommand.class,
            DeadCommand.class,
            ReplayCommand.class,
            AuditCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            ReloadCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 something stands in the way and was said, 2 the command line is wrong.",
            "Example: waybill run -Dwaybill.inbox=/srv/orders"
        })
public final class Waybill {

    static final String LOG_LEVEL = "waybill.log.level";

    @Option(
            names = "-D",
            mapFallbackValue = "",
            scope = CommandLine.ScopeType.INHERIT,
            paramLabel = "<setting>=<value>",
            description = "overrides a setting")
    private Map<String, String> settings = Map.of();

    /** Runs a command and ends the process with its exit code, unless that is 0. */
    public static void main(String[] arguments) {
        int code = execute(arguments.length == 0 ? new String[] {"demo"} : arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** Runs a command. */
    static int execute(String... arguments) {
        return execute(new PrintWriter(System.err, true), arguments);
    }

    /**
     * Runs a command.
     *
     * @param errors where it says what stands in the way
     */
    static int execute(PrintWriter errors, String... arguments) {
        return new CommandLine(new Waybill())
                .setErr(errors)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("waybill: " + failure.getMessage());
                    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
                        command.getErr().println("  because: " + cause.getMessage());
                    }
                    return 1;
                })
                .execute(arguments);
    }

    /** The settings of this process, with what {@code -D} overrides. */
    Settings settings() {
        return settings(Map.of());
    }

    /** As {@link #settings()}, with other defaults than those of the file. */
    Settings settings(Map<String, String> defaults) {
        return logged(Settings.load(defaults, system(), System.getenv()));
    }

    /** As {@link #settings()}, but unknown names are left to the check, which tells them with everything else. */
    Settings uncheckedSettings() {
        return logged(Settings.read(Map.of(), system(), System.getenv()));
    }

    private Properties system() {
        Properties system = new Properties();
        System.getProperties()
                .stringPropertyNames()
                .forEach(name -> system.setProperty(name, System.getProperty(name)));
        settings.forEach(system::setProperty);
        return system;
    }

    /** The log configuration reads its level when the first line is logged, which is later. */
    private static Settings logged(Settings loaded) {
        System.setProperty(LOG_LEVEL, loaded.get(LOG_LEVEL));
        return loaded;
    }
}
