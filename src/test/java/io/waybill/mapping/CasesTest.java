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

    private static void check(String carrier, Path folder) {
        ObjectNode order = Cases.order(folder);
        assertThat(Cases.ORDERS.faults(order)).isEmpty();

        if (!Files.exists(folder.resolve("request.json"))) {
            assertThat(faults(carrier, folder)).isEqualTo(Cases.read(folder.resolve("rejected.json")));
            return;
        }
        Request request = Cases.request(carrier, order, Cases.account(folder));
        assertThat(Cases.again(request.json()).toPrettyString())
                .isEqualTo(Cases.read(folder.resolve("request.json")).toPrettyString());

        if (Files.exists(folder.resolve("rejected.json"))) {
            assertThat(outcome(carrier, folder)).isEqualTo(Cases.read(folder.resolve("rejected.json")));
        } else {
            assertThat(shipment(carrier, folder).toPrettyString())
                    .isEqualTo(Cases.read(folder.resolve("shipment.json")).toPrettyString());
        }
    }

    static JsonNode faults(String carrier, Path folder) {
        MappingRefused refused = catchThrowableOfType(
                MappingRefused.class, () -> Cases.request(carrier, Cases.order(folder), Cases.account(folder)));
        ObjectNode rejected = Cases.JSON.createObjectNode();
        ArrayNode faults = rejected.putArray("faults");
        refused.faults()
                .forEach(fault ->
                        faults.addObject().put("pointer", fault.pointer()).put("message", fault.message()));
        return rejected;
    }

    static JsonNode outcome(String carrier, Path folder) {
        Outcome outcome = Cases.CARRIERS.get(carrier).outcome("book", Cases.answer(folder));
        ObjectNode rejected = Cases.JSON.createObjectNode();
        if (outcome instanceof Outcome.Rejected no) {
            return rejected.put("outcome", "rejected").put("reason", no.reason());
        }
        if (outcome instanceof Outcome.InDoubt unknown) {
            return rejected.put("outcome", "in-doubt").put("reason", unknown.reason());
        }
        return rejected.put("outcome", outcome.toString());
    }

    static JsonNode shipment(String carrier, Path folder) {
        Answer answer = Cases.answer(folder);
        Carrier to = Cases.CARRIERS.get(carrier);
        assertThat(to.outcome("book", answer)).isEqualTo(new Outcome.Confirmed());
        return Cases.again(to.result("book", Cases.order(folder), answer, Cases.account(folder)));
    }
}
