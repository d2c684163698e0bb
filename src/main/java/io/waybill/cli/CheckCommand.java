package io.waybill.cli;

import io.waybill.check.Check;
import io.waybill.check.Finding;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code waybill check}: everything that is wrong with routes, carriers, cases and settings. */
@Command(
        name = "check",
        description = {
            "Checks routes, carriers, cases and settings; starts nothing.",
            "Prints each finding as file:line: message, and leaves with 1 if there is one."
        },
        footer = {"", "Examples:", "  waybill check", "  waybill check -Dwaybill.home=/srv/waybill-next"})
final class CheckCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Override
    public Integer call() {
        List<Finding> findings = new Check(waybill.uncheckedSettings()).all();
        findings.forEach(System.out::println);
        System.out.println(
                switch (findings.size()) {
                    case 0 -> "no findings";
                    case 1 -> "1 finding";
                    default -> findings.size() + " findings";
                });
        return findings.isEmpty() ? 0 : 1;
    }
}
