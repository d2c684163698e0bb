package io.waybill.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.mapping.Declaration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class CasesTest {

    private static final CaseBook BOOK = CaseBook.open(Path.of("mappings"));
    private static final String CASE = "mappings/kdniao/cases/a-parcel-within-china/";

    @TempDir
    static Path home;

    @TestFactory
    List<DynamicTest> everyCaseOfEveryCarrierHolds() {
        // without a source URI: Surefire loses the failures of tests whose source is a folder
        return BOOK.cases(null).stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.name(), () -> assertThat(each.differences()).isEmpty()))
                .toList();
    }

    @Test
    void everyCarrierHasAtLeastFourCasesOneOfThemARejection() {
        assertThat(CarrierFolder.all(Path.of("mappings")))
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(carrier -> assertThat(BOOK.cases(carrier.id()))
                        .hasSizeGreaterThanOrEqualTo(4)
                        .anyMatch(each -> each.has("rejected.json")));
    }

    @Test
    void everyFurtherCallOfABookingHasThreeCasesOneOfThemARejection() {
        for (CarrierFolder carrier : CarrierFolder.all(Path.of("mappings"))) {
            List<String> operations = new ArrayList<>();
            for (String list : List.of("before", "then")) {
                operations.addAll(Declaration.texts(carrier.facts().root().at("/operations/book/" + list)));
            }
            assertThat(operations).allSatisfy(operation -> assertThat(BOOK.cases(carrier.id()))
                    .filteredOn(each -> each.operation().equals(operation))
                    .hasSizeGreaterThanOrEqualTo(3)
                    .anyMatch(each -> each.has("rejected.json")));
        }
    }

    @Test
    void whatCameOutOtherwiseIsToldByItsPath() throws IOException {
        Broken broken = new Broken(home, "mappings")
                .change(CASE + "request.json", "\"Goodsquantity\": 1", "\"Goodsquantity\": 2")
                .change(CASE + "request.json", "\"IsNotice\": 1", "\"IsNotis\": 1")
                .change(CASE + "shipment.json", "\"submitted\"", "\"draft\"");

        assertThat(differences(broken))
                .containsExactly(
                        "request.json /Commodity/0/Goodsquantity: expected 2, was 1",
                        "request.json /IsNotis: expected 1, was nothing",
                        "request.json /IsNotice: expected nothing, was 1",
                        "shipment.json /status: expected \"draft\", was \"submitted\"");
    }

    @Test
    void aMappingThatRefusesIsToldWithItsFaults() throws IOException {
        Broken broken = new Broken(home, "mappings")
                .change(CASE + "order.json", "\"service\": \"yto\"", "\"service\": \"rocket\"");

        assertThat(differences(broken))
                .singleElement()
                .asString()
                .startsWith(
                        "request.json: expected a request, was refused: service is 'rocket'; expected one of sf, yto, ");
    }

    @Test
    void aRefusalThatDoesNotHappenIsADifference() throws IOException {
        Broken broken = new Broken(home, "mappings");
        Files.writeString(home.resolve(CASE + "rejected.json"), "{\"faults\": []}");
        broken.delete(CASE + "request.json");

        assertThat(differences(broken))
                .containsExactly("rejected.json: expected a refusal, was a request of this order");
    }

    @Test
    void anAnswerThatIsNoConfirmationIsADifference() throws IOException {
        Broken broken =
                new Broken(home, "mappings").change(CASE + "response.json", "\"status\": 200", "\"status\": 429");

        assertThat(differences(broken)).contains("shipment.json /outcome: expected nothing, was \"throttled\"");
    }

    @Test
    void anOrderThatIsNoneIsADifference() throws IOException {
        Broken broken = new Broken(home, "mappings").change(CASE + "order.json", "\"quantity\": 1", "\"quantity\": 0");

        assertThat(differences(broken)).containsExactly("order.json: items[0].quantity must be at least 1");
    }

    @Test
    void aFileThatIsMissingIsADifference() throws IOException {
        Broken broken = new Broken(home, "mappings").delete(CASE + "response.json");

        assertThat(differences(broken)).containsExactly("response.json: is missing or cannot be read");
    }

    @Test
    void noCasesAreNoSuccess() {
        assertThatThrownBy(() -> BOOK.cases("kdniao/a-parcel")).hasMessage("no cases were found of 'kdniao/a-parcel'");
    }

    private static List<String> differences(Broken broken) {
        return CaseBook.open(broken.home().resolve("mappings"))
                .cases("kdniao/a-parcel-within-china")
                .get(0)
                .differences();
    }
}
