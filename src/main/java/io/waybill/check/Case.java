package io.waybill.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.mapping.Answer;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Difference;
import io.waybill.mapping.Known;
import io.waybill.mapping.MappingRefused;
import io.waybill.mapping.OrderSchema;
import io.waybill.mapping.Part;
import io.waybill.mapping.Request;
import io.waybill.order.Fault;
import io.waybill.order.Json;
import io.waybill.order.OrderKey;
import io.waybill.order.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One case of a carrier: an order, and what has to become of it.
 *
 * <ol>
 *   <li>{@code order.json} is a legal order. Without {@code request.json} it is refused, with the faults of
 *       {@code rejected.json}.
 *   <li>Else it becomes {@code request.json}, and the answer {@code response.json} to that becomes {@code shipment.json}, or
 *       {@code rejected.json} where the carrier says no or nobody can know.
 *   <li>{@code call.json} names a further call of the booking, or an operation that follows it, and what was done before it;
 *       its answer becomes {@code result.json}.
 *   <li>{@code push.json} is something that the carrier tells by itself, see {@link PushCase}.
 *   <li>{@code account.json} here is laid over the one of all cases beside this folder.
 * </ol>
 */
public final class Case {

    private static final ObjectMapper JSON = Json.strict(1 << 22, 1 << 22);

    private final Path folder;
    private final Carrier carrier;
    private final OrderSchema orders;

    public Case(Path folder, Carrier carrier, OrderSchema orders) {
        this.folder = folder;
        this.carrier = carrier;
        this.orders = orders;
    }

    /** {@code <carrier>/<case>}. */
    public String name() {
        return carrier.id() + "/" + folder.getFileName();
    }

    Carrier carrier() {
        return carrier;
    }

    /** Where it lies. */
    Path folder() {
        return folder;
    }

    /** Runs it: what came out otherwise than expected, one line each; none if it holds. */
    public List<String> differences() {
        try {
            return compare();
        } catch (UncheckedIOException | IllegalArgumentException e) {
            return List.of(e.getMessage());
        }
    }

    private List<String> compare() {
        ObjectNode order = order();
        List<Fault> illegal = orders.faults(order);
        if (!illegal.isEmpty()) {
            return illegal.stream()
                    .map(fault -> "order.json: " + fault.message())
                    .toList();
        }
        if (has("push.json")) {
            return PushCase.of(this, read("push.json")).differences();
        }
        List<String> differences = new ArrayList<>();
        try {
            Request request = request(order);
            if (!has("request.json")) {
                return List.of("rejected.json: expected a refusal, was a request of this order");
            }
            differences.addAll(Difference.between("request.json", read("request.json"), again(request.json())));
        } catch (MappingRefused refused) {
            return has("request.json")
                    ? refused.faults().stream()
                            .map(fault -> "request.json: expected a request, was refused: " + fault.message())
                            .toList()
                    : Difference.between("rejected.json", read("rejected.json"), faults(refused));
        }
        String expected = has("rejected.json") ? "rejected.json" : has("call.json") ? "result.json" : "shipment.json";
        differences.addAll(Difference.between(expected, read(expected), again(made(order))));
        return differences;
    }

