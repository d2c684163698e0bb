package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code waybill trace}: everything that happened to one order. */
@Command(
        name = "trace",
        description =
                "Prints the chain of an order: acceptance, calls, label, tracking, charges, dead letters, who and why.",
        footer = {"", "Examples:", "  waybill trace A-1001", "  waybill trace A-1001 --account acme --json"})
final class TraceCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParentCommand
    private Waybill waybill;

    @Mixin
    private WhichOrder order;

    @Option(names = "--json", description = "prints it for machines")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        String id = order.needed();
        String trail = waybill.engine()
                .operation("trace", order.account, id, order.reissue)
                .asText();
        if (json) {
            System.out.println(trail);
        } else {
            JsonNode read = JSON.readTree(trail);
            new Timeline(read).lines().forEach(System.out::println);
        }
        return 0;
    }
}
