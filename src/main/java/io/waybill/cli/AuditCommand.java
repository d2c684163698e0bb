package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code waybill audit}: whether history and labels are what was once written. */
@Command(
        name = "audit",
        description = {
            "Verifies the chain of hashes of one order's history and its label files, or those of every order.",
            "Names each broken row and file, and leaves with 1 if there is one."
        },
        footer = {"", "Examples:", "  waybill audit", "  waybill audit A-1001"})
final class AuditCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Mixin
    private WhichOrder order;

    @Override
    public Integer call() throws Exception {
        RunningEngine engine = waybill.engine();
        int broken = order.id == null
                ? Pages.ofAll(engine, (account, id, reissue) -> engine.operation("auditAfter", account, id, reissue))
                : told(engine.operation("audit", order.account, order.id, order.reissue));
        System.out.println(broken == 0 ? "nothing is broken" : Words.count(broken, "finding"));
        return broken == 0 ? 0 : 1;
    }

    private static int told(JsonNode findings) {
        findings.forEach(line -> System.out.println(line.asText()));
        return findings.size();
    }
}
