package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.check.Case;
import io.waybill.order.Json;
import io.waybill.order.OrderKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

    static Case of(String carrier, Path folder) {
        return new Case(folder, CARRIERS.get(carrier), ORDERS);
    }

    static ObjectNode order(Path folder) {
        return (ObjectNode) read(folder.resolve("order.json"));
    }

    static ObjectNode order(String carrier, String name) {
        return order(MAPPINGS.resolve(carrier).resolve("cases").resolve(name));
    }

    static Map<String, String> account(Path folder) {
        String carrier = folder.getParent().getParent().getFileName().toString();
        return of(carrier, folder).account();
    }

    static Map<String, String> account(String carrier) {
        return account(MAPPINGS.resolve(carrier).resolve("cases").resolve("any"));
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

    static Request request(String carrier, Path folder) {
        return of(carrier, folder).request(order(folder));
    }

    static Request request(String carrier, ObjectNode order, Map<String, String> account) {
        Carrier to = CARRIERS.get(carrier);
        return to.request("book", Known.NOTHING, order, to.reference(key(order)), account);
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
