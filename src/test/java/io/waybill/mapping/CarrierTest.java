package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.OrderKey;
import io.waybill.order.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CarrierTest {

    private static final Pattern SOURCE = Pattern.compile("\\b([BKM][0-9]{1,2}|a:[0-9]{3})\\)");

    @ParameterizedTest
    @CsvSource(
            value = {
                "birdsystem, A-1001, 0, A-1001",
                "birdsystem, A-1001, 2, A-1001-R2",
                "birdsystem, a/b #1, 0, a/b #1",
                "birdsystem, A-R1, 0, AR1-",
                "birdsystem, a|b, 0, ab-",
                "birdsystem, 订单1, 0, 1-",
                "mabang, A-1001, 0, A-1001",
                "mabang, A_1001, 0, A1001-",
                "mabang, 12345678901234567890123456789012345678901234567890, 0, 12345678901234567890123456789012345678901234567890",
                "mabang, 123456789012345678901234567890123456789012345678901, 0, 123456789012345678901234567890123-",
                "birdsystem, 123456789012345678901234567890123456789012345678901, 0, 123456789012345678901234567890123-",
                "kdniao, 订单1, 0, 订单1",
                "kdniao, A+1001, 0, A1001-",
                "kdniao, A-1001, 1, A-1001-R1",
                "kdniao, 1234567890123456789012345678901, 0, 1234567890123-",
            })
    void theReferenceIsTheOrderIdWhereTheCarrierCanCarryIt(String carrier, String id, int reissue, String expected) {
        OrderKey key = new OrderKey("default", id, reissue);

        String reference = Cases.CARRIERS.get(carrier).reference(key);

        assertThat(reference).isEqualTo(Cases.CARRIERS.get(carrier).reference(key));
        assertThat(reference).matches(Pattern.quote(expected) + (expected.endsWith("-") ? "[A-Z2-7]{16}" : ""));
    }

    @Test
    void whatNobodyMaySeeIsDeclaredSecret() {
        Map<String, String> secrets = Map.of(
                "birdsystem", "api-key push-secret",
                "mabang", "push-secret token",
                "kdniao", "api-key customer-pwd");
        secrets.forEach((carrier, keys) -> {
            JsonNode settings = Declaration.read(
                            Cases.MAPPINGS.resolve(carrier).resolve("carrier.yaml"), new ArrayList<>())
                    .root()
                    .path("settings");
            assertThat(settings.properties().stream()
                            .filter(setting -> setting.getValue().path("secret").asBoolean())
                            .map(Map.Entry::getKey)
                            .sorted())
                    .as(carrier)
                    .containsExactly(keys.split(" "));
        });
    }

    @Test
    void noTwoOrdersShareAReference() {
        Carrier kdniao = Cases.CARRIERS.get("kdniao");
        List<String> references = new ArrayList<>();
        for (String account : List.of("one", "two")) {
            for (String id : List.of("A+1", "A#1", "A 1+", "A-R1+", "B".repeat(31), "B".repeat(32))) {
                for (int reissue = 0; reissue < 3; reissue++) {
                    references.add(kdniao.reference(new OrderKey(account, id, reissue)));
                }
            }
        }

        assertThat(references).doesNotHaveDuplicates().allMatch(reference -> reference.length() <= 30);
        assertThat(kdniao.reference(new OrderKey("one", "A-R1", 0)))
                .isNotEqualTo(kdniao.reference(new OrderKey("one", "A", 1)));
    }

    @Test
    void anOperationStatesItsFacts() {
        assertThat(Cases.CARRIERS.get("kdniao").operation("book"))
                .isEqualTo(new Operation(
                        "book",
                        "POST",
                        "/api/EOrderService",
                        "signed-form",
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        "repost",
                        "url",
                        20,
                        null,
                        false));
        assertThat(Cases.CARRIERS.get("birdsystem").operation("book").inDoubt()).isEqualTo("lookup");
        assertThat(Cases.CARRIERS.get("birdsystem").operation("book").rate()).isNull();
        assertThat(Cases.CARRIERS.get("mabang").operation("book").inDoubt()).isEqualTo("operator");
    }

    @Test
    void whatIsNotPublishedIsOffUntilASettingSaysWhere() {
        Carrier off = Cases.CARRIERS.get("mabang");
        ObjectNode order = Cases.order("mabang", "a-tiktok-order-with-its-own-waybill");

        assertThat(off.operations())
                .filteredOn(name -> off.operation(name).isOff())
                .containsExactly("label-upload", "lookup", "status", "cancel", "cancel-lookup");
        assertThat(off.followUps()).noneMatch(FollowUpRule::isAsked);
        assertThat(off.parts(order, Map.of())).containsExactly(Part.BOOK);
        assertThat(off.unsent(order, Map.of())).anyMatch(warning -> warning.contains("label.base64"));

        Carrier on = mabang(Map.of(
                "query-path",
                "/q",
                "query-method",
                "POST",
                "cancel-path",
                "/c",
                "label-path",
                "/l",
                "auth-scheme",
                "none",
                "auth-header",
                "X-Token",
                "exists",
                "^422 taken"));

        assertThat(on.operations()).noneMatch(name -> on.operation(name).isOff());
        assertThat(on.operation("book").inDoubt()).isEqualTo("lookup");
        assertThat(on.operation("cancel").inDoubt()).isEqualTo("lookup");
        assertThat(on.operation("status").encoding()).isEqualTo("json");
        assertThat(on.followUps()).extracting(FollowUpRule::operation).containsExactly("status");
        assertThat(on.parts(order, Map.of())).extracting(Part::step).containsExactly("book", "label-upload");
        assertThat(on.unsent(order, Map.of())).noneMatch(warning -> warning.contains("label"));
        assertThat(on.request("status", Known.NOTHING, order, "SO1001", Cases.account("mabang"))
                        .headers())
                .containsExactly(Map.entry("X-Token", Cases.account("mabang").get("token")));
        assertThat(on.outcome("book", Cases.answer(422, Map.of(), "{\"message\":\"taken\"}")))
                .isInstanceOf(Outcome.InDoubt.class);
        assertThat(mabang(Map.of("query-path", "/q"))
                        .request("status", Known.NOTHING, order, "SO 1", Cases.account("mabang"))
                        .query())
                .isEqualTo("order_number=SO+1");
    }

    @Test
    void whatFollowsACreateIsDecidedByTheCreateAndNotByTodaysSettings() {
        Carrier carrier = Cases.CARRIERS.get("birdsystem");
        ObjectNode order = Cases.order(Cases.of("birdsystem").get(0)).put("order_type", "local");
        Map<String, String> once = Map.of("one-shot", "local");

        assertThat(carrier.parts(order, once)).extracting(Part::operation).doesNotContain("product", "submit");
        assertThat(carrier.parts("book", order, once))
                .extracting(Part::operation)
                .contains("book", "product", "submit");
        assertThat(carrier.parts("book-at-once", order, Map.of()))
                .extracting(Part::operation)
                .contains("book-at-once")
                .doesNotContain("product", "submit");
    }

    @Test
    void whatADoorPickupIsAskedAboutIsOffUntilASettingSaysWhere() {
        Carrier off = Cases.CARRIERS.get("kdniao");
        ObjectNode order = Cases.order("kdniao", "a-door-pickup-is-cancelled");

        assertThat(off.operations())
                .filteredOn(name -> off.operation(name).isOff())
                .containsExactly("cancel-lookup", "status");
        assertThat(off.operation("cancel-pickup").inDoubt()).isEqualTo("operator");
        assertThat(numberIsBroughtBy(off, order)).containsExactly("pickup-push");

        Carrier on = loaded("kdniao", Map.of("info-path", "/api/x", "state-path", "/api/y", "info-at", "Order"));

        assertThat(on.operations()).noneMatch(name -> on.operation(name).isOff());
        assertThat(on.operation("cancel-pickup").inDoubt()).isEqualTo("lookup");
        assertThat(on.operation("pickup").inDoubt()).isEqualTo("repost");
        assertThat(numberIsBroughtBy(on, order)).containsExactly("status");
        assertThat(numberIsBroughtBy(on, Cases.order("kdniao", "a-parcel-within-china")))
                .isEmpty();
        assertThat(on.later(
                                new Known(new Part("status", "status", "", null, true), Cases.JSON.createObjectNode()),
                                order,
                                Cases.answer(200, Map.of(), "{\"Order\":{\"State\":\"120\",\"LogisticCode\":\"SF1\"}}"),
                                Map.of())
                        .path("tracking_number")
                        .asText())
                .isEqualTo("SF1");
    }

    private static List<String> numberIsBroughtBy(Carrier carrier, ObjectNode order) {
        ObjectNode shipment = Cases.JSON.createObjectNode().put("status", "submitted");
        return carrier.followUps().stream()
                .filter(rule -> rule.awaits(shipment, order)
                        .filter(awaited -> awaited.field().equals("tracking_number"))
                        .isPresent())
                .map(FollowUpRule::operation)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "query-path, apicenter, 'expected a path such as /apicenter/api/order'",
        "query-path, /a/../b?c={x}, 'expected a path such as /apicenter/api/order'",
        "cancel-method, BREW, 'expected one of GET, POST, PUT, PATCH, DELETE'",
        "exists, (, 'is no regular expression'",
        "auth-header, 'A: b', 'expected [A-Za-z0-9-]{1,60}'",
    })
    void aSettingThatSaysNonsenseIsAFinding(String name, String value, String finding) {
        assertThatThrownBy(() -> mabang(Map.of(name, value)))
                .isInstanceOf(BadDeclarations.class)
                .hasMessageContaining(name)
                .hasMessageContaining(finding);
    }

    private static Carrier mabang(Map<String, String> settings) {
        return loaded("mabang", settings);
    }

    private static Carrier loaded(String carrier, Map<String, String> settings) {
        return Carriers.load(Cases.MAPPINGS, id -> id.equals(carrier) ? settings : Map.of())
                .get(carrier);
    }

    @Test
    void whatIsNotThereIsNamedWithWhatIs() {
        assertThatThrownBy(() -> Cases.CARRIERS.get("ups"))
                .hasMessage("carrier 'ups': expected one of birdsystem, kdniao, mabang");
        assertThatThrownBy(() -> Cases.CARRIERS.get("mabang").operation("rate"))
                .hasMessage("operation 'rate' of mabang: expected one of book, label-upload, lookup, status, cancel,"
                        + " cancel-lookup");
    }

    @Test
    void theServicesOfTheFoldersAreThePublishedOnes() {
        assertThat(services("birdsystem")).containsExactly("standard");
        assertThat(services("mabang")).containsExactlyInAnyOrder("own-waybill", "standard");
        assertThat(services("kdniao"))
                .containsExactlyInAnyOrder(
                        "sf",
                        "yto",
                        "zto",
                        "sto",
                        "yd",
                        "ems",
                        "jd",
                        "sf-door",
                        "yto-door",
                        "zto-door",
                        "sto-door",
                        "yd-door",
                        "ems-door",
                        "jd-door",
                        "sf-courier",
                        "yto-courier",
                        "zto-courier",
                        "sto-courier",
                        "yd-courier",
                        "ems-courier",
                        "jd-courier");
    }

    private static List<String> services(String carrier) {
        JsonNode codes = Cases.read(Cases.MAPPINGS.resolve(carrier).resolve("codes.json"));
        List<String> words = new ArrayList<>();
        codes.path("service").fieldNames().forEachRemaining(words::add);
        return words;
    }

    /** Where a fact is from stands in comments: whoever reads a fault does not know these marks. */
    @ParameterizedTest
    @ValueSource(strings = {"birdsystem", "kdniao", "mabang"})
    void whatIsSaidToPeopleNamesNoSource(String carrier) throws IOException {
        List<String> said = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Cases.MAPPINGS.resolve(carrier))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".request.schema.json")) {
                    Cases.read(file)
                            .findValues("allOf")
                            .forEach(rules -> said.addAll(rules.findValuesAsText("description")));
                } else if (name.equals("rejected.json")) {
                    said.addAll(Cases.read(file).findValuesAsText("message"));
                } else if (name.endsWith(".jslt")) {
                    Files.readAllLines(file).stream()
                            .filter(line -> !line.strip().startsWith("//"))
                            .forEach(said::add);
                }
            }
        }

        assertThat(said).isNotEmpty().noneMatch(SOURCE.asPredicate());
    }

    @Test
    void everyVersionIsItsOwn() {
        assertThat(Cases.CARRIERS.ids().stream()
                        .map(id -> Cases.CARRIERS.get(id).version()))
                .doesNotHaveDuplicates()
                .allMatch(version -> version.matches("[0-9a-f]{12}"));
    }

    @Test
    void aConfirmedAnswerWithNonsenseInItLosesOnlyTheNonsense() {
        String body =
                "{\"success\":true,\"data\":{\"id\":1,\"status\":\"PENDING\",\"delivery_reference\":\"../../etc/passwd\","
                        + "\"total_delivery_fee\":\"NaN\",\"total_handling_fee\":\"-3\",\"create_time\":\"yesterday\","
                        + "\"stock_status\":\"a\\u0000b\",\"total_fee_weight\":\"1e99\"}}";
        ObjectNode order = Cases.order("birdsystem", "a-parcel-within-britain");

        ObjectNode result = result("birdsystem", order, body);

        assertThat(result.path("status").asText()).isEqualTo("submitted");
        assertThat(result.has("tracking_number")).isFalse();
        assertThat(result.has("charges")).isFalse();
        assertThat(Declaration.texts(result.path("warnings")))
                .contains(
                        "total_delivery_fee is no amount that can be booked and was left out",
                        "total_handling_fee is no amount that can be booked and was left out",
                        "create_time is no date and time and was left out",
                        "the answer's tracking_number must be a number of at most 100 letters, digits, blanks and . _ -;"
                                + " it was left out",
                        "the answer's raw_status_text must be a text without control characters; it was left out");
    }

    @Test
    void anUnknownStatusStaysUnknownWithTheCarriersWord() {
        ObjectNode order = Cases.order("birdsystem", "a-parcel-within-britain");

        ObjectNode result =
                result("birdsystem", order, "{\"success\":true,\"data\":{\"id\":1,\"status\":\"NEW_ONE\"}}");

        assertThat(result.path("status").asText()).isEqualTo("unknown");
        assertThat(result.path("raw_status").asText()).isEqualTo("NEW_ONE");
    }

    @ParameterizedTest
    @CsvSource({"PREPARING, draft", "FINISHED, handed_over", "DELETED, cancelled"})
    void aStatusOfBirdsystemIsTranslatedByItsTable(String theirs, String ours) {
        ObjectNode order = Cases.order("birdsystem", "a-parcel-within-britain");
        String body = "{\"success\":true,\"data\":{\"id\":1,\"status\":\"" + theirs + "\"}}";

        assertThat(result("birdsystem", order, body).path("status").asText()).isEqualTo(ours);
    }

    /** Of the other types nobody publishes what was received, and where. */
    @ParameterizedTest
    @CsvSource({"return, returned", "local, unknown", "direct, unknown", "agent_direct, unknown"})
    void onlyAReturnThatWasReceivedIsReturned(String type, String ours) {
        ObjectNode order = Cases.order("birdsystem", "a-parcel-within-britain").put("order_type", type);

        ObjectNode result =
                result("birdsystem", order, "{\"success\":true,\"data\":{\"id\":1,\"status\":\"RECEIVED\"}}");

        assertThat(result.path("status").asText()).isEqualTo(ours);
        assertThat(result.path("raw_status").asText()).isEqualTo("RECEIVED");
    }

    /** The tables of the public contract, and the codes of the carriers' own pages. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "birdsystem | status        | draft PREPARING; submitted PENDING CONFIRMED_BY_WAREHOUSE; processing WAIT_PICKING PICKING"
                        + " PROCESSING REVIEWING; labelled ADDRESS_LABEL_PRINTED; handed_over FINISHED; exception PROBLEM"
                        + " WAITING_CLIENT_RESPOND WAITING_WAREHOUSE_RESPOND; cancelled CANCELLED DELETED",
                "birdsystem | return_status | returned RECEIVED",
                "mabang     | status        | submitted accepted; processing allocate_at; labelled pack_at; handed_over handover_at;"
                        + " exception shortage_at logistics_message; cancelled cancel_at",
                "kdniao     | status        | submitted 100 106",
                "kdniao     | pickup        | processing 102 103 109; labelled 120; handed_over 104 301; in_transit 2; delivered 3;"
                        + " exception 99 206 207; cancelled 203",
                "kdniao     | trace         | submitted 10 0; handed_over 1; in_transit 2 201; out_for_delivery 202 211;"
                        + " delivered 3 301 302 304 311; exception 4 401 402 403 404 405 412; returned 406 407; cancelled 413",
                "birdsystem | order_type    | LOCAL local; DIRECT direct; RETURN return; AGENT_DIRECT agent_direct",
                "birdsystem | return_action | CONTAINER restock; SELLER send_home; DISPOSE dispose; CHECK inspect; TRANSFER transfer",
                "birdsystem | export_reason | Sale sale; ReturnReplacement return_replacement; Gift gift",
                "birdsystem | content_type  | Gift gift; Documents documents; Other other",
                "birdsystem | service       | 5315 standard",
                "mabang     | process       | 1 normal; 2 handed_over; 3 transfer",
                "mabang     | tag           | 1 empty_parcel; 2 print_invoice; 3 custom_label",
                "mabang     | service       | standard standard; manual_tracking_no own-waybill",
                "kdniao     | payer         | 1 sender; 2 recipient; 3 monthly_account; 4 third_party",
                "kdniao     | currency      | CNY CNY; HKD HKD; NTD TWD; MOP MOP",
                "kdniao     | service       | SF sf sf-door sf-courier; YTO yto yto-door yto-courier; ZTO zto zto-door zto-courier;"
                        + " STO sto sto-door sto-courier; YD yd yd-door yd-courier; EMS ems ems-door ems-courier;"
                        + " JD jd jd-door jd-courier",
            })
    void everyCodeMeansWhatItsPageSays(String carrier, String table, String meaning) {
        JsonNode codes = Cases.read(Cases.MAPPINGS.resolve(carrier).resolve("codes.json"));
        Map<String, String> expected = new HashMap<>();
        for (String group : meaning.split("; *")) {
            List<String> words = List.of(group.split(" +"));
            words.subList(1, words.size()).forEach(word -> expected.put(word, words.get(0)));
        }
        Map<String, String> told = new HashMap<>();
        codes.path(table)
                .properties()
                .forEach(code -> told.put(code.getKey(), code.getValue().asText()));

        assertThat(told).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'SubOrders':['N2','N1']                 | N2",
                "'SubOrders':'N2'                        | N2",
                "'SubOrders':'N2, N3,'                   | N2 N3",
                "'SubOrders':'[\\\"N2\\\",\\\"N3\\\"]' | N2 N3",
                "'SubOrders':''                          | ``",
                "'SubCount':1                            | ``",
            })
    void kdniaosChildNumbersAreReadInEveryFormBesideTheOrderAndInIt(String children, String expected) {
        List<String> numbers = expected.isEmpty() ? List.of() : List.of(expected.split(" "));
        String order = "'LogisticCode':'N1','KDNOrderCode':'K1'";
        for (String answer : List.of(
                "{'ResultCode':'100','Order':{" + order + "}," + children + "}",
                "{'ResultCode':'100','Order':{" + order + "," + children + "}}")) {
            ObjectNode result =
                    result("kdniao", Cases.order("kdniao", "a-parcel-within-china"), answer.replace('\'', '"'));

            assertThat(Declaration.texts(result.path("other_tracking_numbers"))).isEqualTo(numbers);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'PrintTemplate':'<html>1'                                                       | <html>1",
                "'PrintTemplate':'<html>1','SubPrintTemplates':'<html>2','SignBillPrintTemplate':['<html>3'] | <html>1 <html>2 <html>3",
                "'PrintTemplate':'','SubPrintTemplates':[7]                                       | ``",
            })
    void everyPageOfKdniaosLabelIsKeptAndNoOtherThing(String pages, String expected) {
        String answer = "{'ResultCode':'100','Order':{'LogisticCode':'N1'}," + pages + "}";

        ObjectNode result = result("kdniao", Cases.order("kdniao", "a-parcel-within-china"), answer.replace('\'', '"'));

        assertThat(result.at("/label/content").asText()).isEqualTo(expected.replace(' ', '\n'));
        assertThat(result.path("label_state").asText()).isEqualTo(expected.isEmpty() ? "awaited" : "stored");
        assertThat(Declaration.texts(result.path("warnings")).contains("kdniao gave a number and no label"))
                .isEqualTo(expected.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        // the label, the wished format, the format and the encoding
        "JVBERi0xLjQ=, zpl, pdf, base64",
        "^XA^XZ, pdf, zpl, text",
        "XlhBXlha, pdf, zpl, base64",
        "iVBORw0KGgo=, pdf, png, base64",
        "https://labels.example.com/1, zpl, zpl, url",
        "https://labels.example.com/1, , pdf, url",
        "7, pdf, , ",
    })
    void birdsystemsLabelIsToldByHowItBegins(String label, String wished, String format, String encoding) {
        ObjectNode order = Cases.order("birdsystem", "an-agent-order-in-one-call-brings-its-label");
        order.putObject("label").put("format", wished);
        String text = label.equals("7") ? label : "\"" + label + "\"";
        String body = "{\"success\":true,\"data\":[{\"id\":1,\"delivery_reference\":\"\",\"label\":" + text + "}]}";

        ObjectNode result = Cases.CARRIERS
                .get("birdsystem")
                .result(
                        "book-at-once",
                        Known.NOTHING,
                        order,
                        Cases.answer(200, Map.of(), body),
                        Cases.account("birdsystem"));

        assertThat(result.at("/label/format").asText(null)).isEqualTo(format);
        assertThat(result.at("/label/encoding").asText(null)).isEqualTo(encoding);
        assertThat(result.path("label_state").asText()).isEqualTo(format == null ? "awaited" : "stored");
        assertThat(result.has("tracking_number")).isFalse();
        assertThat(result.path("warnings").toString()).doesNotContain("tracking_number");
    }

    @ParameterizedTest
    @CsvSource({"ebay, true", "eBay, true", "amazon, false"})
    void theNumbersOfEbayAreSentForItsGoodsAndElseToldAsNotSent(String platform, boolean sent) {
        Carrier birdsystem = Cases.CARRIERS.get("birdsystem");
        ObjectNode order = Cases.order("birdsystem", "goods-of-the-warehouse-in-one-call");
        order.withObjectProperty("platform").put("name", platform);
        Map<String, String> account = Cases.account("birdsystem");
        ObjectNode done = Cases.JSON.createObjectNode();
        done.putObject("book").put("carrier_order_id", "1");
        done.putObject("sku-1").put("product_id", "2");
        Part line = birdsystem.parts("book", order, account).stream()
                .filter(part -> part.operation().equals("product"))
                .findFirst()
                .orElseThrow();

        JsonNode one = birdsystem
                .request("product", new Known(line, done), order, "R", account)
                .json();
        JsonNode all = birdsystem
                .request("book-at-once", Known.NOTHING, order, "R", account)
                .json();

        for (JsonNode goods : List.of(one, all.at("/products/0"))) {
            assertThat(goods.has("ebay_transaction_id")).isEqualTo(sent);
            assertThat(goods.has("ebay_item_no")).isEqualTo(sent);
        }
        assertThat(birdsystem.unsent(order, account).stream().filter(told -> told.contains("items.platform_")))
                .hasSize(sent ? 0 : 2);
    }

    @Test
    void whatMabangSaysOfAnOrderIsAWarning() {
        ObjectNode order = Cases.order("mabang", "a-shopee-order-that-is-already-packed");
        order.putArray("remarks").add("one").add("two");

        ObjectNode result = result(
                "mabang",
                order,
                "{\"code\":201,\"data\":{\"order_number\":\"A\",\"logistics_message\":\"no such street\"}}");

        assertThat(Declaration.texts(result.path("warnings")))
                .contains("mabang says: no such street", "not sent to mabang: remarks[1] (there is one remark)");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"cancel_at\":\"2026-01-01 00:00:00\",\"pack_at\":\"2026-01-01 00:00:00\"', cancelled",
        "'\"handover_at\":\"2026-01-01 00:00:00\",\"logistics_message\":\"late\"', handed_over",
        "'\"pack_at\":\"2026-01-01 00:00:00\",\"logistics_message\":\"late\"', exception",
        "'\"pack_at\":\"2026-01-01 00:00:00\"', labelled",
        "'\"shortage_at\":\"2026-01-02 00:00:00\",\"allocate_at\":\"2026-01-01 00:00:00\"', exception",
        "'\"shortage_at\":\"2026-01-01 00:00:00\",\"allocate_at\":\"2026-01-02 00:00:00\"', processing",
        "'\"shortage_at\":\"2026-01-01 00:00:00\",\"allocate_at\":\"2026-01-01 00:00:00\"', processing",
        "'\"shortage_at\":\"2026-01-01 00:00:00\"', exception",
        "'\"status\":\"pending\"', submitted",
    })
    void theStatusOfMabangFollowsFromItsTimes(String data, String status) {
        ObjectNode order = Cases.order("mabang", "a-shopee-order-that-is-already-packed");
        String body = "{\"code\":201,\"data\":{\"order_number\":\"A\"," + data + "}}";

        assertThat(result("mabang", order, body).path("status").asText()).isEqualTo(status);
    }

    @Test
    void oneCarrierServesManyThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < 800; i++) {
                String id = "T-" + i;
                String carrier = List.of("birdsystem", "mabang", "kdniao").get(i % 3);
                work.add(() -> mapsItsOwnOrder(carrier, id));
            }
            for (Future<Boolean> done : threads.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Good and refused orders by turns, so that faults of one thread would show in another. */
    private static boolean mapsItsOwnOrder(String carrier, String id) {
        ObjectNode order = Cases.order(Cases.of(carrier).get(0)).put("order_id", id);
        boolean mapped = Cases.request(carrier, order, Cases.account(carrier))
                .json()
                .toString()
                .contains(id);
        try {
            Cases.request(carrier, order.put("service", "rocket"), Cases.account(carrier));
            return false;
        } catch (MappingRefused e) {
            return mapped
                    && e.faults().size() == 1
                    && Cases.ORDERS.faults(order).isEmpty();
        }
    }

    private static ObjectNode result(String carrier, ObjectNode order, String body) {
        return Cases.CARRIERS
                .get(carrier)
                .result("book", Known.NOTHING, order, Cases.answer(200, Map.of(), body), Cases.account(carrier));
    }
}
