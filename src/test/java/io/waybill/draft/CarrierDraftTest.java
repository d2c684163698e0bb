package io.waybill.draft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.check.Check;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Known;
import io.waybill.mapping.MappingRefused;
import io.waybill.order.Fault;
import io.waybill.settings.Settings;
import io.waybill.testing.Orders;
import io.waybill.testing.RealFolders;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The draft of a carrier: what is known is in it, and what is not is told by the check and refuses every order. */
class CarrierDraftTest {

    private static final Path OPENAPI = Path.of("src/test/carriers/drafts/acme-openapi.json");
    private static final Path SAMPLES = Path.of("src/test/carriers/drafts/acme-samples.json");
    private static final String LEFT =
            "left to fill in|no case is about 'book'|changes nothing in any case|a case begins with an order|case does not hold"
                    + "|expected this or rejected.json";

    @TempDir
    static Path home;

    @BeforeEach
    void copyTheRealFolders() throws IOException {
        RealFolders.into(home, "routes", "mappings");
    }

    @Test
    void anOpenApiDocumentBecomesAFolderWhoseFindingsSayWhatIsLeft() {
        CarrierDraft.write(home, "acme", OPENAPI, "createShipment");

        assertThat(findings()).isNotEmpty().allSatisfy(finding -> assertThat(finding)
                .containsPattern(LEFT));
        assertThat(findings())
                .anyMatch(finding -> finding.matches(".*book.request.jslt:[0-9]+: 'weight' is left to fill in"))
                .anyMatch(finding -> finding.matches(".*book.request.jslt:[0-9]+: 'items.colour' is left to fill in"))
                .anyMatch(
                        finding -> finding.contains("carrier.yaml:") && finding.contains(": 'tags' is left to fill in"))
                .anyMatch(finding -> finding.contains(": 'reference.source' is left to fill in: which characters"))
                .noneMatch(finding -> finding.contains("'recipient.name' is left"));
        assertThat(RunningWaybill.json(home.resolve("mappings/acme/cases/account.json"))
                        .has("api-key"))
                .isTrue();
    }

    @Test
    void requiredFieldsLengthsAndListsOfTheDocumentAreRulesOfTheSchema() {
        CarrierDraft.write(home, "acme", OPENAPI, "createShipment");

        JsonNode schema = RunningWaybill.json(home.resolve("mappings/acme/book.request.schema.json"));
        assertThat(schema.path("required").toString()).contains("reference", "recipient", "service", "weight", "items");
        assertThat(schema.at("/properties/reference/maxLength").asInt()).isEqualTo(35);
        assertThat(schema.at("/properties/service/enum").toString()).isEqualTo("[\"ECO\",\"EXP\"]");
        assertThat(schema.at("/properties/weight/exclusiveMinimum").isNumber()).isTrue();
        assertThat(schema.at("/properties/items/items/properties/qty/x-order").asText())
                .isEqualTo("quantity");
        assertThat(schema.at("/properties").has("id")).isFalse();
        assertThat(RunningWaybill.text(home.resolve("mappings/acme/carrier.yaml")))
                .contains(
                        "path: \"/parcel/v2/shipments\"",
                        "\"X-Acme-Key\": api-key",
                        ".status == 201 and .body.data.shipment_id");
    }

    @Test
    void whatIsLeftToFillInRefusesEveryOrder() {
        CarrierDraft.write(home, "acme", OPENAPI, "createShipment");
        Carrier acme = Carriers.load(home.resolve("mappings")).get("acme");

        assertThat(refusals(acme)).contains("the mapping of 'weight' is left to fill in");
    }

    /** After the call what it lacks would be lost: a booked order without its waybill number. */
    @Test
    void whatReadsTheAnswerIsWrittenBeforeAnythingIsSent() throws IOException {
        CarrierDraft.write(home, "acme", OPENAPI, "createShipment");
        Path mapping = home.resolve("mappings/acme/book.response.jslt");
        Files.writeString(
                mapping, "{\n// \"status\": fill-in(\"old\")\n\"tracking_number\": fill-in(\"tracking_number\")}");
        Carrier acme = Carriers.load(home.resolve("mappings")).get("acme");

        assertThat(refusals(acme))
                .contains("the mapping of 'tracking_number' is left to fill in")
                .doesNotContain("the mapping of 'old' is left to fill in");
    }

