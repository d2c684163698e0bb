package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CasesTest {

    @TestFactory
    List<DynamicTest> everyCaseOfEveryCarrierHolds() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String carrier : Cases.CARRIERS.ids()) {
            for (Path folder : Cases.of(carrier)) {
                // without a source URI: Surefire loses the failures of tests whose source is a folder
                tests.add(DynamicTest.dynamicTest(carrier + " " + folder.getFileName(), () -> check(carrier, folder)));
            }
        }
        return tests;
    }

    @Test
    void everyCarrierHasAtLeastFourCasesOneOfThemARejection() {
        assertThat(Cases.CARRIERS.ids()).isNotEmpty().allSatisfy(carrier -> assertThat(Cases.of(carrier))
                .hasSizeGreaterThanOrEqualTo(4)
                .anyMatch(folder -> Files.exists(folder.resolve("rejected.json"))));
    }

    @Test
    void everyFurtherCallOfABookingHasThreeCasesOneOfThemARejection() {
        for (String carrier : Cases.CARRIERS.ids()) {
            JsonNode book = Declaration.read(Cases.MAPPINGS.resolve(carrier).resolve("carrier.yaml"), new ArrayList<>())
                    .root()
                    .at("/operations/book");
            List<String> operations = new ArrayList<>(Declaration.texts(book.path("before")));
            operations.addAll(Declaration.texts(book.path("then")));
            assertThat(operations).allSatisfy(operation -> assertThat(Cases.of(carrier))
                    .filteredOn(folder ->
                            Cases.known(carrier, folder).part().operation().equals(operation))
                    .hasSizeGreaterThanOrEqualTo(3)
                    .anyMatch(folder -> Files.exists(folder.resolve("rejected.json"))));
        }
    }

    private static void check(String carrier, Path folder) {
        ObjectNode order = Cases.order(folder);
        assertThat(Cases.ORDERS.faults(order)).isEmpty();

        if (!Files.exists(folder.resolve("request.json"))) {
            assertThat(faults(carrier, folder)).isEqualTo(Cases.read(folder.resolve("rejected.json")));
            return;
        }
        Request request = Cases.request(carrier, folder);
        assertThat(Cases.again(request.json()).toPrettyString())
                .isEqualTo(Cases.read(folder.resolve("request.json")).toPrettyString());

        if (Files.exists(folder.resolve("rejected.json"))) {
            assertThat(outcome(carrier, folder)).isEqualTo(Cases.read(folder.resolve("rejected.json")));
        } else {
            String result = Files.exists(folder.resolve("call.json")) ? "result.json" : "shipment.json";
            assertThat(brought(carrier, folder).toPrettyString())
                    .isEqualTo(Cases.read(folder.resolve(result)).toPrettyString());
        }
    }

    private static JsonNode faults(String carrier, Path folder) {
        return faults(catchThrowableOfType(MappingRefused.class, () -> Cases.request(carrier, folder)));
    }

    private static JsonNode faults(MappingRefused refused) {
        ObjectNode rejected = Cases.JSON.createObjectNode();
        ArrayNode faults = rejected.putArray("faults");
        refused.faults()
                .forEach(fault ->
                        faults.addObject().put("pointer", fault.pointer()).put("message", fault.message()));
        return rejected;
    }

    static JsonNode outcome(String carrier, Path folder) {
        String operation = Cases.known(carrier, folder).part().operation();
        Outcome outcome = Cases.CARRIERS.get(carrier).outcome(operation, Cases.answer(folder));
        ObjectNode rejected = Cases.JSON.createObjectNode();
        if (outcome instanceof Outcome.Rejected no) {
            return rejected.put("outcome", "rejected").put("reason", no.reason());
        }
        if (outcome instanceof Outcome.InDoubt unknown) {
            return rejected.put("outcome", "in-doubt").put("reason", unknown.reason());
        }
        assertThat(outcome).isEqualTo(new Outcome.Confirmed());
        return faults(
                catchThrowableOfType(MappingRefused.class, () -> Cases.brought(carrier, folder, Cases.order(folder))));
    }

    private static JsonNode brought(String carrier, Path folder) {
        String operation = Cases.known(carrier, folder).part().operation();
        assertThat(Cases.CARRIERS.get(carrier).outcome(operation, Cases.answer(folder)))
                .isEqualTo(new Outcome.Confirmed());
        return Cases.again(Cases.brought(carrier, folder, Cases.order(folder)));
    }
}
