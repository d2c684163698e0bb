package io.waybill.sandbox;

import static io.waybill.sandbox.Customer.birdHeaders;
import static io.waybill.sandbox.Customer.consignment;
import static io.waybill.sandbox.Customer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.testing.Orders;
import io.waybill.testing.SetClock;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BirdSystemTest {

    private static final String FORM = "application/x-www-form-urlencoded";

    private final SetClock clock = new SetClock(Instant.parse("2024-11-08T11:51:56Z"));
    private final Sandbox sandbox = Sandbox.start(
            SandboxOptions.onAnyPort().withClock(clock).withAccount(new Account("birdsystem", "36", "k36")));
    private final Customer customer = new Customer(sandbox);

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void aCallWithoutItsKeyHasToLogIn() throws IOException {
        String body = Customer.form(consignment("SO-1"));

        HttpResponse<String> answer =
                customer.post("/client/Consignment", FORM, body, "api_key", "wrong", "company_id", "2");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("{\"success\":false,\"message\":\"Login Required!\"}");
        assertThat(sandbox.booked()).isEmpty();
    }

    @Test
    void credentialsAreAlsoTakenFromTheQuery() throws IOException {
        HttpResponse<String> answer = customer.post(
                "/client/consignment?company_id=2&api_key=sandbox-api-key", FORM, Customer.form(consignment("SO-1")));

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void theVendorsSampleIsAnsweredWithTheVendorsFields() throws IOException {
        HttpResponse<String> answer = customer.post(
                "/client/Consignment",
                "application/json",
                """
                {"client_id":"","id":"","is_urgent":"0","delivery_service_id":"5315","delivery_package_size_id":"",
                "sales_price":"","omp_vat_number":"1","shipper_eori":"191966856000","ioss_vat_number":"",
                "receiver_eori":"1","receiver_pid_number":"2","custom_identity_reference":"","contact":"test",
                "consignment_delivery_agent-net17track_code":"","address_line1":"asdasd","city":"","post_code":"asd",
                "country_iso":"CN","telephone":"","sender_country_iso":"GB","update_time":"2021-11-05 09:41:04",
                "type":"LOCAL","browser_company_id":"2","is_compensation_for_delay":"1"}""",
                birdHeaders());

        JsonNode data = json(answer).get("data");
        assertThat(data).hasSize(113);
        assertThat(data.get("id").longValue()).isEqualTo(2411080020000001L);
        assertThat(data.get("receiver_pid_number").isInt()).isTrue();
        assertThat(data.get("delivery_service_id").longValue()).isEqualTo(5315);
        assertThat(data.get("sales_price").textValue()).isEqualTo("0.000");
        assertThat(data.get("status").textValue()).isEqualTo("PREPARING");
        assertThat(data.get("create_time").textValue()).isEqualTo("2024-11-08 11:51:56");
        assertThat(data.get("city").isNull()).isTrue();
        assertThat(data.get("contact").textValue()).isEqualTo("test");
    }

    static Stream<Arguments> refusedFields() {
        return Stream.of(
                refused("Field [delivery_service_id] is required", "delivery_service_id", ""),
                refused("Field [country_iso] is required", "country_iso", ""),
                refused("Field [country_iso] is invalid", "country_iso", "UK"),
                refused("Field [sales_price] is invalid", "sales_price", "19,90"),
                refused("Unknown field [reason_for_expot]", "reason_for_expot", "Sale"),
                refused("Field [reason_for_export] is invalid", "reason_for_export", "sale"),
                refused("Field [type] is invalid", "type", "local"),
                refused(
                        "Field [custom_identity_reference] is longer than 50",
                        "custom_identity_reference",
                        "x".repeat(51)),
                refused("Field [post_code] is longer than 10", "post_code", "x".repeat(11)),
                refused("Field [city] is longer than 50", "city", "x".repeat(51)),
                refused("Delivery service [1] is not available", "delivery_service_id", "1"),
                refused("Delivery service [5300] is not available", "delivery_service_id", "5300"),
                refused("Delivery service [5315] is not available", "type", "DIRECT"),
                refused("Delivery service [5319] is not available", "delivery_service_id", "5319", "country_iso", "US"),
                refused("Field [ioss_vat_number] is required", "country_iso", "DE"),
                refused("Field [sales_order_id] is required", yodel("GB")),
                refused("Field [omp_name] is required", yodel("US", "sales_order_id", "1")),
                refused("Field [omp_vat_number] is required", yodel("US", "sales_order_id", "1", "omp_name", "ebay")),
                refused("Field [content_type] is required", royalMail("omp_name", "ebay")),
                refused("Field [shipper_eori] is required", royalMail("omp_name", "ebay", "content_type", "Gift")),
                refused("Field [reason_for_export] is required", dpd("US")),
                refused("Field [shipper_eori] is required", dpd("US", "reason_for_export", "Sale")),
                refused(
                        "Field [shipper_eori] is invalid",
                        dpd("US", "reason_for_export", "Sale", "shipper_eori", "191966856000")),
                refused("Field [omp_vat_number] is required", exported("US", "business_name", "ACME")),
                refused(
                        "Field [receiver_eori] is required",
                        exported("US", "business_name", "ACME", "omp_vat_number", "1")),
                refused("Field [receiver_pid_number] is required", exported("NO")),
                refused("Field [post_code] is invalid", dpd("GB", "post_code", "?")),
                refused("Field [telephone] is invalid", dpd("GB", "telephone", "123456")),
                refused("Field [contact] is longer than 35 for DPD NEXT DAY", dpd("GB", "contact", "x".repeat(36))),
                refused("Delivery service [5317] does not allow urgent consignments", royalMail("is_urgent", "1")),
                refused("Field [contact] is required", "type", "AGENT_DIRECT", "delivery_service_id", "5322"));
    }

    @ParameterizedTest
    @MethodSource("refusedFields")
    void aConsignmentThatBreaksARuleIsRefusedWithTheFieldsName(String message, String[] fields) throws IOException {
        HttpResponse<String> answer = customer.bird("Consignment", consignment("SO-1", fields));

        assertThat(json(answer).path("message").asText()).isEqualTo(message);
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(sandbox.booked()).isEmpty();
    }

    @Test
    void aCompleteExportIsAccepted() throws IOException {
        String[] fields = exported(
                "NO",
                "business_name",
                "ACME",
                "omp_vat_number",
                "1",
                "receiver_eori",
                "NO1",
                "receiver_pid_number",
                "5");

        HttpResponse<String> answer = customer.bird("Consignment", consignment("SO-1", fields));

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void theSalesPriceHasToBeSentThoughItMayBeEmpty() throws IOException {
        Map<String, String> fields = consignment("SO-1");
        fields.remove("sales_price");

        HttpResponse<String> without = customer.bird("Consignment", fields);
        HttpResponse<String> empty = customer.bird("Consignment", consignment("SO-1", "sales_price", ""));

        assertThat(json(without).path("message").asText()).isEqualTo("Field [sales_price] is required");
        assertThat(empty.statusCode()).isEqualTo(200);
    }

    @Test
    void theSameReferenceOfTheSameTypeAndSiteIsADuplicate() throws IOException {
        create("SO-1");

        HttpResponse<String> again = customer.bird("Consignment", consignment("SO-1"));
        HttpResponse<String> otherType =
                customer.bird("Consignment", consignment("SO-1", "type", "DIRECT", "delivery_service_id", "5320"));
        HttpResponse<String> otherSite = customer.post(
                "/client/Consignment", FORM, Customer.form(consignment("SO-1")), "api_key", "k36", "company_id", "36");

        assertThat(again.statusCode()).isEqualTo(500);
        assertThat(again.body())
                .isEqualTo("{\"success\":false,\"message\":\"Duplicate consignment identity reference [SO-1]\"}");
        assertThat(otherType.statusCode()).isEqualTo(200);
        assertThat(json(otherSite).at("/data/id").asText()).startsWith("241108036");
        assertThat(sandbox.booked()).hasSize(3);
    }

    @Test
    void theDuplicateCheckLooksBackSixMonths() throws IOException {
        create("SO-1");

        clock.forward(Duration.ofDays(180));
        assertThat(customer.bird("Consignment", consignment("SO-1")).statusCode())
                .isEqualTo(500);
        clock.forward(Duration.ofDays(5));
        assertThat(customer.bird("Consignment", consignment("SO-1")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void withoutAReferenceNothingProtectsAgainstASecondOrder() throws IOException {
        create("");
        create("");

        assertThat(sandbox.booked()).hasSize(2).extracting(Booked::reference).containsOnlyNulls();
    }

    @Test
    void anOrderIsSubmittedOnlyWithAProduct() throws IOException {
        String id = create("SO-1");

        HttpResponse<String> empty = submit(id);
        addProduct(id, "2");
        HttpResponse<String> filled = submit(id);

        assertThat(json(empty).get("message").asText())
                .isEqualTo(
                        "You consignment " + id + " does not have product associated, please add product first before"
                                + " changing the consignment status to Pending.");
        assertThat(filled.body()).isEqualTo("{\"refresh\":false,\"success\":true,\"moduleName\":\"client\"}");
    }

    @Test
    void theWarehouseWorksAsATestSays() throws IOException {
        String id = create("SO-1");
        addProduct(id, "2");
        submit(id);

        sandbox.work(Orders.json("{\"reference\": \"SO-1\", \"status\": \"PROCESSING\", \"delivery_fee\": \"4.20\"}"));
        JsonNode processing = query(id);
        sandbox.work(Orders.json("{\"reference\": \"SO-1\", \"status\": \"FINISHED\"}"));
        sandbox.work(
                Orders.json("{\"reference\": \"SO-1\", \"note\": \"Collected\", \"at\": \"2099-01-01T00:00:00Z\"}"));
        JsonNode trace = json(customer.get("/consignment/tracking?tracking_references=SBX" + id));

        assertThat(processing.get("status").asText()).isEqualTo("PROCESSING");
        assertThat(processing.get("total_delivery_fee").asText()).isEqualTo("4.20");
        assertThat(processing.get("delivery_reference").isNull()).isTrue();
        assertThat(trace.at("/data/SBX" + id + "/check_points").findValuesAsText("note"))
                .containsExactly("Collected", "waiting for dispatch", "consignment updated", "consignment updated");
        assertThat(trace.at("/data/SBX" + id + "/check_points/0/current_status").isNull())
                .isTrue();
        assertThat(trace.get("message").isArray()).isTrue();
        assertThat(json(customer.get("/consignment/tracking?tracking_references=NOBODY"))
                        .get("data"))
                .isEmpty();
    }

    @Test
    void feesAndTheDeliveryReferenceComeSomeQueriesAfterTheSubmit() throws IOException {
        String id = create("SO-1");
        addProduct(id, "2");
        assertThat(query(id).get("total_delivery_fee").asText()).isEqualTo("0.00");
        submit(id);

        JsonNode first = query(id);
        query(id);
        JsonNode third = query(id);

        assertThat(first.get("total_delivery_fee").asText()).isEqualTo("0.00");
        assertThat(third.get("total_delivery_fee").asText()).isEqualTo("3.90");
        assertThat(first.get("status").asText()).isEqualTo("PENDING");
        assertThat(first.get("delivery_reference").isNull()).isTrue();
        assertThat(third.get("status").asText()).isEqualTo("FINISHED");
        assertThat(third.get("delivery_reference").asText()).isEqualTo("SBX" + id);
        assertThat(third.get("consignment_product_quantity").asText()).isEqualTo("2");
    }

    @Test
    void anOrderIsFoundByItsReference() throws IOException {
        String id = create("SO-1");

        JsonNode found = json(customer.birdGet("consignment?custom_identity_reference=SO-1"));
        JsonNode none = json(customer.birdGet("consignment?custom_identity_reference=SO-2"));

        assertThat(found.get("total").asInt()).isEqualTo(1);
        assertThat(found.at("/data/0/id").asText()).isEqualTo(id);
        assertThat(none.toString()).isEqualTo("{\"total\":0,\"data\":[],\"success\":true,\"moduleName\":\"client\"}");
    }

    @Test
    void aProductAddedTwiceIsThereTwiceUntilOneIsDeleted() throws IOException {
        String id = create("SO-1");
        String item = json(addProduct(id, "1")).at("/data/id").asText();
        addProduct(id, "1");

        int before = json(customer.birdGet("Consignment-Product?consignment_id=" + id))
                .get("total")
                .asInt();
        customer.send(
                customer.request("/client/Consignment-Product/" + item).DELETE().headers(birdHeaders()));
        int after = json(customer.birdGet("Consignment-Product?consignment_id=" + id))
                .get("total")
                .asInt();

        assertThat(before).isEqualTo(2);
        assertThat(after).isEqualTo(1);
    }

    @Test
    void ordersAreCancelledByTheirReferencesAndNotOnceTheWarehouseIsDone() throws IOException {
        create("SO-1");
        create("SO-2");
        String done = create("SO-3");
        addProduct(done, "1");
        submit(done);
        query(done);
        query(done);
        query(done);

        Map<String, String> cancel = Map.of("custom_identity_references", "SO-1|SO-2", "status", "CANCELLED");
        customer.bird("Consignment/Batch-Update-Status", cancel);
        HttpResponse<String> late =
                customer.bird("Consignment/Batch-Update-Status", Map.of("ids", done, "status", "CANCELLED"));

        assertThat(sandbox.booked()).extracting(Booked::state).containsExactly("CANCELLED", "CANCELLED", "FINISHED");
        assertThat(json(late).get("message").asText()).isEqualTo("You consignment " + done + " is FINISHED");
    }

    @Test
    void anUnknownSkuHasNoProductAndAnyOtherHasOneThatCanBeOrdered() throws IOException {
        JsonNode known = json(customer.birdGet("Product?client_ref=SKU-1"));
        JsonNode unknown = json(customer.birdGet("Product?client_ref=UNKNOWN-1"));
        Map<String, String> product = Map.of(
                "consignment_id",
                create("SO-1"),
                "product_id",
                known.at("/data/0/id").asText(),
                "quantity",
                "1");

        assertThat(customer.bird("Consignment-Product", product).statusCode()).isEqualTo(200);
        assertThat(unknown.get("total").asInt()).isZero();
    }

    @Test
    void aProductWithoutStockCannotBeAdded() throws IOException {
        String product = json(customer.birdGet("Product?client_ref=NOSTOCK-1"))
                .at("/data/0/id")
                .asText();

        HttpResponse<String> answer = customer.bird(
                "Consignment-Product",
                Map.of("consignment_id", create("SO-1"), "product_id", product, "quantity", "1"));

        assertThat(json(answer).get("message").asText()).isEqualTo("Product [" + product + "] is out of stock");
    }

    @Test
    void agentOrdersTakeGoodsByTheirOwnPathOnly() throws IOException {
        Map<String, String> goods = new HashMap<>(Map.of(
                "product_name", "tea",
                "product_name_cn", "tea",
                "client_ref", "TEA-1",
                "price_customs_export", "8.50",
                "weight", "500",
                "quantity", "2",
                "product_customs_property[]", "3"));
        Map<String, String> agent = consignment("SO-1", "type", "AGENT_DIRECT", "contact", "Ann Lee", "city", "Leeds");
        agent.putAll(Map.of("delivery_service_id", "5322", "address_line1", "1 High St", "post_code", "LS1 1AA"));
        goods.put(
                "consignment_id",
                json(customer.bird("Consignment", agent)).at("/data/id").asText());

        HttpResponse<String> added = customer.bird("Agent-Direct-Consignment-Product/", goods);
        HttpResponse<String> wrongPath = addProduct(goods.get("consignment_id"), "1");
        goods.put("weight", "");
        HttpResponse<String> incomplete = customer.bird("Agent-Direct-Consignment-Product/", goods);
        goods.putAll(Map.of("weight", "500", "consignment_id", create("SO-2")));
        HttpResponse<String> wrongType = customer.bird("Agent-Direct-Consignment-Product/", goods);

        assertThat(added.statusCode()).isEqualTo(200);
        assertThat(json(incomplete).get("message").asText()).isEqualTo("Field [weight] is required");
        assertThat(json(wrongPath).get("message").asText()).endsWith("is of another type");
        assertThat(json(wrongType).get("message").asText()).endsWith("is of another type");
    }

    @Test
    void aDoubleIsSeenFromOutside() throws IOException {
        String id = create("SO-1");
        addProduct(id, "2");
        addProduct(id, "2");
        submit(id);
        submit(id);

        JsonNode booked = json(
                customer.send(customer.request("/sandbox/booked?reference=SO-1").GET()));

        assertThat(booked.at("/0/items").findValuesAsText("quantity")).containsExactly("2", "2");
        assertThat(booked.at("/0/submits").asInt()).isEqualTo(2);
        assertThat(sandbox.submits(sandbox.booked().get(0))).isEqualTo(2);
    }

    @Test
    void deliveryServicesAreListedByTypeWithTheirLimits() throws IOException {
        JsonNode services = json(customer.birdGet("delivery-service?consignment_type=LOCAL&status=ACTIVE"));

        assertThat(services.get("data").findValuesAsText("id"))
                .containsExactly("5315", "5316", "5317", "5318", "5319", "5323", "5324");
        assertThat(services.at("/data/1/restrict_max_length_contact").asInt()).isEqualTo(35);
        assertThat(services.at("/data/1/restrict_regex_telephone").asText()).isEqualTo("^.{7,32}$");
    }

    @Test
    void anOrderIsMadeWithItsGoodsInOneCallOrNotAtAll() throws IOException {
        String good = atOnce("SO-1", "LOCAL", "5315", "{'client_sku':'MUG-1','quantity':2,'sales_price':'9.90'}");
        String bad = atOnce("SO-2", "LOCAL", "5315", "{'client_sku':'UNKNOWN-1','quantity':2,'sales_price':'9.90'}");
        String unpriced = atOnce("SO-3", "LOCAL", "5315", "{'id':238721,'quantity':2}");

        assertThat(json(postAtOnce("", good, bad)).get("message").asText()).isEqualTo("Product [UNKNOWN-1] not found");
        assertThat(json(postAtOnce("", unpriced)).get("message").asText()).isEqualTo("Field [sales_price] is required");
        assertThat(json(postAtOnce("", good, good)).get("message").asText())
                .isEqualTo("Duplicate consignment identity reference [SO-1]");
        assertThat(sandbox.booked()).isEmpty();

        JsonNode made = json(postAtOnce("", good)).at("/data/0");

        assertThat(made.get("status").asText()).isEqualTo("PENDING");
        assertThat(sandbox.items(sandbox.booked().get(0)).findValuesAsText("quantity"))
                .containsExactly("2");
        assertThat(json(postAtOnce("", good)).get("message").asText())
                .isEqualTo("Duplicate consignment identity reference [SO-1]");
        assertThat(json(postAtOnce(
                                "?returnLabel=1",
                                atOnce("SO-4", "LOCAL", "5315", "{'id':238721,'quantity':1,'sales_price':'1'}")))
                        .get("message")
                        .asText())
                .isEqualTo("returnLabel is for one AGENT_DIRECT consignment");
        assertThat(sandbox.booked()).hasSize(1);
    }

    @Test
    void anAgentOrderInOneCallIsFinishedAndReturnsItsLabel() throws IOException {
        String goods =
                "{'product_name':'tea','product_name_cn':'tea','client_ref':'TEA-1','price_customs_export':'8.50',"
                        + "'weight':500,'quantity':2,'product_customs_property':['GENERAL']}";

        JsonNode labelled = json(postAtOnce("?returnLabel=1", atOnce("SO-1", "AGENT_DIRECT", "5322", goods)))
                .at("/data/0");
        JsonNode plain = json(postAtOnce("", atOnce("SO-2", "AGENT_DIRECT", "5322", goods)))
                .at("/data/0");
        String printed =
                atOnce("SO-3", "AGENT_DIRECT", "5322", goods).replace("{\"type\"", "{\"status\":\"PENDING\",\"type\"");
        JsonNode pending = json(postAtOnce("", printed)).at("/data/0");

        byte[] pdf = java.util.Base64.getDecoder().decode(labelled.get("label").asText());
        assertThat(new String(pdf, StandardCharsets.US_ASCII))
                .startsWith("%PDF-1.4")
                .contains("(SO-1) Tj")
                .endsWith("%%EOF\n");
        assertThat(labelled.get("status").asText()).isEqualTo("FINISHED");
        assertThat(labelled.get("delivery_reference").asText()).startsWith("SBX");
        assertThat(plain.has("label")).isFalse();
        assertThat(pending.get("status").asText()).isEqualTo("PENDING");
        assertThat(json(postAtOnce("", atOnce("SO-5", "AGENT_DIRECT", "5322", goods.replace("['GENERAL']", "3"))))
                        .get("message")
                        .asText())
                .isEqualTo("Field [product_customs_property[]] is required");
    }

    @Test
    void aDeliveryServiceMayRequireCustomsAndMayHideItsNumbers() throws IOException {
        HttpResponse<String> unpriced =
                customer.bird("Consignment", consignment("SO-1", "delivery_service_id", "5323", "sales_price", ""));
        customer.bird("Consignment", consignment("SO-2", "delivery_service_id", "5324"));
        sandbox.work(Orders.json("{\"reference\": \"SO-2\", \"status\": \"FINISHED\"}"));
        JsonNode services = json(customer.birdGet("delivery-service?id=5324"));

        assertThat(json(unpriced).get("message").asText()).isEqualTo("Field [sales_price] is required");
        assertThat(query(sandbox.booked().get(0).carrierOrderId())
                        .get("delivery_reference")
                        .isNull())
                .isTrue();
        assertThat(services.at("/data/0/is_hide_delivery_reference_to_consignment")
                        .asText())
                .isEqualTo("1");
    }

    @Test
    void aBrokenBodyIsABusinessErrorToo() throws IOException {
        HttpResponse<String> answer = customer.send(customer.request("/client/Consignment")
                .POST(BodyPublishers.ofString("{\"type\":"))
                .headers(birdHeaders())
                .header("Content-Type", "application/json"));

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(json(answer).get("message").asText()).isEqualTo("Malformed request body");
    }

    private static String atOnce(String reference, String type, String service, String products) {
        return Customer.json("{'type':'" + type + "','delivery_service_id':'" + service + "','country_iso':'GB',"
                        + "'sales_price':'','custom_identity_reference':'" + reference + "','contact':'Ann Lee',"
                        + "'address_line1':'1 High St','city':'Leeds','post_code':'LS1 1AA','products':[" + products
                        + "]}")
                .toString();
    }

    private HttpResponse<String> postAtOnce(String query, String... orders) throws IOException {
        return customer.post(
                "/client/Consignment/Post-Pending-Consignment-With-Products-Json" + query,
                "application/json",
                "[" + String.join(",", orders) + "]",
                birdHeaders());
    }

    private String create(String reference) throws IOException {
        return new ObjectMapper()
                .readTree(customer.bird("Consignment", consignment(reference)).body())
                .at("/data/id")
                .asText();
    }

    private HttpResponse<String> addProduct(String id, String quantity) throws IOException {
        return customer.bird(
                "Consignment-Product", Map.of("consignment_id", id, "product_id", "238721", "quantity", quantity));
    }

    private HttpResponse<String> submit(String id) throws IOException {
        String body = "{\"ids\": " + id + ", \"status\": \"PENDING\"}";
        return customer.post("/client/Consignment/Batch-Update-Status", "application/json", body, birdHeaders());
    }

    private JsonNode query(String id) throws IOException {
        return json(customer.birdGet("consignment?id=" + id)).at("/data/0");
    }

    private static Arguments refused(String message, String... fields) {
        return Arguments.of(message, fields);
    }

    private static String[] yodel(String country, String... more) {
        return local("5318", country, more);
    }

    private static String[] royalMail(String... more) {
        return local("5317", "US", more);
    }

    private static String[] dpd(String country, String... more) {
        return local("5316", country, more);
    }

    private static String[] exported(String country, String... more) {
        String[] export = {"reason_for_export", "Sale", "shipper_eori", "GB000000777888", "ioss_vat_number", "IM1"};
        return dpd(country, concat(export, more));
    }

    private static String[] local(String service, String country, String... more) {
        String[] address = {
            "delivery_service_id", service, "country_iso", country, "post_code", "LS1 1AA", "telephone", "07000000000"
        };
        return concat(address, more);
    }

    private static String[] concat(String[] first, String[] second) {
        return Stream.of(first, second).flatMap(Stream::of).toArray(String[]::new);
    }
}
