package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code waybill reload}: edited mappings, taken up by the running engine. */
@Command(
        name = "reload",
        description = {
            "Lets the running engine take up the carrier folders that were edited, if their check and cases have no finding.",
            "Says of each whether it was taken up, or why the old one stays; leaves with 1 if one stays."
        },
        footer = {"", "Example:", "  waybill reload --reason 'the new service of kdniao'"})
final class ReloadCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Option(names = "--reason", required = true, description = "why; stays in the carrier's history")
    private String reason;

    @Override
    public Integer call() throws Exception {
        RunningEngine engine = waybill.engine();
        JsonNode edited = engine.operation("reloadMappings", reason);
        if (edited.isEmpty()) {
            System.out.println(
                    "no carrier folder was edited; routes, rules, settings and order.schema.json need a restart");
        }
        edited.forEach(folder -> System.out.println(apart(folder.path("says").asText())));
        return edited.findValuesAsText("state").stream().allMatch("taken-up"::equals) ? 0 : 1;
    }

    /** Each finding on a line of its own, where a terminal can jump to it. */
    static String apart(String told) {
        return told.replaceAll("(:|;) (?=/\\S*/mappings/)", "$1\n  ").replace(";\n", "\n");
    }
}
