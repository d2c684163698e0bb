package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code waybill cancel}: an order is not wanted any more. */
@Command(
        name = "cancel",
        description = {
            "Cancels an order: at once where nothing was sent, else its carrier is asked to.",
            "A dead order is cancelled too where only its label was refused (label-refused).",
            "Leaves with 1 where the carrier has no way to be asked, and says so; the order stays as it is."
        },
        footer = {
            "",
            "Examples:",
            "  waybill cancel A-1001 --reason 'the buyer changed his mind'",
            "  waybill cancel A-1001 --confirmed --reason 'the carrier said so on the phone'"
        })
final class CancelCommand implements Callable<Integer> {

    private static final Set<String> UNDER_WAY = Set.of("confirmed", "requested");

    @ParentCommand
    private Waybill waybill;

    @Mixin
    private WhichOrder order;

    @Option(names = "--reason", required = true, description = "why; stays in the order's history")
    private String reason;

    @ArgGroup
    private Settled settled;

    /** Of a cancellation in doubt, one of these. */
    private static final class Settled {

        @Option(
                names = "--confirmed",
                description = "its cancellation is in doubt, and the carrier says that it is cancelled")
        private boolean confirmed;

        @Option(
                names = "--refused",
                description = "its cancellation is in doubt, and the carrier says that it is not cancelled")
        private boolean refused;
    }

    @Override
    public Integer call() throws Exception {
        String id = order.needed();
        RunningEngine engine = waybill.engine();
        JsonNode told = settled == null
                ? engine.operation("cancel", order.account, id, order.reissue, reason)
                : engine.operation("settleCancel", order.account, id, order.reissue, settled.confirmed, reason);
        System.out.println(told.path("says").asText());
        return settled != null || UNDER_WAY.contains(told.path("state").asText()) ? 0 : 1;
    }
}
