package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Nothing is dropped in silence: every field of the order goes somewhere, and every key of a request is proven by a case. */
class CoverageTest {

    /** Identity, routing, what only rules see, and what only the result and the charge rows carry. */
    private static final Set<String> KEPT = Set.of(
            "account",
            "order_id",
            "validate_now",
            "reissue",
            "created_at",
            "carrier",
            "metadata",
            "billing.cost_center",
            "billing.reference",
            "recipient.country_code",
            "sender.country_code",
            "billing.cash_on_delivery.currency",
            "billing.insured_value.currency");

    @TestFactory
    List<DynamicTest> everyFieldOfTheOrderIsSentOrSaysWhyNot() {
        Set<String> fields = new TreeSet<>();
        JsonNode rules = Cases.read(Cases.MAPPINGS.resolve("order.schema.json"));
        leaves(rules, rules, "", fields);
        List<DynamicTest> tests = new ArrayList<>();
        for (String carrier : Cases.CARRIERS.ids()) {
            for (String field : fields) {
                tests.add(DynamicTest.dynamicTest(carrier + " " + field, () -> assertThat(
                                isKept(field) || isDeclaredUnsent(carrier, field) || makesADifference(carrier, field))
                        .as("%s is in no not-sent entry of %s and changes nothing in any case", field, carrier)
                        .isTrue()));
            }
        }
        assertThat(tests).hasSizeGreaterThan(250);
        return tests;
    }

    @TestFactory
    List<DynamicTest> everyKeyOfARequestIsInACase() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String carrier : Cases.CARRIERS.ids()) {
            for (String operation : operations(carrier)) {
                JsonNode rules =
                        Cases.read(Cases.MAPPINGS.resolve(carrier).resolve(operation + ".request.schema.json"));
                Set<String> keys = new TreeSet<>();
                leaves(rules, rules, "", keys);
                Set<String> met = new TreeSet<>();
                requests(carrier, operation).forEach(request -> paths(request, "", met));
                keys.stream()
                        .filter(key -> !key.startsWith("_"))
                        .forEach(key -> tests.add(
                                DynamicTest.dynamicTest(carrier + " " + operation + " " + key, () -> assertThat(met)
                                        .contains(key))));
            }
        }
        return tests;
    }

    private static boolean isKept(String field) {
        return KEPT.stream().anyMatch(kept -> field.equals(kept) || field.startsWith(kept + "."));
    }

    private static boolean isDeclaredUnsent(String carrier, String field) {
        JsonNode unsent = Declaration.read(Cases.MAPPINGS.resolve(carrier).resolve("carrier.yaml"), new ArrayList<>())
                .root()
                .path("not-sent");
        return unsent.findValuesAsText("field").stream()
                .anyMatch(entry -> field.equals(entry) || field.startsWith(entry + "."));
    }

    /** Whether taking the field away changes the request, refuses it or changes the result, in any case of the carrier. */
    private static boolean makesADifference(String carrier, String field) {
        return Cases.of(carrier).stream()
                .filter(folder -> Files.exists(folder.resolve("request.json")))
                .anyMatch(folder -> {
                    ObjectNode changed = Cases.order(folder);
                    return remove(changed, field)
                            && !told(carrier, folder, Cases.order(folder)).equals(told(carrier, folder, changed));
                });
    }

    private static String told(String carrier, Path folder, ObjectNode order) {
        try {
            String request = Cases.request(carrier, folder, order).json().toString();
            return Files.exists(folder.resolve("rejected.json"))
                    ? request
                    : request + Cases.brought(carrier, folder, order);
        } catch (MappingRefused e) {
            return e.getMessage();
        }
    }

    private static boolean remove(JsonNode at, String field) {
        int dot = field.indexOf('.');
        if (at.isArray()) {
            boolean removed = false;
            for (JsonNode entry : at) {
                removed |= remove(entry, field);
            }
            return removed;
        }
        if (dot > 0) {
            return remove(at.path(field.substring(0, dot)), field.substring(dot + 1));
        }
        return at instanceof ObjectNode object && object.remove(field) != null;
    }

    private static Set<String> operations(String carrier) {
        Set<String> operations = new TreeSet<>();
        Cases.of(carrier)
                .forEach(folder ->
                        operations.add(Cases.known(carrier, folder).part().operation()));
        return operations;
    }

    private static List<JsonNode> requests(String carrier, String operation) {
        return Cases.of(carrier).stream()
                .filter(folder ->
                        Cases.known(carrier, folder).part().operation().equals(operation))
                .map(folder -> folder.resolve("request.json"))
                .filter(Files::exists)
                .map(Cases::read)
                .toList();
    }

    private static void leaves(JsonNode rules, JsonNode schema, String path, Set<String> leaves) {
        JsonNode holder = SchemaTree.resolved(rules, schema);
        JsonNode entries = SchemaTree.resolved(rules, holder.path("items"));
        JsonNode properties = entries.has("properties") ? entries.path("properties") : holder.path("properties");
        if (properties.isEmpty()) {
            leaves.add(path);
        }
        properties
                .properties()
                .forEach(property -> leaves(
                        rules,
                        property.getValue(),
                        path.isEmpty() ? property.getKey() : path + "." + property.getKey(),
                        leaves));
    }

    private static void paths(JsonNode node, String path, Set<String> paths) {
        paths.add(path);
        if (node.isArray()) {
            node.forEach(entry -> paths(entry, path, paths));
        }
        node.properties()
                .forEach(field ->
                        paths(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey(), paths));
    }
}
