package io.waybill.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.check.OrderFields;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.CarrierRules;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Known;
import io.waybill.mapping.MappingRefused;
import io.waybill.mapping.OrderSchema;
import io.waybill.mapping.Part;
import io.waybill.mapping.Request;
import io.waybill.order.Fault;
import io.waybill.order.Json;
import io.waybill.order.OrderKey;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code waybill map}: what a carrier would be sent.
 *
 * <ol>
 *   <li>The order is read and checked as one that comes in; the carrier is the one that is named, the service that of the
 *       order or of the carrier rules.
 *   <li>It is mapped with the settings of its account. All faults are printed, or the request without its secrets.
 * </ol>
 */
@Command(
        name = "map",
        description = {
            "Prints what a carrier would be sent for an order, or everything that stands against it; calls nobody.",
            "Secrets are hidden; names and addresses are not."
        },
        footer = {
            "",
            "Examples:",
            "  waybill map --carrier kdniao order.json --explain",
            "  waybill map order.json --explain",
            "  waybill map birdsystem order.json --operation sku --account acme"
        })
final class MapCommand implements Callable<Integer> {

    @ParentCommand
    private Waybill waybill;

    @Option(
            names = "--carrier",
            description = "the folder in mappings/; may also stand before the file; what the rules choose if not given")
    private String id;

    @Parameters(arity = "1..2", paramLabel = "ORDER.json", description = "a file with one order")
    private List<String> named;

    private Path file;

    @Option(
            names = "--operation",
            defaultValue = "book",
            description =
                    "the operation of carrier.yaml, book if not given; what calls before it brought is not known here")
    private String operation;

    @Option(
            names = "--explain",
            description = "also says which rule chose carrier and service, and what is changed or left out")
    private boolean explain;

    @Option(names = "--account", description = "whose settings apply; those of the order if not given")
    private String account;

    @Override
    public Integer call() {
        Settings settings = waybill.settings();
        Path mappings = settings.home().resolve("mappings");
        file = Path.of(named.get(named.size() - 1));
        if (named.size() > 1) {
            id = named.get(0);
        }
        Carriers carriers = Carriers.load(mappings, settings::carrier);
        if (id != null) {
            carriers.get(id).operation(operation);
        }
        ObjectNode order = read();
        List<Fault> illegal =
                OrderSchema.load(mappings.resolve("order.schema.json")).faults(order);
        if (!illegal.isEmpty()) {
            return refused(illegal);
        }
        CarrierRules rules = CarrierRules.load(settings.home().resolve("routes/carrier-rules.yaml"))
                .knowing(carriers.ids());
        Optional<CarrierRules.Choice> choice = rules.choose(order);
        if (id == null) {
            id = choice.map(CarrierRules.Choice::carrier).orElse(null);
        }
        if (explain || id == null) {
            System.out.println(chosen(choice));
        }
        if (id == null) {
            return 1;
        }
        Carrier carrier = carriers.get(id);
        choose(order, rules);
        Map<String, String> keys = settings.account(order.path("account").asText("default"), id);
        SentRequest sent = new SentRequest(carrier.secrets(keys));
        try {
            List<Known> calls = calls(carrier, order, keys);
            for (Known call : calls) {
                Request request =
                        carrier.request(call.part().operation(), call, order, carrier.reference(key(order)), keys);
                sent.lines(request).forEach(System.out::println);
            }
            if (explain) {
                explain(carrier, order, keys);
            }
            return 0;
        } catch (MappingRefused refused) {
            return refused(refused.faults());
        }
    }

    /** What the rules make of the order as it came, whichever carrier is asked about here. */
    private String chosen(Optional<CarrierRules.Choice> choice) {
        if (choice.isEmpty()) {
            return "chosen: nobody; no rule of carrier-rules.yaml fits, and the order names no carrier and service";
        }
        String by = choice.get().rule().equals("order")
                ? "the order itself"
                : "the rule '" + choice.get().rule() + "'";
        String other = choice.get().carrier().equals(id) ? "" : "; what follows is for " + id;
        return "chosen: " + choice.get().carrier() + " " + choice.get().service() + ", by " + by + other;
    }

    private void explain(Carrier carrier, ObjectNode order, Map<String, String> keys) {
        String came = order.path("order_id").asText();
        String reference = carrier.reference(key(order));
        List<String> lines = new ArrayList<>();
        if (!reference.equals(came)) {
            lines.add("changed: the order is known to " + id + " as '" + reference + "', since it does not take '"
                    + came + "'");
        }
        carrier.changes(operation, order, keys).forEach(change -> lines.add("changed: " + change));
        List<String> unsent = carrier.unsent(order, keys);
        unsent.forEach(field -> lines.add("left out: " + field));
        OrderFields.unused(order, carrier::withDefaults, less -> told(carrier, less, keys)).stream()
                .filter(field -> unsent.stream().noneMatch(line -> names(line, field)))
                .forEach(field -> lines.add("left out: " + field + " changes nothing of what is sent"));
        System.out.println();
        lines.forEach(System.out::println);
        if (lines.isEmpty()) {
            System.out.println("nothing is changed or left out");
        }
    }

    /** Everything that the booking of an order would send. */
    private static String told(Carrier carrier, ObjectNode order, Map<String, String> keys) {
        StringBuilder told = new StringBuilder();
        for (Part part : carrier.parts(order, keys)) {
            try {
                Known known = new Known(part, JsonNodeFactory.instance.objectNode());
                told.append(carrier.request(part.operation(), known, order, carrier.reference(key(order)), keys)
                        .json());
            } catch (MappingRefused refused) {
                told.append(refused.getMessage());
            }
        }
        return told.toString();
    }

    /** Whether a line of {@link Carrier#unsent} is about a field or what it stands in. */
    private static boolean names(String line, String field) {
        String named = line.substring(line.indexOf(": ") + 2, line.indexOf(" ("));
        return field.equals(named) || field.startsWith(named + ".");
    }

    private ObjectNode read() {
        try {
            JsonNode order = Json.orders().readTree(Files.readAllBytes(file));
            if (order instanceof ObjectNode object) {
                return account == null ? object : object.put("account", account);
            }
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new IllegalArgumentException(file + ":" + line + ": cannot be read: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ":1: is missing or cannot be read", e);
        }
        throw new IllegalArgumentException(file + ":1: expected one order, an object");
    }

    private void choose(ObjectNode order, CarrierRules rules) {
        order.put("carrier", id);
        rules.choose(order).ifPresent(choice -> order.put("service", choice.service()));
    }

    /** The calls of this operation that the booking of the order takes; a look-up belongs to none. */
    private List<Known> calls(Carrier carrier, ObjectNode order, Map<String, String> keys) {
        List<Known> calls = carrier.parts(order, keys).stream()
                .filter(part -> part.operation().equals(operation)
                        || part.isBooking() && part.step().equals(operation))
                .map(part -> new Known(part, JsonNodeFactory.instance.objectNode()))
                .toList();
        if (!calls.isEmpty()) {
            return calls;
        }
        Part alone = new Part(operation, operation, "", null, true);
        return List.of(new Known(alone, JsonNodeFactory.instance.objectNode()));
    }

    private static OrderKey key(ObjectNode order) {
        return new OrderKey(
                order.path("account").asText("default"),
                order.path("order_id").asText(),
                order.path("reissue").asInt());
    }

    private static int refused(List<Fault> faults) {
        faults.forEach(fault -> System.out.println(fault.message()));
        System.out.println(Words.count(faults.size(), "fault") + "; nothing would be sent");
        return 1;
    }
}
