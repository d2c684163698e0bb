package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code waybill audit}: whether history and labels are what was once written. */
@Command(
        name = "audit",
        description =
                "Verifies the chain of hashes of one order's history and its label files, or those of every order;"
                        + " names each broken row and file.",
        footer = {"", "Exit code 1 if anything is broken.", "Examples:", "  waybill audit", "  waybill audit A-1001"})
final class AuditCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Mixin
    private WhichOrder order;

    @Override
    public Integer call() throws Exception {
        RunningEngine engine = new RunningEngine(waybill.settings());
        int broken = order.id == null
                ? all(engine)
                : told(engine.operation("audit", order.account, order.id, order.reissue));
        System.out.println(broken == 0 ? "nothing is broken" : broken + " findings");
        return broken == 0 ? 0 : 1;
    }

    /** Page by page, since a ledger of millions takes longer than one request may. */
    private static int all(RunningEngine engine) throws Exception {
        int broken = 0;
        long looked = 0;
        long orders = 0;
        for (JsonNode count : engine.attribute("Orders")) {
            orders += count.asLong();
        }
        try (Progress progress = Progress.of("orders", orders)) {
            JsonNode page = engine.operation("auditAfter", "", "", -1);
            while (page.path("looked").asLong() > 0) {
                looked += page.path("looked").asLong();
                progress.at(looked);
                broken += told(page.path("findings"));
                if (page.path("account").asText().isEmpty()) {
                    break;
                }
                page = engine.operation(
                        "auditAfter",
                        page.path("account").asText(),
                        page.path("order").asText(),
                        page.path("reissue").asInt());
            }
        }
        System.out.println(looked + " orders looked at");
        return broken;
    }

    private static int told(JsonNode findings) {
        findings.forEach(line -> System.out.println(line.asText()));
        return findings.size();
    }
}