    /** Why it books no order, fault by fault. */
    private static List<String> refusals(Carrier carrier) {
        Map<String, String> account = Map.of("api-key", "k");
        MappingRefused refused = catchThrowableOfType(
                MappingRefused.class,
                () -> carrier.request(
                        "book", Known.NOTHING, Orders.british("A-1").put("service", "eco"), "A-1", account));
        return refused.faults().stream().map(Fault::message).toList();
    }

    @Test
    void aLabelAndPricesOfTheAnswerAreLeftToFillIn() throws IOException {
        Path samples = Files.writeString(
                home.resolve("samples.json"),
                """
                [{"request": {"order_no": "A-1"},
                  "response": {"id": 17, "state": "new", "label_pdf": "JVBERi0=", "price": {"amount": "3.20"}}}]
                """);

        CarrierDraft.write(home, "acme", samples, null);

        assertThat(findings())
                .anyMatch(finding -> finding.matches(".*book.response.jslt:[0-9]+: 'label_state' is left to fill in"))
                .anyMatch(finding -> finding.matches(".*book.response.jslt:[0-9]+: 'charges' is left to fill in"));
    }

    @Test
    void samplesBecomeASchemaAndTheBeginningsOfCases() {
        CarrierDraft.write(home, "acme", SAMPLES, null);

        assertThat(findings()).isNotEmpty().allSatisfy(finding -> assertThat(finding)
                .containsPattern(LEFT));
        JsonNode schema = RunningWaybill.json(home.resolve("mappings/acme/book.request.schema.json"));
        assertThat(schema.path("required").toString()).isEqualTo("[\"order_no\",\"receiver\",\"box\",\"goods\"]");
        assertThat(schema.at("/properties/receiver/required").toString()).isEqualTo("[\"name\",\"zip\",\"country\"]");
        assertThat(RunningWaybill.text(home.resolve("mappings/acme/book.request.jslt")))
                .contains(
                        "\"order_no\": $reference",
                        "\"zip\": .recipient.postal_code",
                        "\"qty\": .quantity",
                        "fill-in(\"box\")");
        assertThat(home.resolve("mappings/acme/cases/sample-2/response.json")).exists();
    }

    @Test
    void whatCannotBeMeantIsSaidAndNothingIsWritten() throws IOException {
        assertThatThrownBy(() -> CarrierDraft.write(home, "acme", OPENAPI, null))
                .hasMessageEndingWith("which operation books? give --operation, one of rate, createShipment");
        assertThatThrownBy(() -> CarrierDraft.write(home, "kdniao", OPENAPI, "createShipment"))
                .hasMessage("carrier 'kdniao': its folder is there already; nothing was changed");
        String label = RunningWaybill.text(home.resolve("routes/label.camel.yaml"));
        assertThatThrownBy(() -> CarrierDraft.write(home, "label", OPENAPI, "createShipment"))
                .hasMessage("carrier 'label': 'routes/label.camel.yaml' is there already, so the carrier needs another"
                        + " name; nothing was changed");
        assertThat(home.resolve("routes/label.camel.yaml")).hasContent(label);
        assertThatThrownBy(() -> CarrierDraft.write(home, "../acme", OPENAPI, "createShipment"))
                .hasMessageStartingWith("carrier '../acme': expected a lower-case word");
        Path elsewhere = home.resolve("elsewhere.json");
        Files.writeString(
                elsewhere,
                Files.readString(OPENAPI).replaceFirst("#/components/schemas/Base", "https://127.0.0.1:1/base.json"));
        assertThatThrownBy(() -> CarrierDraft.write(home, "acme", elsewhere, "createShipment"))
                .hasMessageContaining("is a reference to elsewhere");
        assertThat(home.resolve("mappings/acme")).doesNotExist();
    }

    private List<String> findings() {
        Properties system = new Properties();
        system.setProperty("waybill.home", home.toString());
        return new Check(Settings.read(Map.of(), system, Map.of()))
                .all().stream().map(Object::toString).toList();
    }
}
