package io.waybill.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {

    @TempDir
    static Path home;

    /** The build's own check of what lies in this repository. */
    @Test
    void thisRepositoryHasNoFindings() {
        Settings shipped = Settings.read(Map.of(), new Properties(), Map.of());

        assertThat(new Check(shipped).all()).isEmpty();
    }

    @Test
    void allFamiliesAreToldAtOnceSortedByFileAndLine() throws IOException {
        Broken broken = broken();
        broken.change("routes/label.camel.yaml", "uri: direct:label", "uri: direct:lable");
        broken.change("routes/carrier-rules.yaml", "name: china-heavy", "nom: china-heavy");
        broken.change("mappings/mabang/codes.json", "\"normal\": 1,", "\"normal\": 1");
        broken.delete("mappings/kdniao/cases/a-parcel-within-china/shipment.json");
        broken.write("conf/waybill.properties", "waybill.inbocks = x");

        List<String> findings = broken.allFindings();

        assertThat(findings)
                .isSorted()
                .extracting(finding ->
                        home.relativize(Path.of(finding.split(":")[0])).toString())
                .contains(
                        "conf/waybill.properties",
                        "mappings/kdniao/cases/a-parcel-within-china/shipment.json",
                        "mappings/mabang/codes.json",
                        "routes/carrier-rules.yaml",
                        "routes/label.camel.yaml",
                        "routes/ship.camel.yaml");
    }

    @Test
    void aCaseThatDoesNotHoldIsFoundWhateverElseIsWrong() throws IOException {
        String folder = "mappings/kdniao/cases/a-parcel-within-china/";
        Broken broken = broken().change(folder + "request.json", "\"PayType\": 3", "\"PayType\": 1")
                .change("routes/label.camel.yaml", "idempotentRepository: ledger", "§idempotentRepository: memory");

        assertThat(broken.allFindings())
                .containsExactly(
                        home.resolve(folder + "order.json")
                                + ":1: the case does not hold: request.json /PayType: expected 1, was 3",
                        broken.place() + ": idempotentRepository of the guard is 'memory'; expected 'ledger'");
    }

    @Test
    void aFieldThatGoesNowhereIsFound() throws IOException {
        Broken broken =
                broken().change("mappings/kdniao/carrier.yaml", "  - {field: urgent, reason: has no such field}\n", "");
        broken.change("mappings/kdniao/carrier.yaml", "not-sent:", "§not-sent:");

        assertThat(broken.allFindings())
                .containsExactly(broken.place()
                        + ": field 'urgent' of an order changes nothing in any case, and is not listed here");
    }

    @Test
    void aFieldThatNoCarrierReadsIsFoundInTheSchemaOfAnOrder() throws IOException {
        Broken broken = broken();
        for (String carrier : List.of("birdsystem", "kdniao", "mabang")) {
            broken.change(
                    "mappings/" + carrier + "/carrier.yaml",
                    "not-sent:\n",
                    "not-sent:\n  - {field: fragile, reason: has no such field}\n");
        }
        broken.change(
                "mappings/order.schema.json",
                "    \"urgent\": {",
                "    §\"fragile\": {\"description\": \"handle with care\", \"type\": \"boolean\"},\n    \"urgent\": {");

        assertThat(broken.allFindings())
                .containsExactly(
                        broken.place() + ": field 'fragile' is read by no carrier, and is not listed under x-unread");
    }

    @Test
    void aFieldThatIsListedAsUnreadIsOneOfAnOrder() throws IOException {
        Broken broken = broken().change(
                        "mappings/order.schema.json", "\"x-unread\": {", "\"x-unread\": {\n    §\"colour\": \"none\",");

        assertThat(broken.allFindings()).containsExactly(broken.place() + ": 'colour' is no field of an order");
    }

    @Test
    void aKeyThatIsEmptyInEveryCaseIsFound() throws IOException {
        Broken broken = broken();
        broken.change(
                "mappings/kdniao/book.request.schema.json",
                "\"Weight\": {",
                "§\"Colour\": {\"type\": \"string\"},\n    \"Weight\": {");
        String place = broken.place();
        broken.change(
                "mappings/kdniao/book.request.jslt", "\"Weight\": kg", "\"Colour\": .parcel.color,\n  \"Weight\": kg");

        assertThat(broken.allFindings())
                .containsExactly(place + ": 'Colour' is empty in every case of book: misspelt or untested");
    }

    @Test
    void aMisspeltPathIsFoundThoughTheCasesSeemToHold() throws IOException {
        Broken broken = broken();
        broken.change(
                "mappings/kdniao/book.request.jslt", "\"CallBack\": .sales_reference", "\"CallBack\": .sales_refrence");
        broken.change(
                "mappings/kdniao/pickup.request.jslt",
                "\"Callback\": .sales_reference",
                "\"Callback\": .sales_refrence");
        for (Path request : cases("request.json")) {
            Files.writeString(request, Files.readString(request).replaceAll("\\s*\"Call[Bb]ack\": \"[^\"]*\",", ""));
        }

        assertThat(broken.allFindings())
                .hasSize(3)
                .anyMatch(
                        found -> found.endsWith(": 'Callback' is empty in every case of pickup: misspelt or untested"))
                .anyMatch(found -> found.endsWith(": 'CallBack' is empty in every case of book: misspelt or untested"))
                .anyMatch(found -> found.endsWith(
                        ": field 'sales_reference' of an order changes nothing in any case, and is not listed here"));
    }

    private List<Path> cases(String file) {
        return CarrierFolder.folders(home.resolve("mappings/kdniao/cases")).stream()
                .map(folder -> folder.resolve(file))
                .filter(Files::exists)
                .toList();
    }

    private Broken broken() throws IOException {
        return new Broken(home, "routes", "mappings");
    }
}
