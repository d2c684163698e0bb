package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderSchemaTest {

    private static final String SMALLEST = "{'order_id':'A-1','recipient':{'name':'Ann','country_code':'GB',"
            + "'address_lines':['1 High St']},'items':[{'sku':'S','quantity':1}]}";

    @Test
    void theSmallestOrderIsLegalAndGetsItsDefaults() throws IOException {
        ObjectNode order = order(SMALLEST);

        assertThat(Cases.ORDERS.faults(order)).isEmpty();
        assertThat(Cases.ORDERS.withDefaults(order).toString())
                .isEqualTo(
                        ("{'order_id':'A-1','recipient':{'name':'Ann','country_code':'GB','address_lines':['1 High St']},"
                                        + "'items':[{'sku':'S','quantity':1}],'account':'default','reissue':0,'order_type':'local',"
                                        + "'process':'normal','parcel':{'count':1},'billing':{'payer':'monthly_account'},"
                                        + "'urgent':false,'late_compensation':false,'validate_now':false}")
                                .replace('\'', '"'));
        assertThat(order).isEqualTo(order(SMALLEST));
    }

    @Test
    void defaultsNeverReplaceWhatTheOrderSays() throws IOException {
        ObjectNode order = order(SMALLEST);
        order.put("account", "shop").put("urgent", true).putObject("billing").put("cost_center", "C");

        ObjectNode full = Cases.ORDERS.withDefaults(order);

        assertThat(full.path("account").asText()).isEqualTo("shop");
        assertThat(full.path("urgent").asBoolean()).isTrue();
        assertThat(full.path("billing").toString()).isEqualTo("{\"cost_center\":\"C\",\"payer\":\"monthly_account\"}");
    }

    @Test
    void ofVeryManyFaultsTheFirstAreTold() throws IOException {
        JsonNode order = order(SMALLEST.replace("}]", "}" + ",{}".repeat(19_900) + "]"));

        List<Fault> faults = Cases.ORDERS.faults(order);

        assertThat(faults).hasSize(1001);
        assertThat(faults.get(1000))
                .isEqualTo(new Fault("", "the document has more faults; only the first 1000 are told"));
        assertThat(faults.subList(0, 1000)).allMatch(fault -> fault.pointer().startsWith("/items"));
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() throws IOException {
        JsonNode order = order("{'order_id':' A','recipient':{'name':'','country_code':'UK'},'items':[{'sku':'S',"
                + "'quantity':0,'unit_price':{'amount':'-1','currency':'gbp'}},{'quantity':'2','colour':'red'}],"
                + "'order_type':'express','created_at':'yesterday','tags':['empty_parcel','empty_parcel']}");

        assertThat(Cases.ORDERS.faults(order))
                .containsExactlyInAnyOrder(
                        new Fault(
                                "/order_id",
                                "order_id must be 1 to 64 visible characters without a blank at either end"),
                        new Fault("/recipient/name", "recipient.name must not be empty"),
                        new Fault(
                                "/recipient/address_lines",
                                "recipient.address_lines is missing: street address, most specific line first"),
                        new Fault("/recipient/country_code", "recipient.country_code is 'UK'; write 'GB'"),
                        new Fault("/items/0/quantity", "items[0].quantity must be at least 1"),
                        new Fault(
                                "/items/0/unit_price/amount",
                                "items[0].unit_price.amount must be a decimal text such as \"19.90\", not negative, with"
                                        + " at most 4 decimals"),
                        new Fault(
                                "/items/0/unit_price/currency",
                                "items[0].unit_price.currency must be three capitals such as GBP"),
                        new Fault("/items/1/sku", "items[1].sku is missing: the merchant's article number"),
                        new Fault("/items/1/quantity", "items[1].quantity must be a whole number, was a text"),
                        new Fault(
                                "/items/1/colour",
                                "items[1].colour is no field that is known here; correct its spelling or remove it"),
                        new Fault(
                                "/order_type", "order_type is 'express'; expected local, direct, return, agent_direct"),
                        new Fault(
                                "/created_at",
                                "created_at must be a date and time with offset, such as 2026-01-31T09:30:00+08:00"),
                        new Fault("/tags", "tags must not name the same entry twice"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "'x'", "1", "true"})
    void whatIsNoObjectIsNoOrder(String document) throws IOException {
        assertThat(Cases.ORDERS.faults(json(document)))
                .extracting(Fault::message)
                .singleElement()
                .asString()
                .startsWith("the document must be a group of fields, was ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.0", "1e2", "1e999999999", "0.5", "-0.0"})
    void anIntegerIsWrittenAsOne(String number) throws IOException {
        ObjectNode order = order(SMALLEST.replace("'quantity':1", "'quantity':" + number));

        assertThat(Cases.ORDERS.faults(order))
                .containsExactly(new Fault(
                        "/items/0/quantity",
                        "items[0].quantity must be a whole number written without point or exponent"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A\\u0000",
                "A\\n",
                "\\nA",
                "A\\u202e",
                "\\ud800",
                "",
                " ",
                "A ",
                "\\u00a0A",
                "A\\u2028B",
                "A\\u200b",
                "A\\u007f"
            })
    void anOrderIdOfOtherThanVisibleCharactersIsRefused(String id) throws IOException {
        ObjectNode order = order(SMALLEST.replace("A-1", id));

        assertThat(Cases.ORDERS.faults(order)).extracting(Fault::pointer).containsExactly("/order_id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../etc/passwd", "..", "a/b", "C:\\\\x", "%2e%2e", "${x}", "{{y}}", "#bean", "订单 1", "😀"})
    void anyVisibleOrderIdIsTaken(String id) throws IOException {
        assertThat(Cases.ORDERS.faults(order(SMALLEST.replace("A-1", id)))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"64, 0", "65, 1"})
    void anOrderIdIsCountedInCharactersNotInUnits(int length, int faults) throws IOException {
        assertThat(Cases.ORDERS.faults(order(SMALLEST.replace("A-1", "😀".repeat(length)))))
                .hasSize(faults);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A\\u0000", "A\\nB", "A\\n", "\\ud800B", "\\u0085"})
    void noTextHoldsControlCharactersOrBrokenLetters(String text) throws IOException {
        ObjectNode named = order(SMALLEST.replace("Ann", text));
        ObjectNode kept = order(SMALLEST.replace("{'order_id'", "{'metadata':{'a':[{'b':'" + text + "'}]},'order_id'"));
        ObjectNode keyed = order(SMALLEST.replace("{'order_id'", "{'metadata':{'" + text + "':1},'order_id'"));

        assertThat(Cases.ORDERS.faults(named)).extracting(Fault::pointer).containsExactly("/recipient/name");
        assertThat(Cases.ORDERS.faults(kept)).extracting(Fault::pointer).containsExactly("/metadata/a/0/b");
        assertThat(Cases.ORDERS.faults(keyed)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00", "now"})
    void aTimeIsARealDateWithOffset(String time) throws IOException {
        ObjectNode order = order(SMALLEST);
        order.put("created_at", time);

        assertThat(Cases.ORDERS.faults(order)).extracting(Fault::pointer).containsExactly("/created_at");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.23456", "-1", "1,5", "1e3", "", ".5", "NaN", "1234567890123456", "19.90\\n", "٣"})
    void anAmountIsAPlainDecimalText(String amount) throws IOException {
        ObjectNode order = order(SMALLEST.replace(
                "{'order_id'", "{'sales_price':{'amount':'" + amount + "','currency':'GBP'},'order_id'"));

        assertThat(Cases.ORDERS.faults(order)).extracting(Fault::pointer).containsExactly("/sales_price/amount");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "500, 0", "501, 1"})
    void anOrderHasOneToFiveHundredItems(int items, int faults) throws IOException {
        ObjectNode order = order(SMALLEST);
        JsonNode item = order.path("items").get(0).deepCopy();
        order.putArray("items").addAll(java.util.Collections.nCopies(items, item));

        assertThat(Cases.ORDERS.faults(order)).hasSize(faults);
    }

    /** The bounds and words of the public contract: what is just legal, and what is not any more. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/account              | 'a' x 40                    | 'a' x 41",
                "/account              | '0-z'                       | 'A'",
                "/account              | 'default'                   | ''",
                "/reissue              | 0                           | -1",
                "/carrier              | 'x-1'                       | 'X'",
                "/service              | 'a' x 40                    | 'a' x 41",
                "/order_type           | 'agent_direct'              | 'agent'",
                "/process              | 'handed_over'               | 'done'",
                "/platform/name        | 'p' x 50                    | 'p' x 51",
                "/platform/order_number | 'p' x 100                  | 'p' x 101",
                "/sales_reference      | 's' x 50                    | 's' x 51",
                "/recipient/phone      | '1' x 50                    | '1' x 51",
                "/recipient/email      | 'a@b'                       | 'a@b@c'",
                "/recipient/country_code | 'GB'                      | 'gb'",
                "/recipient/postal_code | '1' x 20                   | '1' x 21",
                "/recipient/address_lines | ['1','2','3']            | ['1','2','3','4']",
                "/recipient/address_lines | ['1']                    | []",
                "/recipient/address_lines | ['1']                    | ['']",
                "/items/0/sku          | 's'                         | ''",
                "/items/0/weight_g     | 0                           | -1",
                "/items/0/country_of_origin | 'CN'                   | 'UK'",
                "/items/0/unit_price   | {'amount':'0.0001','currency':'GBP'} | {'amount':'1'}",
                "/items/0/customs_value | {'amount':'999999999999999','currency':'USD'} | {'currency':'USD'}",
                "/parcel/count         | 30                          | 31",
                "/parcel/count         | 1                           | 0",
                "/parcel/weight_g      | 1                           | 0",
                "/parcel/volume_cm3    | 1                           | 0",
                "/parcel/length_mm     | 1                           | 0",
                "/parcel/width_mm      | 1                           | 0",
                "/parcel/height_mm     | 1                           | 0",
                "/parcel/declared_value | {'amount':'1','currency':'HKD'} | '1 HKD'",
                "/export/reason        | 'return_replacement'        | 'return'",
                "/export/content_type  | 'documents'                 | 'food'",
                "/billing/payer        | 'third_party'               | 'nobody'",
                "/billing/cost_center  | 'c' x 100                   | 'c' x 101",
                "/label/format         | 'zpl'                       | 'gif'",
                "/label/url            | 'https://a/b'               | 'file:///etc/passwd'",
                "/label/base64         | 'aGk='                      | 'a b'",
                "/tracking_number      | 't' x 100                   | 't' x 101",
                "/pickup/from          | '2026-01-31T09:30:00+08:00' | 'tomorrow'",
                "/pickup/to            | '2026-01-31T09:30:00Z'      | '2026-01-31T09:30:00'",
                "/return_action        | 'send_home'                 | 'burn'",
                "/urgent               | true                        | 'yes'",
                "/late_compensation    | true                        | 1",
                "/validate_now         | true                        | null",
                "/tags                 | ['empty_parcel','print_invoice','custom_label'] | ['fragile']",
                "/remarks              | ['a','b']                   | ['a','b','c']",
                "/remarks              | []                          | 'a'",
                "/metadata             | {}                          | []",
            })
    void everyFieldHasTheBoundsOfTheContract(String field, String legal, String illegal) throws IOException {
        assertThat(Cases.ORDERS.faults(set(field, legal))).isEmpty();
        assertThat(Cases.ORDERS.faults(set(field, illegal))).isNotEmpty().allMatch(fault -> fault.pointer()
                .startsWith(field));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/colour",
                "/platform/colour",
                "/sender/colour",
                "/recipient/colour",
                "/items/0/colour",
                "/items/0/unit_price/colour",
                "/parcel/colour",
                "/export/colour",
                "/billing/colour",
                "/label/colour",
                "/pickup/colour"
            })
    void aFieldThatNobodyKnowsIsAFaultWhereverItStands(String field) throws IOException {
        assertThat(Cases.ORDERS.faults(set(field, "'red'")))
                .extracting(Fault::pointer)
                .contains(field);
    }

    /** Nothing of any length, and no control character, comes in by a field that nobody thought of. */
    @Test
    void everyTextAndNumberOfTheContractIsBounded() {
        JsonNode rules = Cases.read(Cases.MAPPINGS.resolve("order.schema.json"));

        assertThat(rules.findParents("description")).allSatisfy(rule -> {
            switch (rule.path("type").asText()) {
                case "string" -> assertThat(rule.has("maxLength")
                                || rule.path("pattern").asText().matches(".*\\{[0-9,]+}.*"))
                        .isTrue();
                case "integer" -> assertThat(rule.has("minimum") && rule.has("maximum"))
                        .isTrue();
                default -> assertThat(rule.path("description").asText()).isNotEmpty();
            }
            if (rule.has("maxLength") && !rule.has("format")) {
                assertThat(rule.path("pattern").asText()).matches(".*(\\\\p\\{Cc}|!-~|A-Za-z0-9).*");
            }
        });
    }

    /** A legal order with one field as given; {@code 'x' x 3} is a text of three. */
    private static ObjectNode set(String field, String value) throws IOException {
        ObjectNode order = order(SMALLEST);
        String text = value.matches("'.' x \\d+")
                ? "'" + value.substring(1, 2).repeat(Integer.parseInt(value.substring(6))) + "'"
                : value;
        JsonPointer path = JsonPointer.compile(field);
        JsonNode parent = order.at(path.head());
        if (parent.isMissingNode() && field.startsWith("/items/0/")) {
            parent = ((ObjectNode) order.at("/items/0"))
                    .putObject(path.head().last().getMatchingProperty());
        } else if (parent.isMissingNode()) {
            parent = order.putObject(path.head().last().getMatchingProperty());
        }
        ((ObjectNode) parent).set(path.last().getMatchingProperty(), json(text));
        return order;
    }

    @Test
    void aNumberWhereATextBelongsIsToldAsOne() throws IOException {
        String price = "'quantity':1,'unit_price':{'amount':1.5,'currency':'CNY'}";

        assertThat(Cases.ORDERS.faults(order(SMALLEST.replace("'quantity':1", price))))
                .containsExactly(new Fault(
                        "/items/0/unit_price/amount", "items[0].unit_price.amount must be a text, was a number"));
    }

    @Test
    void metadataIsFree() throws IOException {
        ObjectNode order =
                order(SMALLEST.replace("{'order_id'", "{'metadata':{'a':1.5,'b':{'c':[null,true,'x']}},'order_id'"));

        assertThat(Cases.ORDERS.faults(order)).isEmpty();
    }

    @Test
    void faultsNeverRepeatWhatThePersonWrote() throws IOException {
        ObjectNode order = order(
                SMALLEST.replace("'Ann'", "'PIIMARK" + "x".repeat(300) + "'").replace("'GB'", "'PIIMARK Street 1'"));
        ((ObjectNode) order.path("recipient")).put("email", "PIIMARK").put("phone", "PIIMARK".repeat(10));

        List<Fault> faults = Cases.ORDERS.faults(order);

        assertThat(faults).hasSize(4).allSatisfy(fault -> assertThat(fault.message())
                .doesNotContain("PIIMARK"));
    }

    @Test
    void everyFieldHasADescription() {
        JsonNode rules = Cases.read(Cases.MAPPINGS.resolve("order.schema.json"));

        assertThat(rules.findParents("type")).isNotEmpty();
        for (String holder : List.of("", "/$defs/party", "/$defs/money", "/properties/parcel", "/properties/export")) {
            assertThat(rules.at(holder + "/properties"))
                    .allSatisfy(field ->
                            assertThat(field.path("description").asText()).isNotEmpty());
        }
    }

    @Test
    void aSchemaFileThatIsNoJsonIsRefusedWithItsLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("order.schema.json"), "{\n  \"type\": oops\n}\n");

        assertThatThrownBy(() -> OrderSchema.load(file))
                .isInstanceOf(BadDeclarations.class)
                .hasMessageStartingWith(file + ":2: cannot be read: ");
    }

    private static ObjectNode order(String text) throws IOException {
        return (ObjectNode) json(text);
    }

    private static JsonNode json(String text) throws IOException {
        return Cases.JSON.readTree(text.replace('\'', '"'));
    }
}
