package io.waybill.cli;

import io.waybill.check.Check;
import io.waybill.check.Finding;
import io.waybill.engine.Shadow;
import io.waybill.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code waybill check}: everything that is wrong with routes, carriers, cases and settings. */
@Command(
        name = "check",
        description = {
            "Checks routes, carriers, cases and settings; starts nothing.",
            "Where nothing is found that would stop a start, every route is made too, in a shadow: no port, no timer, no call.",
            "Prints each finding as file:line: message, and leaves with 1 if there is one."
        },
        footer = {
            "",
            "Examples:",
            "  waybill check",
            "  waybill check --deploy /srv/waybill-next",
            "  waybill check -Dwaybill.home=/srv/waybill-next"
        })
final class CheckCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Option(
            names = "--deploy",
            paramLabel = "DIR",
            description =
                    "a folder with routes/, mappings/ or conf/ as they are to be installed; what is not in it is taken"
                            + " from here")
    private Path deploy;

    @Override
    public Integer call() {
        // what Camel logs of the shadow is no finding
        System.setProperty(Waybill.LOG_LEVEL, System.getProperty(Waybill.LOG_LEVEL, "WARN"));
        List<String> findings = deploy == null
                ? found(waybill.uncheckedSettings())
                : deployed(waybill.uncheckedSettings().home());
        findings.forEach(System.out::println);
        System.out.println(findings.isEmpty() ? "no findings" : Words.count(findings.size(), "finding"));
        return findings.isEmpty() ? 0 : 1;
    }

    private List<String> deployed(Path here) {
        Candidate candidate = Candidate.of(deploy, here);
        try {
            return found(waybill.uncheckedSettings(candidate.home())).stream()
                    .map(candidate::named)
                    .toList();
        } finally {
            candidate.remove();
        }
    }

    private static List<String> found(Settings settings) {
        List<Finding> declared = new Check(settings).all();
        List<String> lines =
                new ArrayList<>(declared.stream().map(Finding::toString).toList());
        if (declared.stream().noneMatch(Finding::stops)) {
            // what Camel would say of the rest is said above, with its line
            lines.addAll(Shadow.faults(settings));
        }
        return lines;
    }
}
