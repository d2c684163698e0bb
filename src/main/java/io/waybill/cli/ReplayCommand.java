package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code waybill replay}: dead orders begin again where they stopped. */
@Command(
        name = "replay",
        description = {
            "Begins a dead order again where it stopped, or all of a cause. What is booked is not booked again.",
            "With --dry-run it only says what would be sent, beside what was sent then; values that differ are shown."
        },
        footer = {
            "",
            "Examples:",
            "  waybill replay A-1001 --dry-run",
            "  waybill replay A-1001 --reason 'the api key is renewed'",
            "  waybill replay --cause rejected --reason 'the service is open again'"
        })
final class ReplayCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParentCommand
    private Waybill waybill;

    @Mixin
    private WhichOrder order;

    @Option(names = "--cause", description = "all dead orders of this cause, at most a thousand at a time")
    private String cause;

    @Option(names = "--reason", description = "why; stays in the order's history; not needed with --dry-run")
    private String reason;

    @Option(names = "--dry-run", description = "changes nothing and calls nobody")
    private boolean dryRun;

    @Override
    public Integer call() throws Exception {
        if ((cause == null) == (order.id == null)) {
            throw new IllegalArgumentException("an ORDER or a --cause is needed, not both");
        }
        if (!dryRun && reason == null) {
            throw new IllegalArgumentException("a --reason is needed; it stays in the order's history");
        }
        RunningEngine engine = waybill.engine();
        if (cause == null) {
            one(engine);
        } else {
            all(engine);
        }
        return 0;
    }

    private void one(RunningEngine engine) throws Exception {
        if (dryRun) {
            rehearsed(JSON.readTree(engine.operation("dryRun", order.account, order.id, order.reissue)
                    .asText()));
        } else {
            System.out.println(engine.operation("replay", order.account, order.id, order.reissue, reason)
                    .asText());
        }
    }

    private void all(RunningEngine engine) throws Exception {
        JsonNode replayed =
                dryRun ? engine.operation("dryRunCause", cause) : engine.operation("replayCause", cause, reason);
        replayed.forEach(line -> System.out.println(line.asText()));
        System.out.println(replayed.size() + " orders");
    }

    private static void rehearsed(JsonNode told) {
        String where = told.has("step")
                ? ", " + told.path("step").asText() + " at "
                        + told.path("carrier").asText()
                : "";
        System.out.println("order " + told.path("order").asText() + where + ": "
                + told.path("says").asText());
        told.path("faults").forEach(fault -> System.out.println("  " + fault.asText()));
        told.path("differences").forEach(difference -> System.out.println("  " + difference.asText()));
    }
}
