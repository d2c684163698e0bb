package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.mapping.CarrierRules.Choice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CarrierRulesTest {

    private static final Path FILE = Path.of("routes/carrier-rules.yaml");
    private static final CarrierRules RULES = CarrierRules.load(FILE);

    @ParameterizedTest
    @CsvSource({
        "CN, 3000, kdniao, yto, china",
        "CN, 3001, kdniao, sf, china-heavy",
        "GB, 1, birdsystem, standard, britain-and-eu",
        "DE, 1, birdsystem, standard, britain-and-eu",
        "PH, 1, mabang, standard, south-east-asia",
        "SG, 1, mabang, standard, south-east-asia"
    })
    void theFirstRuleThatHoldsDecides(String country, int grams, String carrier, String service, String rule) {
        ObjectNode order = order(country);
        order.putObject("parcel").put("weight_g", grams);

        assertThat(RULES.choose(order)).contains(new Choice(carrier, service, rule));
    }

    @ParameterizedTest
    @CsvSource({
        "birdsystem, GB AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE",
        "mabang, PH MY TH ID VN SG",
        "kdniao, CN"
    })
    void theShippedRulesSendEachCountryToItsCarrier(String carrier, String countries) {
        assertThat(Stream.of(Locale.getISOCountries()).filter(country -> RULES.choose(order(country))
                        .filter(choice -> choice.carrier().equals(carrier))
                        .isPresent()))
                .containsExactlyInAnyOrder(countries.split(" "));
    }

    @Test
    void noRuleNoCarrier() {
        assertThat(RULES.choose(order("US"))).isEmpty();
        assertThat(RULES.choose(order("US").put("carrier", "mabang"))).isEmpty();
    }

    /** So that it is told what is wrong with it. */
    @Test
    void aCarrierThatNobodyKnowsIsChosenWhereAnOrderNamesIt() {
        CarrierRules rules = RULES.knowing(Set.of("kdniao", "mabang"));

        assertThat(rules.choose(order("US").put("carrier", "ups"))).contains(new Choice("ups", "", "order"));
        assertThat(rules.choose(order("US").put("carrier", "mabang"))).isEmpty();
        assertThat(rules.choose(order("CN").put("carrier", "kdniao"))).contains(new Choice("kdniao", "yto", "china"));
        assertThat(rules.choose(order("CN"))).contains(new Choice("kdniao", "yto", "china"));
    }

    @Test
    void anOrderKeepsWhatItNamesItself() {
        assertThat(RULES.choose(order("CN").put("carrier", "kdniao"))).contains(new Choice("kdniao", "yto", "china"));
        assertThat(RULES.choose(order("CN").put("service", "zto"))).contains(new Choice("kdniao", "zto", "china"));
        assertThat(RULES.choose(order("US").put("carrier", "mabang").put("service", "own-waybill")))
                .contains(new Choice("mabang", "own-waybill", "order"));
    }

    @Test
    void theWeightOfTheItemsCountsWhereAllAreKnown() {
        ObjectNode order = order("CN");
        order.putArray("items").addObject().put("quantity", 4).put("weight_g", 1000);
        assertThat(RULES.choose(order)).contains(new Choice("kdniao", "sf", "china-heavy"));

        order.withArrayProperty("items").addObject().put("quantity", 1);
        assertThat(RULES.choose(order)).contains(new Choice("kdniao", "yto", "china"));
    }

    @Test
    void everyConditionOfARuleMustHold(@TempDir Path folder) throws IOException {
        CarrierRules rules = CarrierRules.load(
                Files.writeString(
                        folder.resolve("rules.yaml"),
                        """
                rules:
                  - name: narrow
                    when: {country: [NO], platform: [amazon], order_type: [return], account: [shop], weight_g: {max: 10}}
                    then: {carrier: birdsystem, service: standard}
                """));
        ObjectNode order = order("NO").put("order_type", "return").put("account", "shop");
        order.putObject("platform").put("name", "amazon");
        order.putObject("parcel").put("weight_g", 10);

        assertThat(rules.choose(order)).contains(new Choice("birdsystem", "standard", "narrow"));
        assertThat(rules.choose(order.deepCopy().put("account", "other"))).isEmpty();
        assertThat(rules.choose(order.deepCopy().put("order_type", "local"))).isEmpty();
        for (String changed : List.of(
                "{'platform':{'name':'ebay'}}",
                "{'platform':null}",
                "{'recipient':{'country_code':'SE'}}",
                "{'parcel':{'weight_g':11}}",
                "{'parcel':null}")) {
            ObjectNode other = order.deepCopy();
            other.setAll((ObjectNode) Cases.JSON.readTree(changed.replace('\'', '"')));
            assertThat(rules.choose(other)).as(changed).isEmpty();
        }
    }

    @Test
    void aBadFileIsRefusedWithAllItsLines(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("rules.yaml"),
                """
                rules:
                  - name: one
                    when:
                      land: [GB]
                    then: {carrier: birdsystem}
                  - when: {country: [gb]}
                    then: {carrier: birdsystem, service: standard}
                """);

        BadDeclarations bad = catchThrowableOfType(BadDeclarations.class, () -> CarrierRules.load(file));

        assertThat(bad.findings())
                .containsExactlyInAnyOrder(
                        file
                                + ":4: rules[0].when.land is no field that is known here; correct its spelling or remove it",
                        file + ":5: rules[0].then.service is missing: a service word of that carrier",
                        file + ":6: rules[1].name is missing: a name that a trace can show",
                        file + ":6: rules[1].when.country[0] must be an ISO country code in capitals");
    }

    private static ObjectNode order(String country) {
        ObjectNode order = Cases.JSON.createObjectNode();
        order.putObject("recipient").put("country_code", country);
        order.putArray("items").addObject().put("quantity", 1);
        return order;
    }
}
