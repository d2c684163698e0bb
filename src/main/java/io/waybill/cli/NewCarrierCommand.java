package io.waybill.cli;

import io.waybill.check.Check;
import io.waybill.draft.CarrierDraft;
import io.waybill.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code waybill new-carrier}: the first draft of a carrier folder. */
@Command(
        name = "new-carrier",
        description = {
            "Writes the first draft of a carrier: mappings/NAME and routes/NAME.camel.yaml; calls nobody, overwrites nothing.",
            "'waybill check' then says what is left to fill in; until that is done, every order for it is refused."
        },
        footer = {
            "",
            "Examples:",
            "  waybill new-carrier acme --from acme-openapi.json --operation createShipment",
            "  waybill new-carrier acme --from samples.json"
        })
final class NewCarrierCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Parameters(paramLabel = "NAME", description = "the name of the carrier and its folder, a lower-case word")
    private String name;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "FILE.json",
            description = "an OpenAPI 3 document, or an array of samples {request, response}")
    private Path from;

    @Option(names = "--operation", description = "the operationId or path that books, where it is not the only one")
    private String operation;

    @Override
    public Integer call() {
        Settings settings = waybill.settings();
        List<Path> written = CarrierDraft.write(settings.home(), name, from, operation);
        written.forEach(file -> System.out.println(settings.home().relativize(file)));
        long left = new Check(settings)
                .all().stream()
                        .filter(finding -> finding.file().contains("/" + name))
                        .count();
        System.out.println(Words.count(written.size(), "file") + "; 'waybill check' names " + Words.count(left, "thing")
                + " left to do");
        return 0;
    }
}
