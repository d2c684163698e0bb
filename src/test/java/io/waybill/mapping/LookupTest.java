package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LookupTest {

    private static final Path CASE = Path.of("mappings/birdsystem/cases/a-parcel-within-britain");
    private static final Carrier BIRDSYSTEM = Cases.CARRIERS.get("birdsystem");
    private static final ObjectNode ORDER = Cases.order(CASE);
    private static final Map<String, String> ACCOUNT = Cases.account(CASE);
    private static final Request BOOKING = Cases.request("birdsystem", ORDER, ACCOUNT);

    @Test
    void theLookUpAsksByOurReferenceInTheQuery() {
        Request request = BIRDSYSTEM.request("lookup", Known.NOTHING, ORDER, "SO 1/&x", ACCOUNT);

        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.query()).isEqualTo("custom_identity_reference=SO+1%2F%26x");
        assertThat(request.body()).isEmpty();
    }

    @Test
    void anAliveOrderWithTheSameReceiverAndServiceIsAdoptedAsIfItHadBeenAnswered() {
        Found found = found(theirs("PREPARING"));

        assertThat(found.match()).isEqualTo("same");
        ObjectNode result = BIRDSYSTEM.result("book", Known.NOTHING, ORDER, found.answer(), ACCOUNT);
        assertThat(result.path("carrier_order_id").asText()).isEqualTo("2411080020000005");
        assertThat(result.path("status").asText()).isEqualTo("draft");
    }

    @ParameterizedTest
    @CsvSource({"contact, Somebody Else", "post_code, ZZ9 9ZZ", "country_iso, FR", "delivery_service_id, 99"})
    void anOrderThatDiffersIsNotAdopted(String field, String value) {
        ObjectNode other = theirs("PENDING");
        other.put(field, value);

        assertThat(found(other).match()).isEqualTo("other");
        assertThat(found(other).answer()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"CANCELLED", "DELETED"})
    void aCancelledOrderIsNotAdopted(String status) {
        assertThat(found(theirs(status)).match()).isEqualTo("dead");
    }

    @Test
    void anOrderOfAnotherReferenceIsAbsentEvenIfTheCarrierIgnoredTheFilter() {
        ObjectNode other = theirs("PENDING");
        other.put("custom_identity_reference", "ANOTHER");

        assertThat(found(other).match()).isEqualTo("absent");
        assertThat(found().match()).isEqualTo("absent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"201", "\"201\"", "null", "\"many\""})
    void aListOfOthersThatIsNotAllOfItProvesNothing(String total) {
        ObjectNode other = theirs("PENDING");
        other.put("custom_identity_reference", "ANOTHER");
        String page = "{\"success\":true,\"total\":" + total + ",\"data\":[" + other + "]}";

        assertThat(BIRDSYSTEM
                        .found("lookup", Known.NOTHING, BOOKING.json(), Cases.answer(200, Map.of(), page))
                        .match())
                .isEqualTo("only some");
    }

    @Test
    void anOrderBookedInOneCallIsAdoptedOnlyIfItIsSubmitted() {
        ObjectNode sent = BOOKING.json().deepCopy();
        sent.putArray("products").addObject().put("client_sku", "A").put("quantity", 1);

        assertThat(BIRDSYSTEM
                        .found("lookup", Known.NOTHING, sent, answer("", theirs("PENDING")))
                        .match())
                .isEqualTo("same");
        assertThat(BIRDSYSTEM
                        .found("lookup", Known.NOTHING, sent, answer("", theirs("PREPARING")))
                        .match())
                .isEqualTo("other");
    }

    @ParameterizedTest
    @CsvSource({
        "'<br />\n<b>Warning</b>:  json_decode() expects {string}, array given<br />\n', same",
        "'<b>Warning</b> {} ', same",
        "'Warning: ', unreadable"
    })
    void aWarningInHtmlBeforeTheAnswerToAQueryIsPassedOver(String warning, String expected) {
        Answer answer = answer(warning, theirs("PENDING"));

        boolean read = BIRDSYSTEM.outcome("lookup", answer) instanceof Outcome.Confirmed;
        assertThat(read).isEqualTo(!expected.equals("unreadable"));
        if (read) {
            assertThat(BIRDSYSTEM
                            .found("lookup", Known.NOTHING, BOOKING.json(), answer)
                            .match())
                    .isEqualTo(expected);
        }
        assertThat(BIRDSYSTEM.outcome("book", answer)).isInstanceOf(Outcome.InDoubt.class);
    }

    @Test
    void twoAliveOrdersAreForAPersonToJudge() {
        assertThat(found(theirs("PENDING"), theirs("PENDING")).match()).isEqualTo("several");
    }

    private static ObjectNode theirs(String status) {
        ObjectNode theirs = Cases.JSON.createObjectNode();
        theirs.setAll((ObjectNode) BOOKING.json());
        theirs.put("id", 2411080020000005L).put("status", status);
        theirs.put(
                "delivery_service_id",
                BOOKING.json().path("delivery_service_id").asInt());
        return theirs;
    }

    private static Found found(ObjectNode... theirs) {
        return BIRDSYSTEM.found("lookup", Known.NOTHING, BOOKING.json(), answer("", theirs));
    }

    private static Answer answer(String before, ObjectNode... theirs) {
        ObjectNode body =
                Cases.JSON.createObjectNode().put("total", theirs.length).put("success", true);
        for (ObjectNode one : theirs) {
            body.withArray("data").add(one);
        }
        body.withArray("data");
        return new Answer(200, Map.of(), (before + body).getBytes(StandardCharsets.UTF_8));
    }
}