    /** What the answer makes of the order: what it brought, or in which way it is none. */
    private JsonNode made(ObjectNode order) {
        Outcome outcome = carrier.outcome(operation(), answer());
        ObjectNode made = JSON.createObjectNode();
        if (outcome instanceof Outcome.Rejected no) {
            return made.put("outcome", "rejected").put("reason", no.reason());
        }
        if (outcome instanceof Outcome.Throttled later) {
            return made.put("outcome", "throttled").put("reason", later.reason());
        }
        if (outcome instanceof Outcome.InDoubt unknown) {
            return made.put("outcome", "in-doubt").put("reason", unknown.reason());
        }
        if (!(outcome instanceof Outcome.Confirmed)) {
            return made.put("outcome", outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        }
        try {
            return brought(order);
        } catch (MappingRefused refused) {
            return faults(refused);
        }
    }

    static JsonNode faults(MappingRefused refused) {
        ObjectNode rejected = JSON.createObjectNode();
        ArrayNode faults = rejected.putArray("faults");
        refused.faults()
                .forEach(fault ->
                        faults.addObject().put("pointer", fault.pointer()).put("message", fault.message()));
        return rejected;
    }

    /** Whether the case holds a file. */
    public boolean has(String file) {
        return Files.exists(folder.resolve(file));
    }

    /** The order, a fresh copy. */
    public ObjectNode order() {
        if (read("order.json") instanceof ObjectNode order) {
            return order;
        }
        throw new IllegalArgumentException("order.json: expected an object");
    }

    /** The operation that it is about. */
    public String operation() {
        return known(order()).part().operation();
    }

    /** The carrier's common account of its cases with the case's own settings laid over it. */
    public Map<String, String> account() {
        Map<String, String> account = new HashMap<>();
        for (Path file : List.of(folder.resolveSibling("account.json"), folder.resolve("account.json"))) {
            if (Files.exists(file)) {
                read(file)
                        .properties()
                        .forEach(setting ->
                                account.put(setting.getKey(), setting.getValue().asText()));
            }
        }
        return account;
    }

    /** What the carrier answers. */
    public Answer answer() {
        JsonNode response = read("response.json");
        JsonNode body = response.path("body");
        Map<String, String> headers = new HashMap<>();
        response.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        String text = body.isTextual() ? body.asText() : body.toString();
        return new Answer(response.path("status").asInt(), headers, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Which call of the booking of an order it is about: {@code call.json} where it is not the create. */
    public Known known(ObjectNode order) {
        if (!has("call.json")) {
            return new Known(carrier.booking(order, account()), JSON.createObjectNode());
        }
        JsonNode call = read("call.json");
        String step = call.path("step").asText();
        Part part = part(order, step)
                // the order was changed so that it takes this call no more
                .or(() -> part(order(), step))
                .or(() -> afterwards(step))
                .orElseThrow(() -> new IllegalArgumentException("call.json: the booking takes no call '" + step + "'"));
        return new Known(part, call.path("done").isObject() ? (ObjectNode) call.path("done") : JSON.createObjectNode());
    }

    /** An operation that belongs to no booking: a follow-up, a cancel. */
    private Optional<Part> afterwards(String step) {
        return Optional.of(step)
                .filter(carrier.operations()::contains)
                .map(operation -> new Part(operation, operation, "", null, true));
    }

    private Optional<Part> part(ObjectNode order, String step) {
        if (carrier.isLater(step)) {
            return Optional.of(new Part(step, step, "", null, true));
        }
        return carrier.parts(order, account()).stream()
                .filter(each -> each.step().equals(step))
                .findFirst();
    }

    /** What is sent for an order, mostly that of the case or a changed copy of it. */
    public Request request(ObjectNode order) {
        Known known = known(order);
        return carrier.request(known.part().operation(), known, order, carrier.reference(key(order)), account());
    }

    /** What the answer brings: the shipment, or what a later call brought. */
    public ObjectNode brought(ObjectNode order) {
        Known known = known(order);
        if (carrier.isLater(known.part().operation())
                || part(order(), known.part().step()).isEmpty()) {
            return carrier.later(known, order, answer(), account());
        }
        return known.part().isBooking()
                ? carrier.result(known.part().operation(), known, order, answer(), account())
                : carrier.answered(known, order, answer(), account());
    }

    private static OrderKey key(ObjectNode order) {
        return new OrderKey(
                order.path("account").asText("default"),
                order.path("order_id").asText(),
                order.path("reissue").asInt());
    }

    JsonNode read(String file) {
        return read(folder.resolve(file));
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file.getFileName() + ": is missing or cannot be read", e);
        }
    }

    /** A tree as it comes back from its text, so that 1.2 is 1.2 whoever made it. */
    static JsonNode again(JsonNode tree) {
        try {
            return JSON.readTree(JSON.writeValueAsBytes(tree));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
