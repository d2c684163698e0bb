package io.waybill.cli;

import io.waybill.engine.Engine;
import io.waybill.settings.Settings;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
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
            CancelCommand.class,
            AuditCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            RouteCommand.class,
            ReportCommand.class,
            ReconcileCommand.class,
            ReloadCommand.class,
            UserCommand.class,
            CompletionCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  waybill demo",
            "  waybill run -Dwaybill.inbox=/srv/orders",
            "  waybill help resolve"
        })
public final class Waybill {

    static final String LOG_LEVEL = "waybill.log.level";
    private static final Map<String, String> EXIT_CODES = new TreeMap<>(
            Map.of(
                    " 0", "done",
                    " 1", "something stands in the way, or was found, and was said",
                    " 2",
                            "the command line is wrong; of run: so are routes, carriers or settings, and trying again mends nothing"));
    private static final List<String> LOG_SETTINGS =
            List.of(LOG_LEVEL, "waybill.log.file-mb", "waybill.log.file-days", "waybill.log.files-mb");

    @Option(
            names = "-D",
            mapFallbackValue = "",
            scope = CommandLine.ScopeType.INHERIT,
            paramLabel = "<setting>=<value>",
            description = "overrides a setting")
    private Map<String, String> settings = Map.of();

    @Option(
            names = "--user",
            scope = CommandLine.ScopeType.INHERIT,
            paramLabel = "<name>",
            description = "logs in to the running engine by this name; the password is WAYBILL_PASSWORD, or asked for")
    private String user;

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
        return commands()
                .setErr(errors)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    InTheWay.of(failure).forEach(command.getErr()::println);
                    boolean declared = command.getCommand() instanceof RunCommand && Engine.isDeclared(failure);
                    return declared ? CommandLine.ExitCode.USAGE : 1;
                })
                .execute(arguments);
    }

    /** Every command with its help, its exit codes, and colours where somebody looks at a terminal. */
    static CommandLine commands() {
        CommandLine root = new CommandLine(new Waybill());
        root.addSubcommand(new CommandLine.HelpCommand());
        helped(root);
        return root.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.AUTO));
    }

    private static void helped(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        // a command that is a method must say it itself, else its arguments are taken for others
        boolean method = spec.userObject() instanceof Method;
        if (!method && !spec.mixinStandardHelpOptions() && !spec.helpCommand()) {
            spec.mixinStandardHelpOptions(true);
        }
        spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(EXIT_CODES);
        command.getSubcommands().values().forEach(Waybill::helped);
    }

    /** The settings of this process, with what {@code -D} overrides. */
    Settings settings() {
        return settings(Map.of());
    }

    /** The engine that runs with the settings of this process. */
    RunningEngine engine() {
        return new RunningEngine(settings(), user);
    }

    /** As {@link #settings()}, with other defaults than those of the file. */
    Settings settings(Map<String, String> defaults) {
        return logged(Settings.load(defaults, system(), System.getenv()));
    }

    /** As {@link #settings()}, but unknown names are left to the check, which tells them with everything else. */
    Settings uncheckedSettings() {
        return logged(Settings.read(Map.of(), system(), System.getenv()));
    }

    /** As {@link #uncheckedSettings()}, of another home folder. */
    Settings uncheckedSettings(Path home) {
        Properties system = system();
        system.setProperty("waybill.home", home.toString());
        // the work folder of this installation, wherever its home is
        system.putIfAbsent("waybill.work", logged(settingsHere()).work().toString());
        return Settings.read(Map.of(), system, System.getenv());
    }

    private Settings settingsHere() {
        return Settings.read(Map.of(), system(), System.getenv());
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
        for (String name : LOG_SETTINGS) {
            System.setProperty(name, loaded.get(name));
        }
        LogTo.terminal(loaded);
        return loaded;
    }
}
