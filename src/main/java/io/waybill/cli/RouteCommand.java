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
        description = "Lists the routes of the running engine, or stops and starts one of them on this node.",
        footer = {
            "",
            "Examples:",
            "  waybill route list",
            "  waybill route stop inbox --reason 'the disk is changed'",
            "  waybill route start inbox --reason 'the disk is changed'"
        })
final class RouteCommand {

    @ParentCommand
    private Waybill waybill;

    @Command(mixinStandardHelpOptions = true, description =
                    "Prints a line each: route, state, and the last start or stop by hand: what, when, by whom, why.")
    int list() throws Exception {
        for (JsonNode line : waybill.engine().operation("listRoutes")) {
            System.out.println(Columns.line(line, Stream.of("route", "state", "what", "at", "by", "reason")));
        }
        return 0;
    }

    @Command(mixinStandardHelpOptions = true, description =
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
}
