package io.waybill.cli;

import io.waybill.check.Case;
import io.waybill.check.CaseBook;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code waybill test}: the cases that lie beside the mappings. */
@Command(
        name = "test",
        description = {
            "Runs the cases of the carriers against their mappings; calls nobody.",
            "Says of each whether it holds, and what came out otherwise; leaves with 1 if one does not or none was found."
        },
        footer = {
            "",
            "Examples:",
            "  waybill test",
            "  waybill test kdniao",
            "  waybill test kdniao/a-parcel-within-china"
        })
final class TestCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Parameters(arity = "0..1", paramLabel = "CARRIER[/CASE]", description = "which cases; all if not given")
    private String which;

    @Override
    public Integer call() {
        List<Case> cases =
                CaseBook.open(waybill.settings().home().resolve("mappings")).cases(which);
        int failed = 0;
        for (Case each : cases) {
            List<String> differences = each.differences();
            System.out.println((differences.isEmpty() ? Words.good("ok      ") : Words.bad("FAILED  ")) + each.name());
            differences.forEach(difference -> System.out.println("        " + difference));
            failed += differences.isEmpty() ? 0 : 1;
        }
        System.out.println(Words.count(cases.size(), "case") + ", " + failed + " failed");
        return failed == 0 ? 0 : 1;
    }
}
