package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.order.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierTest {

    private static final Carriers CARRIERS =
            Carriers.load(Cases.MAPPINGS, Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "birdsystem | 200 | {'data':{'id':1},'success':true}                     | confirmed",
                "birdsystem | 200 | {'success':true,'moduleName':'client'}               | in doubt: birdsystem answered 200 in words that no rule knows",
                "birdsystem | 500 | {'data':{'id':1},'success':true}                     | in doubt: birdsystem answered 500 in words that no rule knows",
                "birdsystem | 500 | {'success':false,'message':'No such service'}        | rejected: No such service",
                "birdsystem | 200 | {'success':false,'message':'No such service'}        | rejected: No such service",
                "birdsystem | 500 | {'success':false}                                    | rejected: birdsystem answered 500 without a reason",
                "birdsystem | 200 | {'success':false,'message':'Login Required!'}        | throttled: PT1M, birdsystem refused the credentials (Login Required!); check api-key and company-id of the account",
                "birdsystem | 500 | {'success':false,'message':'Duplicate consignment identity reference [A]'} | in doubt: birdsystem already has this reference: Duplicate consignment identity reference [A]",
                "birdsystem | 500 | {'message':'oops'}                                   | in doubt: birdsystem answered 500 in words that no rule knows",
                "birdsystem | 200 | {'data':{'id':1},'success':'true'}                   | in doubt: birdsystem answered 200 in words that no rule knows",
                "mabang | 201 | {'code':201,'data':{'order_number':'A'}}                 | confirmed",
                "mabang | 200 | {'code':202,'data':{'tracking_number':'T'}}              | confirmed",
                "mabang | 200 | {'code':'200','data':{'order_number':'A'}}               | confirmed",
                "mabang | 201 | {'code':201,'data':{'order_number':'','tracking_number':''}} | in doubt: mabang answered 201 in words that no rule knows",
                "mabang | 200 | {'code':2000,'data':{'order_number':'A'}}                | in doubt: mabang answered 200 in words that no rule knows",
                "mabang | 200 | {'data':{'order_number':'A'}}                            | in doubt: mabang answered 200 in words that no rule knows",
                "mabang | 403 | {'message':'Same order number of same client already exists!'} | in doubt: mabang already has this order number (Same order number of same client already exists!), so an earlier call arrived",
                "mabang | 409 | {'message':'ALREADY EXIST'}                              | in doubt: mabang already has this order number (ALREADY EXIST), so an earlier call arrived",
                "mabang | 200 | {'code':403,'message':'already exists'}                  | in doubt: mabang already has this order number (already exists), so an earlier call arrived",
                "mabang | 403 | {'message':'cannot be selected by Client'}               | rejected: cannot be selected by Client",
                "mabang | 422 | {'message':{'sku':'unknown'}}                            | rejected: {\"sku\":\"unknown\"}",
                "mabang | 400 | {'code':400}                                             | in doubt: mabang answered 400 in words that no rule knows",
                "mabang | 401 | {'message':'Unauthenticated.'}                           | throttled: PT1M, mabang refused the token (401); check the setting token of the account",
                "mabang | 401 |                                                          | throttled: PT1M, mabang refused the token (401); check the setting token of the account",
                "mabang | 408 | {'message':'timeout'}                                    | in doubt: mabang answered 408 in words that no rule knows",
                "mabang | 200 | {'code':412,'message':'qty is missing'}                  | rejected: qty is missing",
                "mabang | 500 | {'code':201,'data':{'order_number':'A'}}                 | in doubt: mabang answered 500 in words that no rule knows",
                "mabang | 300 | {'code':201,'data':{'order_number':'A'}}                 | in doubt: mabang answered 300 in words that no rule knows",
                "mabang | 500 | {'code':412,'message':'qty is missing'}                  | in doubt: mabang answered 500 in words that no rule knows",
                "mabang | 500 | {'message':'Server Error'}                               | in doubt: mabang answered 500 in words that no rule knows",
                "kdniao | 200 | {'Success':true,'ResultCode':'100','Order':{'LogisticCode':'Y'}} | confirmed",
                "kdniao | 200 | {'Success':true,'ResultCode':100,'Order':{'LogisticCode':'Y'}}   | confirmed",
                "kdniao | 200 | {'Success':true,'ResultCode':'106','Order':{'LogisticCode':'Y'}} | confirmed",
                "kdniao | 200 | {'Success':true,'ResultCode':'106'}                      | in doubt: kdniao answered 200 in words that no rule knows",
                "kdniao | 200 | {'Success':true,'ResultCode':'100','Order':{'LogisticCode':''}}  | in doubt: kdniao answered 200 in words that no rule knows",
                "kdniao | 500 | {'Success':true,'ResultCode':'100','Order':{'LogisticCode':'Y'}} | in doubt: kdniao answered 500 in words that no rule knows",
                "kdniao | 200 | {'Success':false,'ResultCode':'105','Reason':'订单号已存在'}   | in doubt: kdniao already has this order (105 订单号已存在)",
                "kdniao | 200 | {'Success':false,'ResultCode':'105','Reason':'该订单已经存在'} | in doubt: kdniao already has this order (105 该订单已经存在)",
                "kdniao | 200 | {'Success':false,'ResultCode':'105','Reason':'请勿重复操作'}   | in doubt: kdniao already has this order (105 请勿重复操作)",
                "kdniao | 200 | {'Success':false,'ResultCode':'105','Reason':'余额不足'}       | rejected: 105 余额不足",
                "kdniao | 200 | {'Success':false,'ResultCode':'101'}                     | rejected: 101",
                "kdniao | 200 | {'Success':false,'ResultCode':'102','Reason':'sign'}     | throttled: PT1M, kdniao refused the account (102 sign); check ebusiness-id and api-key of the account",
                "kdniao | 200 | {'Success':false,'ResultCode':'405','Reason':'quota'}    | throttled: PT1H, kdniao wants no more calls today (405 quota)",
                "kdniao | 200 | {'Success':false,'ResultCode':'999','Reason':'new'}      | in doubt: kdniao answered 200 in words that no rule knows",
            })
    void statusAndBodyDecideTogether(String carrier, int status, String body, String expected) {
        String text = body == null ? "" : body.replace('\'', '"');

        assertThat(told(CARRIERS.get(carrier).outcome("book", Cases.answer(status, Map.of(), text))))
                .isEqualTo(expected);
    }

    @Test
    void ofACallOfAnyKindWrongCredentialsSayNothingOfTheOrder() {
        Answer answer = Cases.answer(500, Map.of(), "{\"success\":false,\"message\":\"Login Required!\"}");
        Carrier birdsystem = CARRIERS.get("birdsystem");

        assertThat(birdsystem.operations())
                .filteredOn(operation -> !operation.equals("events"))
                .hasSizeGreaterThan(10)
                .allSatisfy(operation -> assertThat(told(birdsystem.outcome(operation, answer)))
                        .startsWith("throttled: PT1M, birdsystem refused the credentials"));
    }

    /** What another way of booking than the usual one is answered. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "kdniao | pickup | 200 | {'Success':true,'ResultCode':'100','Order':{'KDNOrderCode':'K'}} | confirmed",
                "kdniao | pickup | 200 | {'Success':true,'ResultCode':'106','Order':{'KDNOrderCode':'K'}} | confirmed",
                "kdniao | pickup | 200 | {'Success':true,'ResultCode':'100','Order':{'KDNOrderCode':''}}  | in doubt: kdniao answered 200 in words that no rule knows",
                "kdniao | pickup | 300 | {'Success':true,'ResultCode':'100','Order':{'KDNOrderCode':'K'}} | in doubt: kdniao answered 300 in words that no rule knows",
                "kdniao | pickup | 429 | {}                                              | throttled: PT0S, asked to wait",
                "kdniao | pickup | 200 | {'Success':false,'ResultCode':'405'}            | throttled: PT1H, asked to wait",
                "kdniao | pickup | 200 | {'Success':false,'ResultCode':'104'}            | throttled: PT1M, kdniao refused the account (104 ); check ebusiness-id and api-key of the account",
                "kdniao | pickup | 200 | {'Success':false,'ResultCode':'105','Reason':'重复'} | in doubt: kdniao already has this order (105 重复)",
                "kdniao | pickup | 200 | {'Success':false,'ResultCode':'103','Reason':'x'} | rejected: 103 x",
                "kdniao | area   | 200 | {'Success':true}                                | confirmed",
                "kdniao | area   | 200 | {'Success':false,'Reason':'too far'}            | rejected: kdniao: no courier comes there (too far)",
                "kdniao | area   | 200 | {'Success':false,'ResultCode':'405'}            | throttled: PT1H, asked to wait",
                "kdniao | area   | 200 | {}                                              | in doubt: kdniao answered 200 in words that no rule knows",
                "birdsystem | book-at-once | 200 | {'success':true,'data':[{'id':1}]}    | confirmed",
                "birdsystem | book-at-once | 500 | {'success':false,'message':'no'}      | rejected: no",
                "birdsystem | book-at-once | 200 | {'success':false,'message':'Login Required!'} | throttled: PT1M, birdsystem refused the credentials (Login Required!); check api-key and company-id of the account",
                "birdsystem | book-at-once | 429 | {}                                    | throttled: PT0S, asked to wait",
                "birdsystem | book-at-once | 200 | {'success':false,'message':'Duplicate consignment identity reference [A]'} | in doubt: birdsystem already has this reference: Duplicate consignment identity reference [A]",
            })
    void everyWayOfBookingIsJudgedByItsOwnRules(
            String carrier, String operation, int status, String body, String expected) {
        String text = body.replace('\'', '"');

        assertThat(told(CARRIERS.get(carrier).outcome(operation, Cases.answer(status, Map.of(), text))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"data\":{\"id\":1},\"succ",
                "<br /><b>Warning</b>: json_decode() {\"data\":{\"id\":1},\"success\":true}",
                "<html>502 Bad Gateway</html>",
                "[]",
                "null",
                "{\"success\":true,\"success\":true,\"data\":{\"id\":1}}",
                "{\"data\":{\"id\":1},\"success\":true}{}"
            })
    void whatIsNotOneJsonObjectIsInDoubtWhateverTheStatus(String body) {
        for (String carrier : CARRIERS.ids()) {
            for (int status : new int[] {200, 201, 302, 400, 404, 500, 503}) {
                assertThat(CARRIERS.get(carrier).outcome("book", Cases.answer(status, Map.of(), body)))
                        .isEqualTo(new Outcome.InDoubt(
                                carrier + " answered " + status + " without readable JSON", false, false));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120                           | PT2M",
                "0                             | PT0S",
                "-1                            | PT0S",
                "31536000                      | PT24H",
                "99999999999999999999          | PT24H",
                "soon                          | PT0S",
                "Thu, 01 Jan 2026 00:01:00 GMT | PT1M",
                "Fri, 01 Jan 2027 00:00:00 GMT | PT24H",
                "Wed, 31 Dec 2025 00:00:00 GMT | PT0S",
            })
    void aThrottledCallWaitsAsAskedButAtMostADay(String header, Duration delay) {
        for (String carrier : CARRIERS.ids()) {
            Answer answer = Cases.answer(429, Map.of("retry-AFTER", header), "<html>slow down</html>");

            assertThat(CARRIERS.get(carrier).outcome("book", answer))
                    .isEqualTo(new Outcome.Throttled(delay, "asked to wait"));
        }
    }

    @Test
    void aReasonIsOneBoundedLine() {
        String body = "{\"success\":false,\"message\":\"a\\u0000\\nb" + "x".repeat(600) + "\"}";

        Outcome outcome = CARRIERS.get("birdsystem").outcome("book", Cases.answer(500, Map.of(), body));

        assertThat(((Outcome.Rejected) outcome).reason()).startsWith("a bxx").hasSize(503);
    }

    private static String told(Outcome outcome) {
        if (outcome instanceof Outcome.Rejected no) {
            return "rejected: " + no.reason();
        }
        if (outcome instanceof Outcome.InDoubt unknown) {
            return "in doubt: " + unknown.reason();
        }
        return outcome instanceof Outcome.Throttled wait
                ? "throttled: " + wait.delay() + ", " + wait.reason()
                : "confirmed";
    }
}
