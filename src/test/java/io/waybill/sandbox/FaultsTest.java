package io.waybill.sandbox;

import static io.waybill.sandbox.Customer.consignment;
import static io.waybill.sandbox.Customer.eOrder;
import static io.waybill.sandbox.Customer.json;
import static io.waybill.sandbox.Customer.mabangOrder;
import static io.waybill.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort());
    private final Customer customer = new Customer(sandbox);

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void aCallCanBeDroppedBeforeTheCarrierSeesIt() throws IOException {
        sandbox.script(Fault.at("kdniao").instead(Reply.drop()));

        assertThatThrownBy(() -> customer.kdniao("1007", eOrder("SO-1"))).isInstanceOf(IOException.class);

        assertThat(sandbox.booked()).isEmpty();
        assertThat(customer.kdniao("1007", eOrder("SO-1")).body()).contains("\"ResultCode\":\"100\"");
        assertThat(sandbox.calls("kdniao")).isEqualTo(2);
    }

    @Test
    void anAnswerCanGetLostAfterTheBooking() throws IOException {
        sandbox.script(Fault.at("kdniao").afterCommit(Reply.drop()));

        assertThatThrownBy(() -> customer.kdniao("1007", eOrder("SO-1"))).isInstanceOf(IOException.class);

        assertThat(sandbox.booked()).extracting(Booked::reference).containsExactly("SO-1");
        assertThat(customer.kdniao("1007", eOrder("SO-1")).body()).contains("\"ResultCode\":\"106\"");
    }

    @ParameterizedTest
    @CsvSource({"500,false,''", "503,true,''", "500,true,<h1>oops</h1>", "204,true,''"})
    void aStatusCanReplaceTheAnswerWithAndWithoutABooking(int status, boolean commit, String body) throws IOException {
        Fault fault = Fault.at("mabang");
        Reply reply = Reply.status(status, body);
        sandbox.script(commit ? fault.afterCommit(reply) : fault.instead(reply));

        HttpResponse<String> answer = customer.mabang(mabangOrder("SO1"));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(sandbox.booked()).hasSize(commit ? 1 : 0);
    }

    @Test
    void aCarrierCanAskForAPause() throws IOException {
        sandbox.script(Fault.at("mabang").instead(Reply.status(429, Map.of("Retry-After", "7"), "")));

        HttpResponse<String> answer = customer.mabang(mabangOrder("SO1"));

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
    }

    @Test
    void aDocumentCanBeHalf() throws IOException {
        sandbox.script(Fault.at("mabang").afterCommit(Reply.of(Reply.Kind.MALFORMED)));

        HttpResponse<String> answer = customer.mabang(mabangOrder("SO1"));

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThatThrownBy(() -> json(answer)).hasMessageContaining("Unexpected end-of-input");
        assertThat(sandbox.booked()).hasSize(1);
    }

    @Test
    void aConnectionCanBreakInTheMiddleOfAnAnswer() {
        sandbox.script(Fault.at("mabang").afterCommit(Reply.of(Reply.Kind.CUT)));

        assertThatThrownBy(() -> customer.mabang(mabangOrder("SO1"))).hasStackTraceContaining("EOF reached");
        assertThat(sandbox.booked()).hasSize(1);
    }

    @Test
    void aPhpWarningCanPrecedeTheDocument() throws IOException {
        sandbox.script(Fault.at("birdsystem").afterCommit(Reply.of(Reply.Kind.WARNING)));

        String answer = customer.bird("Consignment", consignment("SO-1")).body();

        assertThat(answer).startsWith("<br />\n<b>Warning</b>:  json_decode()");
        assertThat(json("{" + answer.substring(answer.indexOf('{') + 1))
                        .get("success")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aSuccessCanLackItsWaybillNumberAndLabel() throws IOException {
        sandbox.script(Fault.at("kdniao").afterCommit(Reply.without("LogisticCode", "PrintTemplate")));

        JsonNode answer = json(customer.kdniao("1007", eOrder("SO-1")));

        assertThat(answer.get("Success").asBoolean()).isTrue();
        assertThat(answer.get("Order").has("LogisticCode")).isFalse();
        assertThat(answer.get("Order").has("KDNOrderCode")).isTrue();
        assertThat(answer.has("PrintTemplate")).isFalse();
    }

    @Test
    void anAnswerCanDripByteByByte() throws IOException {
        sandbox.script(Fault.at("mabang").afterCommit(Reply.drip(Duration.ofMillis(1))));
        long start = System.nanoTime();

        HttpResponse<String> answer = customer.mabang(mabangOrder("SO1"));

        assertThat(json(answer).get("code").asInt()).isEqualTo(201);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofMillis(answer.body().length() / 2));
    }

    @Test
    void anAnswerCanBeHuge() throws IOException {
        sandbox.script(Fault.at("mabang").afterCommit(Reply.huge(5_000_000)));

        HttpResponse<String> answer = customer.mabang(mabangOrder("SO1"));

        assertThat(answer.body()).hasSizeGreaterThan(5_000_000);
        assertThat(json(answer).get("code").asInt()).isEqualTo(201);
    }

    @Test
    void aKeptConnectionCanTurnOutToBeClosed() throws IOException {
        sandbox.script(Fault.at("mabang").afterCommit(Reply.of(Reply.Kind.STALE)));

        HttpResponse<String> first = customer.mabang(mabangOrder("SO1"));
        assertThatThrownBy(() -> customer.mabang(mabangOrder("SO2"))).isInstanceOf(IOException.class);
        HttpResponse<String> third = customer.mabang(mabangOrder("SO3"));

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(third.statusCode()).isEqualTo(201);
        assertThat(sandbox.booked()).extracting(Booked::reference).containsExactly("SO1", "SO3");
    }

    @Test
    void aSlowCarrierHasBookedWhileItsCustomerWaits() {
        sandbox.script(Fault.at("mabang").delay(Duration.ofMinutes(10)));

        Future<HttpResponse<String>> answer = customer.begin(mabangOrder("SO1"));

        await().untilAsserted(() ->
                assertThat(sandbox.booked()).extracting(Booked::reference).containsExactly("SO1"));
        assertThat(answer).isNotDone();
        answer.cancel(true);
    }

    @Test
    void anOrderCanArriveAfterItsCustomerGaveUp() {
        sandbox.script(Fault.at("mabang").hold(Duration.ofMillis(2000)));
        Instant start = Instant.now();

        Future<HttpResponse<String>> answer = customer.begin(mabangOrder("SO1"));
        await().until(() -> sandbox.calls("mabang") == 1);
        answer.cancel(true);

        await().until(() -> sandbox.booked().size() == 1);
        assertThat(sandbox.booked().get(0).at()).isAfterOrEqualTo(start.plusMillis(1999));
    }

    @Test
    void everyAnswerTakesTheDelayOfTheOptions() throws IOException {
        try (Sandbox slow = Sandbox.start(SandboxOptions.onAnyPort().withDelay(Duration.ofMillis(80)))) {
            long start = System.nanoTime();
            new Customer(slow).mabang(mabangOrder("SO1"));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(75));
        }
    }

    @Test
    void aFaultAppliesToItsReferencePathAndNumberOfCalls() throws IOException {
        sandbox.script(Fault.at("birdsystem")
                .reference("SO-2")
                .path("/consignment")
                .calls(1, 1)
                .instead(Reply.status(503, "")));

        assertThat(customer.bird("Consignment", consignment("SO-1")).statusCode())
                .isEqualTo(200);
        assertThat(customer.mabang(mabangOrder("SO-2")).statusCode()).isEqualTo(201);
        assertThat(customer.birdGet("delivery-service?custom_identity_reference=SO-2")
                        .statusCode())
                .isEqualTo(200);
        assertThat(customer.bird("Consignment", consignment("SO-2")).statusCode())
                .isEqualTo(200);
        assertThat(customer.birdGet("consignment?custom_identity_reference=SO-2")
                        .statusCode())
                .isEqualTo(503);
        assertThat(customer.birdGet("consignment?custom_identity_reference=SO-2")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aLaterCallOfAnOrderIsRecognisedByTheCarriersId() throws IOException {
        String id = json(customer.bird("Consignment", consignment("SO-1")))
                .at("/data/id")
                .asText();
        sandbox.script(Fault.at("birdsystem").reference("SO-1").calls(0, -1).instead(Reply.status(503, "")));
        Map<String, String> product = Map.of("consignment_id", id, "product_id", "238721", "quantity", "1");
        Map<String, String> submit = Map.of("ids", id, "status", "PENDING");

        assertThat(customer.bird("Consignment-Product", product).statusCode()).isEqualTo(503);
        assertThat(customer.bird("Consignment/Batch-Update-Status", submit).statusCode())
                .isEqualTo(503);
        assertThat(customer.birdGet("consignment?id=" + id).statusCode()).isEqualTo(503);
    }

    @Test
    void anotherProcessScriptsAndReadsTheSandboxOverHttp() throws IOException {
        String fault =
                "[{\"carrier\":\"mabang\",\"reference\":\"SO1\",\"kind\":\"status\",\"status\":502,\"body\":\"bad\","
                        + "\"headers\":{\"X-A\":1},\"commit\":true,\"delay_ms\":1}]";

        HttpResponse<String> scripted = customer.post("/sandbox/faults", "application/json", fault);
        HttpResponse<String> answer = customer.mabang(mabangOrder("SO1"));

        assertThat(scripted.body()).isEqualTo("{\"faults\":1}");
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).isEqualTo("bad");
        assertThat(answer.headers().firstValue("X-A")).hasValue("1");
        assertThat(json(customer.get("/sandbox/calls"))).isEqualTo(json("{'birdsystem':0,'mabang':1,'kdniao':0}"));
        JsonNode booked = json(customer.get("/sandbox/booked?carrier=mabang"));
        assertThat(booked.findValuesAsText("carrier_order_id")).containsExactly("SO1");
        assertThat(json(customer.get("/sandbox/booked?carrier=kdniao"))).isEmpty();
    }

    @Test
    void faultsAreClearedOverHttp() throws IOException {
        sandbox.script(Fault.at("mabang").calls(0, -1).instead(Reply.drop()));

        customer.send(customer.request("/sandbox/faults").DELETE());

        assertThat(customer.mabang(mabangOrder("SO1")).statusCode()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"carrier\":\"ups\"}|fault: carrier: expected 'birdsystem', 'mabang' or 'kdniao', was 'ups'",
                "{\"carrier\":\"mabang\",\"kind\":\"explode\"}|fault: kind: unknown word 'explode'",
                "{\"carrier\":\"mabang\",\"delay\":1}|fault: unknown key 'delay'",
                "{\"carrier\":\"mabang\",\"kind\":\"drip\",\"commit\":false}"
                        + "|fault 'DRIP' changes the carrier's answer: expected commit true, was false"
            })
    void aFaultThatMeansNothingIsRefused(String fault, String message) throws IOException {
        HttpResponse<String> answer = customer.post("/sandbox/faults", "application/json", fault);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).get("message").asText()).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/sandbox/other", "/apix"})
    void anUnknownPathIsNotFound(String path) throws IOException {
        HttpResponse<String> answer = customer.get(path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"message\":\"no such path '" + path + "'\"}");
    }
}
