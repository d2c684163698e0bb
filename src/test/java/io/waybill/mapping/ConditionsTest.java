package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each carrier demands or forbids, one by one, before any call. */
class ConditionsTest {

    private static final String GERMANY = "a-sale-to-germany-with-ioss-number";
    private static final String NORWAY = "a-dpd-gift-to-a-company-in-norway";

    @ParameterizedTest
    @CsvSource({
        // service, country, field taken away, expected pointer of the fault, empty for none
        "standard, DE, /export/ioss_number, /export/ioss_number",
        "standard, GR, /export/ioss_number, /export/ioss_number",
        "standard, NO, /export/ioss_number, ",
        "standard, GB, /export/ioss_number, ",
        "standard, GB, /recipient/postal_code, /recipient/postal_code",
        "standard, GB, /recipient/city, /recipient/city",
        "standard, NO, /export/shipper_eori, ",
        "dpd-next-day, NO, /export/shipper_eori, /export/shipper_eori",
        "dpd-next-day, GB, /export/shipper_eori, ",
        "dpd-next-day, US, /export/reason, /export/reason",
        "dpd-next-day, US, /platform/vat_number, /platform/vat_number",
        "dpd-next-day, US, /recipient/eori, /recipient/eori",
        "dpd-next-day, US, /recipient/personal_id, ",
        "dpd-next-day, NO, /recipient/personal_id, /recipient/personal_id",
        "dpd-next-day, ES, /recipient/personal_id, /recipient/personal_id",
        "dpd-next-day, IT, /recipient/personal_id, /recipient/personal_id",
        "royal-mail-48, GB, /platform/name, ",
        "royal-mail-48, US, /platform/name, /platform/name",
        "royal-mail-48, US, /export/shipper_eori, /export/shipper_eori",
        "royal-mail-48, US, /export/content_type, /export/content_type",
        "yodel-home, GB, /platform/order_number, /platform/order_number",
        "yodel-home, US, /platform/name, /platform/name",
        "yodel-home, US, /platform/vat_number, /platform/vat_number",
        "yodel-home, GB, /platform/vat_number, ",
    })
    void birdsystemDemandsByServiceAndCountry(String service, String country, String without, String expected) {
        ObjectNode order = Cases.order("birdsystem", GERMANY);
        order.put("service", service);
        order.withObjectProperty("recipient").put("country_code", country);
        order.withObjectProperty("platform").put("order_number", "AMZ-1");

        assertThat(pointers("birdsystem", without(order, without), services()))
                .isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                // what its delivery service says, field of the order, value, expected pointer of the fault
                "{'status':'ACTIVE'}                    | /recipient/name             | x           | -",
                "{'status':'DELETED'}                   | /recipient/name             | x           | /service",
                "{'status':'not listed'}                | /recipient/name             | x           | /service",
                "{'lacking':true}                       | /recipient/name             | x           | -",
                "{'max':{'contact':5}}                  | /recipient/name             | 123456      | /recipient/name",
                "{'max':{'contact':5}}                  | /recipient/name             | 12345       | -",
                "{'max':{'contact':'5'}}                | /recipient/name             | 123456      | /recipient/name",
                "{'max':{'contact':0}}                  | /recipient/name             | 123456      | -",
                "{'max':{'contact':'none'}}             | /recipient/name             | 123456      | -",
                "{'max':{'address_line1':9}}            | /recipient/address_lines/0  | 1 High St.  | /recipient/address_lines/0",
                "{'max':{'address_line2':9}}            | /recipient/address_lines/1  | 1 High St.  | /recipient/address_lines/1",
                "{'max':{'address_line3':15}}           | /recipient/address_lines/2  | 1 High St.  | /recipient/address_lines/2",
                "{'max':{'post_code':4}}                | /recipient/postal_code      | 10115       | /recipient/postal_code",
                "{'post_code':'^[0-9]{5}$'}             | /recipient/postal_code      | D-101       | /recipient/postal_code",
                "{'post_code':'^[0-9]{5}$'}             | /recipient/postal_code      | 10115       | -",
                "{'telephone':'^.{7,32}$'}              | /recipient/phone            | 123456      | /recipient/phone",
                "{'telephone':'^.{7,32}$'}              | /recipient/phone            | 1234567     | -",
                "{'telephone':'/^(+49/'}                | /recipient/phone            | 1           | -",
                "{'urgent':'0'}                         | /recipient/name             | x           | /urgent",
                "{'urgent':'1'}                         | /recipient/name             | x           | -",
                "{'urgent':''}                          | /recipient/name             | x           | -",
                "{'customs':'1'}                        | /recipient/name             | x           | -",
                "{'name':'DPD NEXT DAY'}                | /export/shipper_eori        | GB00        | /export/shipper_eori",
            })
    void birdsystemDemandsWhatTheDeliveryServiceItselfDemands(
            String service, String field, String value, String expected) {
        ObjectNode order = with("birdsystem", GERMANY, field, value);

        assertThat(pointers("birdsystem", order, Cases.account("birdsystem"), service))
                .isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @Test
    void aDeliveryServiceForCustomsNeedsThePriceAndItsNameTellsTheAgent() {
        ObjectNode order = Cases.order("birdsystem", GERMANY);
        without(order, "/sales_price");
        without(order, "/export/reason");

        assertThat(pointers("birdsystem", order, Cases.account("birdsystem"), "{'customs':'0'}"))
                .isEmpty();
        assertThat(pointers("birdsystem", order, Cases.account("birdsystem"), "{'customs':'1','name':'Dpd Classic'}"))
                .containsExactly("/sales_price", "/export/reason");
    }

    @Test
    void dpdNeedsTheTwoCompanyNumbersOnlyForACompany() {
        ObjectNode order = Cases.order("birdsystem", NORWAY);
        without(order, "/recipient/eori");
        without(order, "/platform/vat_number");

        assertThat(pointers("birdsystem", order, services())).hasSize(2);
        assertThat(pointers("birdsystem", without(order, "/recipient/company"), services()))
                .isEmpty();
    }

    @Test
    void anExportFromAnotherWarehouseIsNoExportFromBritain() {
        ObjectNode order = without(Cases.order("birdsystem", NORWAY), "/export/shipper_eori");
        Map<String, String> account = services();
        assertThat(pointers("birdsystem", order, account)).containsExactly("/export/shipper_eori");

        account.put("warehouse-country", "DE");

        assertThat(pointers("birdsystem", order, account)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/recipient/name, 100, 101",
        "/recipient/city, 50, 51",
        "/recipient/province, 50, 51",
        "/recipient/postal_code, 10, 11",
        "/recipient/address_lines/0, 100, 101",
        "/recipient/address_lines/1, 100, 101",
        "/recipient/address_lines/2, 93, 94",
        "/recipient/phone, 50, 51",
        "/recipient/email, 255, 256",
        "/recipient/company, 255, 256",
        "/recipient/personal_id, 50, 51",
        "/recipient/eori, 50, 51",
        "/platform/name, 255, 256",
        "/platform/order_number, 255, 256",
        "/platform/vat_number, 50, 51",
        "/export/ioss_number, 50, 51",
        "/sales_reference, 50, 51",
        "/remarks/0, 255, 256",
        "/remarks/1, 255, 256",
        "/sender/name, 100, 101",
        "/sender/company, 255, 256",
        "/sender/address_lines/0, 100, 101",
        "/sender/address_lines/1, 100, 101",
        "/sender/city, 50, 51",
        "/sender/province, 50, 51",
        "/sender/postal_code, 10, 11",
        "/sender/phone, 50, 51",
        "/sender/email, 255, 256",
        "/sender/district, 100, 101",
    })
    void birdsystemIsNeverSentMoreThanItTakes(String field, int fits, int tooLong) {
        // the district stands in the line behind the last one
        String told = field.equals("/sender/district") ? "/sender/address_lines/2" : field;

        assertThat(pointers("birdsystem", with("birdsystem", GERMANY, field, "x".repeat(tooLong)), services()))
                .containsExactly(told);
        assertThat(pointers("birdsystem", with("birdsystem", GERMANY, field, "x".repeat(fits)), services()))
                .isEmpty();
    }

    @Test
    void everyCountryOfTheUnionNeedsTheIossNumberAndNoOther() {
        ObjectNode order = without(Cases.order("birdsystem", GERMANY), "/export/ioss_number");
        List<String> demanding = new ArrayList<>();
        for (String country : Locale.getISOCountries()) {
            order.withObjectProperty("recipient").put("country_code", country);
            if (!pointers("birdsystem", order, services()).isEmpty()) {
                demanding.add(country);
            }
        }

        assertThat(demanding)
                .containsExactlyInAnyOrder(
                        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
                        "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK");
    }

    @Test
    void aDistrictThatDoesNotFitBehindTheLastLineIsAFaultOfThatLine() {
        ObjectNode order = with("birdsystem", GERMANY, "/recipient/address_lines/2", "x".repeat(95));

        assertThat(faults("birdsystem", order, services()))
                .containsExactly(new Fault(
                        "/recipient/address_lines/2",
                        "recipient.address_lines[2] has 102 characters, at most 100 are allowed"
                                + " (birdsystem field 'address_line3')"));
    }

    @ParameterizedTest
    @CsvSource({"/platform/name, 亚马逊", "/export/shipper_eori, 191966856000"})
    void birdsystemRefusesWhatItsFieldsCannotHold(String field, String value) {
        assertThat(pointers("birdsystem", with("birdsystem", GERMANY, field, value), services()))
                .containsExactly(field);
    }

    @ParameterizedTest
    @CsvSource({
        "tiktok, own-waybill, /platform/package_id, /platform/package_id",
        "tiktok, own-waybill, /platform/shipping_provider_id, /platform/shipping_provider_id",
        "tiktok, own-waybill, /platform/shipping_provider_name, /platform/shipping_provider_name",
        "tiktok, own-waybill, /items/0/platform_sku_id, /items/0/platform_sku_id",
        "shopee, own-waybill, /platform/package_id, ",
        "shopee, own-waybill, /items/0/platform_sku_id, ",
        "tiktok, own-waybill, /tracking_number, /tracking_number",
        "tiktok, standard, /sender, /tracking_number",
        "tiktok, own-waybill, /sender, ",
        "tiktok, own-waybill, /recipient/phone, /recipient/phone",
        "tiktok, own-waybill, /items/0/unit_price/amount, /items/0/unit_price",
    })
    void mabangDemandsByPlatformAndService(String platform, String service, String without, String expected) {
        ObjectNode order = Cases.order("mabang", "a-tiktok-order-with-its-own-waybill");
        order.put("service", service).withObjectProperty("platform").put("name", platform);

        assertThat(pointers("mabang", without(order, without), Cases.account("mabang")))
                .isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @Test
    void mabangTakesOneTagAndTheTypesThatItNames() {
        ObjectNode order = Cases.order("mabang", "a-tiktok-order-with-its-own-waybill");
        order.putArray("tags").add("empty_parcel").add("print_invoice");
        Map<String, String> account = new HashMap<>(Cases.account("mabang"));
        account.put("client-type", "3");

        assertThat(pointers("mabang", order, account)).containsExactlyInAnyOrder("/tags", "/account");
    }

    @ParameterizedTest
    @CsvSource({
        "yto, CN, monthly_account, /recipient/phone, /recipient/phone",
        "yto, CN, monthly_account, /sender/phone, /sender/phone",
        "yto, CN, monthly_account, /sender/postal_code, ",
        "ems, CN, monthly_account, /sender/postal_code, /sender/postal_code",
        "ems, CN, monthly_account, /recipient/postal_code, /recipient/postal_code",
        "yto, CN, monthly_account, /items/0/name, /items/0/name",
        "yto, CN, monthly_account, /recipient/district, /recipient/district",
        "yto, CN, monthly_account, /sender, /sender",
        "yto, CN, third_party, /remarks, /service",
        "sf, CN, third_party, /remarks, ",
        "sf, HK, monthly_account, /remarks, ",
        "sf, MO, monthly_account, /parcel/declared_value, '/parcel/declared_value/currency,/parcel/declared_value'",
        "yto, TW, monthly_account, /remarks, /service",
        "yto, GB, monthly_account, /remarks, /recipient/country_code",
        "jd, CN, monthly_account, /platform/order_number, /platform/order_number",
        "jd, CN, monthly_account, /remarks, ",
    })
    void kdniaoDemandsByCarrierAndPlace(String service, String to, String payer, String without, String expected)
            throws IOException {
        ObjectNode order = Cases.order("kdniao", "a-parcel-within-china");
        order.put("service", service).withObjectProperty("recipient").put("country_code", to);
        order.withObjectProperty("billing").put("payer", payer);
        order.withObjectProperty("platform").put("order_number", "JD-1");
        order.withObjectProperty("parcel")
                .set("declared_value", Cases.JSON.readTree("{\"amount\":\"1\",\"currency\":\"HKD\"}"));

        List<String> pointers = pointers("kdniao", without(order, without), Cases.account("kdniao"));

        assertThat(String.join(",", pointers)).isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/sales_reference, 50, 51",
        "/platform/order_number, 50, 51",
        "/recipient/name, 255, 256",
        "/recipient/city, 255, 256",
        "/items/0/name, 255, 256",
        "/items/0/sku, 255, 256",
        "/remarks/0, 255, 256",
    })
    void kdniaoIsNeverSentMoreThanItTakes(String field, int fits, int tooLong) {
        for (int length : List.of(fits, tooLong)) {
            ObjectNode order = with("kdniao", "a-parcel-within-china", field, "x".repeat(length))
                    .put("service", "jd");
            if (!order.at("/platform/order_number").isTextual()) {
                order.withObjectProperty("platform").put("order_number", "JD-1");
            }

            assertThat(pointers("kdniao", order, Cases.account("kdniao")))
                    .isEqualTo(length == fits ? List.of() : List.of(field));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "30, CN, HKD, 1.234, ",
        "31, CN, HKD, 1.234, /parcel/count",
        "1, HK, HKD, 1.234, ",
        "1, HK, HKD, 1.2345, /parcel/declared_value/amount",
        "1, HK, EUR, 1, /parcel/declared_value/currency",
        "1, GB, HKD, 1, /sender/country_code",
    })
    void kdniaoCountsParcelsAndTakesValuesOnlyAsItsPagesSay(
            int count, String place, String currency, String amount, String expected) {
        ObjectNode order = Cases.order("kdniao", "a-parcel-within-china").put("service", "sf");
        order.withObjectProperty(place.equals("GB") ? "sender" : "recipient").put("country_code", place);
        order.withObjectProperty("parcel")
                .put("count", count)
                .putObject("declared_value")
                .put("amount", amount)
                .put("currency", currency);

        assertThat(pointers("kdniao", order, Cases.account("kdniao")))
                .isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @ParameterizedTest
    @CsvSource({
        // service, pickup window, the operation that books it
        "yto, false, book",
        "yto, true, pickup",
        "ems, true, pickup",
        "yto-door, true, pickup",
        "yto-door, false, pickup",
        "yto-courier, true, book",
        "yto-courier, false, book",
    })
    void aPickupWindowMakesADoorPickupUnlessTheServiceSaysOtherwise(String service, boolean window, String operation) {
        ObjectNode order = pickup(service, window);

        assertThat(Cases.CARRIERS.get("kdniao").booking(order, Map.of()).operation())
                .isEqualTo(operation);
        assertThat(Cases.CARRIERS.get("kdniao").operation("cancel", order, Map.of()))
                .isEqualTo(operation.equals("book") ? "cancel" : "cancel-pickup");
        assertThat(Cases.CARRIERS.get("kdniao").parts(order, Map.of()))
                .extracting(Part::step)
                .isEqualTo(operation.equals("pickup") && window ? List.of("area", "book") : List.of("book"));
    }

    @ParameterizedTest
    @CsvSource({
        "yto, /remarks, ",
        "yto-door, /pickup, /pickup",
        "yto-courier, /remarks, ",
        "yto-courier, /pickup, /pickup",
        "ems, /remarks, ",
        "ems, /sender/postal_code, /sender/postal_code",
        "ems, /recipient/postal_code, /recipient/postal_code",
        "yto, /recipient/postal_code, ",
        "yto, /parcel/weight_g, ",
        "yto, /items/0/weight_g, ",
        "yto, /sender/phone, /sender/phone",
        "yto, /recipient/phone, /recipient/phone",
    })
    void kdniaoDemandsOfAPickup(String service, String without, String expected) {
        ObjectNode order = without(pickup(service, true), without);

        assertThat(bookingPointers(order)).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @ParameterizedTest
    @CsvSource({
        // service, pickup window, the recipient's number, the sender's, the expected fault
        "sf, false, 95338, 1, ",
        "sf, false, 1, 95338, ",
        "sf, false, 123, 1-2-3, /recipient/phone",
        "sf, true, 123, 1-2-3, /recipient/phone",
        "sf, true, 12 34, 1, ",
        "yto, false, 123, 1-2-3, ",
        "yto, true, 123, 1-2-3, ",
    })
    void sfTellsOfAParcelOnlyWithFourDigitsOfATelephone(
            String service, boolean window, String recipient, String sender, String expected) {
        ObjectNode order = pickup(service, window);
        order.withObjectProperty("recipient").put("phone", recipient);
        order.withObjectProperty("sender").put("phone", sender);

        assertThat(bookingPointers(order)).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "query, SF, 5338, true", "query, SF, , false", "query, YTO, , true", "query, YTO, 5338, false",
        "subscribe, SF, 5338, true", "subscribe, SF, , false", "subscribe, YTO, , true", "subscribe, YTO, 5338, false",
    })
    void theDigitsAreForSfAndForNobodyElse(String operation, String shipper, String digits, boolean legal) {
        ObjectNode request =
                Cases.JSON.createObjectNode().put("ShipperCode", shipper).put("LogisticCode", "N1");
        if (digits != null) {
            request.put("CustomerName", digits);
        }
        JsonNode rules = Cases.read(Cases.MAPPINGS.resolve("kdniao/" + operation + ".request.schema.json"));

        assertThat(Rules.of(rules).faults(request).isEmpty()).isEqualTo(legal);
    }

    @ParameterizedTest
    @CsvSource({"cash_on_delivery", "insured_value"})
    void kdniaoIsNeverSentMoneyInACurrencyThatItWouldMistake(String field) throws IOException {
        ObjectNode order = Cases.order("kdniao", "a-parcel-within-china");
        order.withObjectProperty("billing").set(field, Cases.JSON.readTree("{\"amount\":\"9\",\"currency\":\"USD\"}"));

        assertThat(faults("kdniao", order, Cases.account("kdniao")))
                .containsExactly(new Fault(
                        "/billing/" + field + "/currency",
                        "billing." + field + ".currency is 'USD'; expected CNY (kdniao)"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"'", "\"", "#", "&", "+", "<", ">", "%", "\\"})
    void kdniaoIsNeverSentAForbiddenCharacter(String character) {
        for (String field : List.of("/recipient/name", "/sender/city", "/items/0/name", "/remarks/0")) {
            ObjectNode order = with("kdniao", "a-parcel-within-china", field, "a" + character + "b");

            assertThat(pointers("kdniao", order, Cases.account("kdniao"))).containsExactly(field);
        }
    }

    @Test
    void anUnknownServiceWordIsNeverReplacedByAnother() {
        for (String carrier : Cases.CARRIERS.ids()) {
            ObjectNode order = Cases.order(Cases.of(carrier).get(0)).put("service", "rocket");

            assertThat(faults(carrier, order, Cases.account(carrier)))
                    .containsExactly(new Fault(
                            "/service", "service is 'rocket'; expected one of " + String.join(", ", inOrder(carrier))));
        }
    }

    @Test
    void anAccountSetsItsOwnServiceCodes() {
        ObjectNode order = Cases.order("birdsystem", "a-parcel-within-britain");
        Map<String, String> account = Cases.account("birdsystem");
        account.put("service.standard", "777");

        assertThat(Cases.request("birdsystem", order, account)
                        .json()
                        .path("delivery_service_id")
                        .asText())
                .isEqualTo("777");
        account.put("service.standard", "not a number");
        assertThat(pointers("birdsystem", order, account)).containsExactly("/service");
    }

    @Test
    void everyMissingSettingIsNamedInFull() {
        Map<String, List<String>> needed = Map.of(
                "birdsystem/a-parcel-within-britain", List.of("api-key", "company-id"),
                "mabang/a-shopee-order-that-is-already-packed",
                        List.of("token", "centre-code", "client-code", "client-type"),
                "kdniao/a-parcel-within-china", List.of("ebusiness-id", "api-key"));
        needed.forEach((name, keys) -> {
            String[] place = name.split("/");
            ObjectNode order = Cases.order(place[0], place[1]).put("account", "shop-7");

            assertThat(faults(place[0], order, Map.of()))
                    .allMatch(fault -> fault.pointer().equals("/account"))
                    .extracting(fault -> fault.message().replaceFirst(": .*", ""))
                    .containsExactlyElementsOf(keys.stream()
                            .map(key -> "the setting waybill.account.shop-7." + place[0] + "." + key + " is missing")
                            .toList());
        });
    }

    @Test
    void nothingMoreIsDemandedThanTheSettingsSay() {
        ObjectNode order = Cases.order("kdniao", "a-parcel-within-china");

        assertThatCode(() -> Cases.request("kdniao", order, Map.of("ebusiness-id", "1", "api-key", "k")))
                .doesNotThrowAnyException();
    }

    private static ObjectNode pickup(String service, boolean window) {
        ObjectNode order = Cases.order("kdniao", "a-door-pickup-waits-for-its-waybill-number")
                .put("service", service);
        return window ? order : without(order, "/pickup");
    }

    /** Of whatever books the order. */
    private static List<String> bookingPointers(ObjectNode order) {
        Carrier kdniao = Cases.CARRIERS.get("kdniao");
        MappingRefused refused = catchThrowableOfType(
                MappingRefused.class,
                () -> kdniao.request(
                        kdniao.booking(order, Map.of()).operation(),
                        Known.NOTHING,
                        order,
                        kdniao.reference(Cases.key(order)),
                        Cases.account("kdniao")));
        return refused == null
                ? List.of()
                : refused.faults().stream().map(Fault::pointer).toList();
    }

    private static Map<String, String> services() {
        Map<String, String> account = new HashMap<>(Cases.account("birdsystem"));
        List.of("dpd-next-day", "royal-mail-48", "yodel-home").forEach(word -> account.put("service." + word, "1"));
        return account;
    }

    private static List<String> inOrder(String carrier) {
        JsonNode codes = Cases.read(Cases.MAPPINGS.resolve(carrier).resolve("codes.json"));
        return codes.path("service").properties().stream()
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<String> pointers(String carrier, ObjectNode order, Map<String, String> account) {
        return faults(carrier, order, account).stream().map(Fault::pointer).toList();
    }

    private static List<Fault> faults(String carrier, ObjectNode order, Map<String, String> account) {
        MappingRefused refused =
                catchThrowableOfType(MappingRefused.class, () -> Cases.request(carrier, order, account));
        return refused == null ? List.of() : refused.faults();
    }

    /** Where the list of BirdSystem's delivery services is known. */
    private static List<String> pointers(
            String carrier, ObjectNode order, Map<String, String> account, String service) {
        Carrier to = Cases.CARRIERS.get(carrier);
        ObjectNode done = Cases.JSON.createObjectNode();
        try {
            done.set("services", Cases.JSON.readTree(service.replace('\'', '"')));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
        MappingRefused refused = catchThrowableOfType(
                MappingRefused.class,
                () -> to.request("book", new Known(Part.BOOK, done), order, to.reference(Cases.key(order)), account));
        return refused == null
                ? List.of()
                : refused.faults().stream().map(Fault::pointer).toList();
    }

    private static ObjectNode without(ObjectNode order, String pointer) {
        JsonPointer path = JsonPointer.compile(pointer);
        if (order.at(path.head()) instanceof ObjectNode parent) {
            parent.remove(path.last().getMatchingProperty());
        }
        return order;
    }

    private static ObjectNode with(String carrier, String name, String pointer, String value) {
        ObjectNode order = Cases.order(carrier, name);
        JsonPointer path = JsonPointer.compile(pointer);
        JsonNode parent = order.at(path.head());
        if (pointer.startsWith("/remarks/")) {
            order.putArray("remarks").add("a").add("b").set(path.last().getMatchingIndex(), value);
        } else if (parent instanceof ArrayNode list) {
            list.set(path.last().getMatchingIndex(), Cases.JSON.getNodeFactory().textNode(value));
        } else if (parent instanceof ObjectNode object) {
            object.put(path.last().getMatchingProperty(), value);
        } else {
            order.putObject(path.head().getMatchingProperty()).put(path.last().getMatchingProperty(), value);
        }
        return order;
    }
}
