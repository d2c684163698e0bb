package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code waybill replay}: dead orders begin again where they stopped. */
@Command(
        name = "replay",
        description =
                "Begins a dead order again where it stopped, or all of a cause. What is booked is not booked again.",
        footer = {
            "",
            "Examples:",
            "  waybill replay A-1001 --reason 'the api key is renewed'",
            "  waybill replay --cause rejected --reason 'the service is open again'"
        })
final class ReplayCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Mixin
    private WhichOrder order;

    @Option(names = "--cause", description = "all dead orders of this cause, at most a thousand at a time")
    private String cause;

    @Option(names = "--reason", required = true, description = "why; stays in the order's history")
    private String reason;

    @Override
    public Integer call() throws Exception {
        if ((cause == null) == (order.id == null)) {
            throw new IllegalArgumentException("an ORDER or a --cause is needed, not both");
        }
        RunningEngine engine = waybill.engine();
        if (cause == null) {
            System.out.println(engine.operation("replay", order.account, order.id, order.reissue, reason)
                    .asText());
            return 0;
        }
        JsonNode replayed = engine.operation("replayCause", cause, reason);
        replayed.forEach(line -> System.out.println(line.asText()));
        System.out.println(replayed.size() + " orders");
        return 0;
    }
}
