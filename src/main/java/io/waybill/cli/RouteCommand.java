package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code waybill route}: the routes of a node, and a person's hand on them. */
@Command(
        name = "route",
        description = "Lists the routes of the running engine, or stops, starts and traces them on this node.",
        footer = {
            "",
            "Examples:",
            "  waybill route list",
            "  waybill route stop inbox --reason 'the disk is changed'",
            "  waybill route start inbox --reason 'the disk is changed'",
            "  waybill route trace on --reason 'where do the orders wait?'"
        })
final class RouteCommand {

    @ParentCommand
    private Waybill waybill;

    @Command(
            mixinStandardHelpOptions = true,
            description =
                    "Prints a line each: route, state, and the last start or stop by hand: what, when, by whom, why; and while"
                            + " routes are traced, such a line for '*'.")
    int list() throws Exception {
        for (JsonNode line : waybill.engine().operation("listRoutes")) {
            System.out.println(Columns.line(line, Stream.of("route", "state", "what", "at", "by", "reason")));
        }
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description =
                    "Stops a route until it is started or the node starts again; what it has in hand goes its way.")
    int stop(
            @Parameters(paramLabel = "ROUTE", description = "its id, which is its file's name") String route,
            @Option(names = "--reason", required = true, description = "why; stays in the route's history")
                    String reason)
            throws Exception {
        System.out.println(
                waybill.engine().operation("stopRoute", route, reason).asText());
        return 0;
    }

    @Command(mixinStandardHelpOptions = true, description = "Starts a route that was stopped by hand.")
    int start(
            @Parameters(paramLabel = "ROUTE", description = "its id, which is its file's name") String route,
            @Option(names = "--reason", required = true, description = "why; stays in the route's history")
                    String reason)
            throws Exception {
        System.out.println(
                waybill.engine().operation("startRoute", route, reason).asText());
        return 0;
    }

    /** The trace of all routes. */
    private enum Trace {
        on,
        off
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Switches on or off that the console shows which order passed which step, without contents.")
    int trace(
            @Parameters(paramLabel = "on|off", description = "it is off when the node starts") Trace trace,
            @Option(names = "--reason", required = true, description = "why; stays in the routes' history")
                    String reason)
            throws Exception {
        System.out.println(waybill.engine()
                .operation("switchTrace", trace == Trace.on, reason)
                .asText());
        return 0;
    }
}
