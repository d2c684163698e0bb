package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Json;
import io.waybill.order.OrderKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The cases that lie beside the mappings, and the real folders that they prove. */
final class Cases {

    static final Path MAPPINGS = Path.of("mappings");
    static final ObjectMapper JSON = Json.strict(1 << 22, 1 << 22);
    static final Carriers CARRIERS = Carriers.load(MAPPINGS);
    static final OrderSchema ORDERS = OrderSchema.load(MAPPINGS.resolve("order.schema.json"));

    private Cases() {}

    static List<Path> of(String carrier) {
        try (Stream<Path> cases = Files.list(MAPPINGS.resolve(carrier).resolve("cases"))) {
            return cases.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode order(Path folder) {
        return (ObjectNode) read(folder.resolve("order.json"));
    }

    static ObjectNode order(String carrier, String name) {
        return order(MAPPINGS.resolve(carrier).resolve("cases").resolve(name));
    }

    /** The carrier's common account of its cases with the case's own settings laid over it. */
    static Map<String, String> account(Path folder) {
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

    static Map<String, String> account(String carrier) {
        return account(MAPPINGS.resolve(carrier).resolve("cases").resolve("any"));
    }

    static Answer answer(Path folder) {
        JsonNode response = read(folder.resolve("response.json"));
        JsonNode body = response.path("body");
        Map<String, String> headers = new HashMap<>();
        response.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        return answer(response.path("status").asInt(), headers, body.isTextual() ? body.asText() : body.toString());
    }

    static Answer answer(int status, Map<String, String> headers, String body) {
        return new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    static OrderKey key(ObjectNode order) {
        return new OrderKey(
                order.path("account").asText("default"),
                order.path("order_id").asText(),
                order.path("reissue").asInt());
    }

    /** Which call of the booking a case is about: {@code call.json} where it is not the create. */
    static Known known(String carrier, Path folder) {
        if (!Files.exists(folder.resolve("call.json"))) {
            return Known.NOTHING;
        }
        JsonNode call = read(folder.resolve("call.json"));
        Part part = CARRIERS.get(carrier).parts(order(folder)).stream()
                .filter(each -> each.step().equals(call.path("step").asText()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(folder + ": the booking takes no such call"));
        return new Known(part, (ObjectNode) call.path("done"));
    }

    static Request request(String carrier, Path folder) {
        return request(carrier, folder, order(folder));
    }

    static Request request(String carrier, Path folder, ObjectNode order) {
        Carrier to = CARRIERS.get(carrier);
        Known known = again(carrier, folder, order);
        return to.request(known.part().operation(), known, order, to.reference(key(order)), account(folder));
    }

    /** What a case's answer brings: the shipment, or what a later call brought. */
    static ObjectNode brought(String carrier, Path folder, ObjectNode order) {
        Carrier to = CARRIERS.get(carrier);
        Known known = again(carrier, folder, order);
        return known.part().equals(Part.BOOK)
                ? to.result("book", order, answer(folder), account(folder))
                : to.answered(known, order, answer(folder), account(folder));
    }

    /** The same call of an order that was changed meanwhile. */
    private static Known again(String carrier, Path folder, ObjectNode order) {
        Known known = known(carrier, folder);
        return CARRIERS.get(carrier).parts(order).stream()
                .filter(part -> part.step().equals(known.part().step()))
                .findFirst()
                .map(part -> new Known(part, known.done()))
                .orElse(known);
    }

    static Request request(String carrier, ObjectNode order, Map<String, String> account) {
        Carrier to = CARRIERS.get(carrier);
        return to.request("book", order, to.reference(key(order)), account);
    }

    static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
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
