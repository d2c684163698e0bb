package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
            "  waybill replay --cause rejected --reason 'the service is open again'",
            "  waybill replay --push 0123456789ab --reason 'the order is booked now'"
        })
final class ReplayCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Mixin
    private WhichOrder order;

    @Option(names = "--cause", description = "all dead orders of this cause, at most a thousand at a time")
    private String cause;

    @Option(
            names = "--push",
            paramLabel = "ID",
            description = "what was put aside of a carrier's push, by the first twelve characters of its id")
    private String push;

    @Option(names = "--reason", required = true, description = "why; stays in the order's history")
    private String reason;

    @Override
    public Integer call() throws Exception {
        if (Stream.of(cause, order.id, push).filter(Objects::nonNull).count() != 1) {
            throw new IllegalArgumentException("an ORDER, a --cause or a --push is needed, one of them");
        }
        RunningEngine engine = new RunningEngine(waybill.settings());
        String user = System.getProperty("user.name");
        if (push != null) {
            System.out.println(
                    engine.operation("replayPush", push, user, reason).asText());
            return 0;
        }
        if (cause == null) {
            System.out.println(engine.operation("replay", order.account, order.id, order.reissue, user, reason)
                    .asText());
            return 0;
        }
        JsonNode replayed = engine.operation("replayCause", cause, user, reason);
        replayed.forEach(line -> System.out.println(line.asText()));
        System.out.println(replayed.size() + " orders");
        return 0;
    }
}
