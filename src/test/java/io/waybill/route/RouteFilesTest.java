package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens once stands behind its guard; every other rule about route files is one of {@code waybill check}. */
class RouteFilesTest {

    private static final ObjectMapper YAML =
            new ObjectMapper(YAMLFactory.builder().build().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION));
    private static final List<String> SIDE_EFFECTS = List.of(
            "call-carrier",
            "journal-request",
            "journal-answer",
            "store-label",
            "write-event",
            "write-charge",
            "make-shipment",
            "to-deliver");

    private final Map<String, JsonNode> files = read();

    @Test
    void everySideEffectStandsBehindItsGuard() {
        List<String> guarded = new ArrayList<>();

        routes().forEach((name, route) -> guards(route, guard -> {
            assertThat(guard.path("id").asText()).isEqualTo("once-" + name);
            assertThat(guard.path("idempotentRepository").asText()).as(name).isEqualTo("ledger");
            assertThat(guard.path("completionEager").asBoolean()).as(name).isTrue();
            String key = name.equals("book") ? "${variable.step}" : name;
            assertThat(guard.at("/simple/expression").asText()).isEqualTo("${variable.order}/" + key);
            eachStep(guard, (id, step) -> guarded.add(id));
        }));

        assertThat(guarded).containsAll(SIDE_EFFECTS);
    }

    /** What comes in steers nothing, and what was taken in half comes again. */
    @ParameterizedTest
    @ValueSource(strings = {"orders-queue", "orders-queue-large"})
    void whatComesByTheQueueIsTransactedAndLosesItsHeadersFirst(String route) {
        JsonNode from = routes().get(route).get("from");

        assertThat(from.at("/steps/0/removeHeaders/pattern").asText()).isEqualTo("*");
        assertThat(from.at("/steps/0/removeHeaders/excludePattern").asText()).isEqualTo("CamelRedeliver*");
        JsonNode set = from.get("parameters");
        assertThat(set.path("transacted").asBoolean()).isTrue();
        assertThat(set.path("mapJmsMessage").asBoolean(true)).isFalse();
        assertThat(set.path("disableReplyTo").asBoolean()).isTrue();
    }

    private interface Step {
        void see(String id, JsonNode step);
    }

    /** Every step of a route: what stands in a list of steps under the name of its kind. */
    private static void eachStep(JsonNode node, Step seen) {
        node.properties().forEach(field -> {
            if (field.getKey().equals("steps")) {
                field.getValue()
                        .forEach(step ->
                                step.forEach(body -> seen.see(body.path("id").asText(), body)));
            }
        });
        node.forEach(child -> eachStep(child, seen));
    }

    private static void guards(JsonNode node, Consumer<JsonNode> seen) {
        if (node.has("idempotentConsumer")) {
            seen.accept(node.get("idempotentConsumer"));
        }
        node.forEach(child -> guards(child, seen));
    }

    private Map<String, JsonNode> routes() {
        return files.entrySet().stream()
                .filter(file -> file.getValue().get(0).has("route"))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, file -> file.getValue().get(0).get("route")));
    }

    private static Map<String, JsonNode> read() {
        Map<String, JsonNode> files = new TreeMap<>();
        for (Path file : RunningWaybill.files(Path.of("routes"))) {
            String name = file.getFileName().toString();
            if (name.endsWith(".camel.yaml")) {
                try {
                    files.put(name.replace(".camel.yaml", ""), YAML.readTree(file.toFile()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return files;
    }
}
