package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Outcome;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found at BirdSystem, and about a cancel at KDNiao, of a call whose answer is not known. */
class CallLookupTest {

    private static final Carrier BIRDSYSTEM = Cases.CARRIERS.get("birdsystem");
    private static final Path PRODUCT =
            Path.of("mappings/birdsystem/cases/goods-are-added-by-the-product-id-that-was-asked-for");
    private static final Path SUBMIT = Path.of("mappings/birdsystem/cases/a-submitted-consignment-is-pending");

    @Test
    void aLineWithTheSameProductAndQuantityIsAdoptedAsIfItHadBeenAnswered() {
        Found found = lines("{\"id\":7002,\"product_id\":238721,\"quantity\":\"3\"}");

        assertThat(found.match()).isEqualTo("same");
        JsonNode brought = BIRDSYSTEM.answered(known(PRODUCT), Cases.order(PRODUCT), found.answer(), Map.of());
        assertThat(brought.toString()).isEqualTo("{\"id\":\"7002\",\"product_id\":\"238721\",\"quantity\":\"3\"}");
    }

    @Test
    void aConsignmentWithoutTheLineHasItNot() {
        assertThat(lines().match()).isEqualTo("absent");
        assertThat(lines("{\"id\":7001,\"product_id\":238720,\"quantity\":\"1\"}")
                        .match())
                .isEqualTo("absent");
    }

    @Test
    void aLineThatAnotherEntryMadeIsNotThisOne() {
        Known known = known(PRODUCT);
        known.done()
                .putObject("product-1")
                .put("id", "7001")
                .put("product_id", "238721")
                .put("quantity", "3");
        String first = "{\"id\":7001,\"product_id\":238721,\"quantity\":3}";

        assertThat(lines(known, 1, first).match()).isEqualTo("absent");
        assertThat(lines(known, 2, first, "{\"id\":7002,\"product_id\":238721,\"quantity\":3}")
                        .match())
                .isEqualTo("same");
    }

    @Test
    void aLineThatSomebodyChangedIsForAPersonToJudge() {
        Known known = known(PRODUCT);
        known.done()
                .putObject("product-1")
                .put("id", "7001")
                .put("product_id", "238720")
                .put("quantity", "1");

        assertThat(lines(known, 1, "{\"id\":7001,\"product_id\":238720,\"quantity\":\"4\"}")
                        .match())
                .isEqualTo("other");
        assertThat(lines(known, 0).match()).isEqualTo("other");
        assertThat(lines("{\"id\":7002,\"product_id\":238721,\"quantity\":\"2\"}")
                        .match())
                .isEqualTo("other");
    }

    @Test
    void aListThatIsNotAllOfItProvesNothing() {
        assertThat(lines(known(PRODUCT), 9, "{\"id\":1,\"product_id\":238720,\"quantity\":\"1\"}")
                        .match())
                .isEqualTo("only some");
    }

    @ParameterizedTest
    @CsvSource({
        "PREPARING, absent",
        "PENDING, same",
        "WAIT_PICKING, same",
        "FINISHED, same",
        "CANCELLED, dead",
        "DELETED, dead",
        "'', unclear"
    })
    void theStateOfAConsignmentSaysWhetherItWasSubmitted(String status, String match) {
        ObjectNode body = list();
        body.withArray("data").addObject().put("id", 2411080020000005L).put("status", status);

        Found found = found("submit-lookup", known(SUBMIT), SUBMIT, body);

        assertThat(found.match()).isEqualTo(match);
        if (match.equals("same")) {
            assertThat(BIRDSYSTEM
                            .answered(known(SUBMIT), Cases.order(SUBMIT), found.answer(), Map.of())
                            .at("/shipment/raw_status")
                            .asText())
                    .isEqualTo(status);
        }
    }

    @Test
    void aConsignmentThatIsNotFoundAnyMoreIsForAPersonToJudge() {
        assertThat(found("submit-lookup", known(SUBMIT), SUBMIT, list()).match())
                .isEqualTo("unclear");
    }

    @ParameterizedTest
    @CsvSource({
        "SO-1, CANCELLED, same",
        "SO-1, PENDING, absent",
        "SO-2, CANCELLED, unclear",
    })
    void whetherItWasCancelledIsAlsoAskedByOurReference(String theirs, String status, String match) {
        Known nameless = new Known(Part.BOOK, (ObjectNode) json("{\"book\":{\"carrier_order_id\":\"adopted\"}}"));
        ObjectNode body = list();
        body.withArray("data")
                .addObject()
                .put("custom_identity_reference", theirs)
                .put("status", status);

        JsonNode asked = BIRDSYSTEM
                .request("cancel-lookup", nameless, Cases.order(SUBMIT), "SO-1", Cases.account("birdsystem"))
                .json();

        assertThat(asked.toString()).isEqualTo("{\"custom_identity_reference\":\"SO-1\"}");
        assertThat(BIRDSYSTEM
                        .found("cancel-lookup", nameless, asked, Cases.answer(200, Map.of(), body.toString()))
                        .match())
                .isEqualTo(match);
    }

    @ParameterizedTest
    @CsvSource({
        "KDN1, 203, same",
        "KDN1, 102, absent",
        "KDN1, 104, absent",
        "KDN1, 601, unclear",
        "KDN1, 998, unclear",
        "KDN2, 203, unclear",
    })
    void whetherADoorPickupWasCancelledIsAskedByKdniaosNumber(String theirs, String state, String match) {
        Carrier kdniao = Cases.CARRIERS.get("kdniao");
        Known booked = new Known(Part.BOOK, (ObjectNode) json("{\"book\":{\"carrier_order_id\":\"KDN1\"}}"));
        ObjectNode body = Cases.JSON.createObjectNode().put("Success", true);
        body.putObject("Data").put("KDNOrderCode", theirs).put("State", state).put("Reason", "why");

        JsonNode asked = kdniao.request(
                        "cancel-lookup",
                        booked,
                        Cases.order("kdniao", "a-door-pickup-is-cancelled"),
                        "SO-1",
                        Cases.account("kdniao"))
                .json();
        Found found = kdniao.found("cancel-lookup", booked, asked, Cases.answer(200, Map.of(), body.toString()));

        assertThat(asked.toString()).isEqualTo("{\"KdnOrderCode\":\"KDN1\"}");
        assertThat(found.match()).isEqualTo(match);
        assertThat(kdniao.outcome("cancel-pickup", found.answer())).isInstanceOf(Outcome.Confirmed.class);
    }

    private static Known known(Path folder) {
        return Cases.of("birdsystem", folder).known(Cases.order(folder));
    }

    private static Found lines(String... lines) {
        return lines(known(PRODUCT), lines.length, lines);
    }

    private static Found lines(Known known, int total, String... lines) {
        ObjectNode body = list().put("total", total);
        for (String line : lines) {
            body.withArray("data").add(json(line));
        }
        return found("product-lookup", known, PRODUCT, body);
    }

    private static Found found(String operation, Known known, Path folder, ObjectNode body) {
        Answer answer = Cases.answer(200, Map.of(), body.toString());
        return BIRDSYSTEM.found(
                operation, known, Cases.request("birdsystem", folder).json(), answer);
    }

    private static ObjectNode list() {
        ObjectNode body = Cases.JSON.createObjectNode().put("success", true);
        body.putArray("data");
        return body;
    }

    private static JsonNode json(String text) {
        try {
            return Cases.JSON.readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
