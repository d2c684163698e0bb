package io.waybill.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the files of a carrier folder disagree with each other, and with settings and routes. */
class CarrierFindingsTest {

    private static final String CASE = "mappings/kdniao/cases/a-parcel-within-china/";

    @TempDir
    static Path home;

    private Broken broken;

    @BeforeEach
    void copyTheRealFolders() throws IOException {
        broken = new Broken(home, "routes", "mappings");
    }

    @Test
    void theRealFoldersHaveNoFindings() {
        assertThat(broken.carrierFindings()).isEmpty();
    }

    /** In {@code wrong}, {@code §} marks the line that has to be named. */
    @ParameterizedTest
    @MethodSource({"codes", "keys", "lengths", "settings", "choices"})
    void oneFaultIsOneFindingWithItsLine(String file, String right, String wrong, String message) throws IOException {
        broken.change(file, right, wrong);

        assertThat(broken.carrierFindings()).containsExactly(broken.place() + ": " + message);
    }

    static Stream<Arguments> codes() {
        return Stream.of(
                arguments(
                        "mappings/kdniao/codes.json",
                        "  \"payer\": {",
                        "  §\"mood\": {\"good\": 1},\n  \"payer\": {",
                        "table 'mood' is used by no mapping"),
                arguments(
                        "mappings/mabang/codes.json",
                        "    \"pack_at\"",
                        "    §\"lost_at\": \"exception\",\n    \"pack_at\"",
                        "code 'lost_at' of status is used by no mapping"),
                arguments(
                        "mappings/mabang/book.response.jslt",
                        "else if ($message) $codes.status.logistics_message",
                        "else if ($message) §$codes.status.message + $codes.status.logistics_message",
                        "code 'message' of status is missing in codes.json"),
                arguments(
                        "mappings/mabang/codes.json",
                        "\"normal\": 1,",
                        "\"normal\": 1,\n    §\"by_hand\": 1,",
                        "code 'by_hand' of process is used by no order; 'process' is one of normal, handed_over, transfer"),
                arguments(
                        "mappings/kdniao/codes.json",
                        "\"CNY\": \"CNY\",",
                        "§\"CNY\": \"RMB\",",
                        "code 'RMB' is none that 'CurrencyCode' of book.request.schema.json accepts"));
    }

    static Stream<Arguments> keys() {
        return Stream.of(
                arguments(
                        "mappings/kdniao/book.request.jslt",
                        "\"Remark\": .remarks[0]",
                        "\"Remark\": .remarks[0],\n  §\"Notes\": .remarks[1]",
                        "'Notes' is no field of book.request.schema.json"),
                arguments(
                        "mappings/kdniao/book.request.schema.json",
                        "\"Weight\": {",
                        "§\"Colour\": {\"type\": \"string\"},\n    \"Weight\": {",
                        "'Colour' is not mapped in book.request.jslt"),
                arguments(
                        "mappings/kdniao/book.request.schema.json",
                        "\"required\": [\"GoodsName\", \"Goodsquantity\"],\n        \"properties\": {",
                        "\"required\": [\"GoodsName\", \"Goodsquantity\", \"Colour\"],\n        \"properties\": {\n          §\"Colour\": {\"type\": \"string\"},",
                        "'Commodity.Colour' is required, and book.request.jslt does not map it"),
                arguments(
                        "mappings/kdniao/carrier.yaml",
                        "  length: 30",
                        "  §length: 31",
                        "length is 31, but 'OrderCode' of book.request.schema.json takes 30 characters"),
                arguments(
                        "mappings/mabang/carrier.yaml",
                        "  pattern: \"[A-Za-z0-9-]+\"",
                        "  §pattern: \"[a-z0-9-]+\"",
                        "the pattern refuses 'A-ABCDEFGHIJKLM234', the form that a long order id takes"));
    }

    static Stream<Arguments> lengths() {
        return Stream.of(
                arguments(
                        "mappings/kdniao/carrier.yaml",
                        "not-sent:",
                        "cuts:\n  - {field: Remark, §length: 256, reason: it is a remark}\nnot-sent:",
                        "'Remark' is cut to more than the 255 characters that the request schema takes"),
                arguments(
                        "mappings/kdniao/carrier.yaml",
                        "not-sent:",
                        "cuts:\n  - {§field: Remarks, length: 255, reason: it is a remark}\nnot-sent:",
                        "'Remarks' is no field of the request schema"),
                arguments(
                        "mappings/kdniao/carrier.yaml",
                        "  - {field: OperateRequire,",
                        "  - {§field: Remark, reason: nobody reads it, source: K4}\n  - {field: OperateRequire,",
                        "'Remark' is filled, and is listed as not filled"));
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                arguments(
                        "mappings/kdniao/carrier.yaml",
                        "  zone: {description",
                        "  §mood: {description: whatever}\n  zone: {description",
                        "setting 'mood' is read by no mapping and by no authentication"),
                arguments(
                        "mappings/kdniao/book.request.jslt",
                        "\"SendSite\": $account.\"send-site\"",
                        "§\"SendSite\": fallback($account.\"send-site\", $account.site)",
                        "setting 'site' is not declared in carrier.yaml"));
    }

    static Stream<Arguments> choices() {
        return Stream.of(
                arguments(
                        "routes/carrier-rules.yaml",
                        "then: {carrier: mabang, service: standard}",
                        "§then: {carrier: mabing, service: standard}",
                        "carrier 'mabing' has no folder in mappings/"),
                arguments(
                        "routes/carrier-rules.yaml",
                        "then: {carrier: kdniao, service: yto}",
                        "§then: {carrier: kdniao, service: ytto}",
                        "service 'ytto' is none of kdniao; its codes.json or 'service.ytto' of an account must name it"));
    }

    @Test
    void aWordOfAnOrderThatATableDoesNotKnowIsFound() throws IOException {
        broken.change("mappings/mabang/codes.json", "    \"print_invoice\": 2,\n", "");
        broken.change("mappings/mabang/book.request.jslt", "\"special_order_tag\":", "§\"special_order_tag\":");

        assertThat(broken.carrierFindings())
                .containsExactly(
                        broken.place() + ": code 'print_invoice' of tag is missing in codes.json; 'tags' may be it");
    }

    @Test
    void aTableThatIsMissingIsFoundWhereItIsUsed() throws IOException {
        broken.change(
                "mappings/kdniao/book.response.jslt",
                "\"status\": get-key($codes.status",
                "§\"status\": get-key($codes.state");

        assertThat(broken.carrierFindings())
                .containsExactly(broken.place() + ": table 'state' is missing in codes.json");
    }

    @Test
    void aSettingThatAuthenticatesMustBeRequired() throws IOException {
        broken.change("mappings/mabang/carrier.yaml", "token: {required: true, secret", "token: {secret");
        broken.change("mappings/mabang/carrier.yaml", "  token: token", "  §token: token");

        assertThat(broken.carrierFindings())
                .containsExactly(broken.place()
                        + ": setting 'token' authenticates, and is no required setting under 'settings'");
    }

    @Test
    void aReferenceThatTheSchemaRefusesIsAConflict() throws IOException {
        broken.change(
                "mappings/mabang/book.request.schema.json",
                "\"pattern\": \"^[A-Za-z0-9-]+$\"",
                "\"pattern\": \"^[A-Za-z0-9]+$\"");
        broken.change("mappings/mabang/carrier.yaml", "  pattern: \"[A-Za", "  §pattern: \"[A-Za");

        assertThat(broken.carrierFindings())
                .containsExactly(broken.place()
                        + ": 'package.order_number' of book.request.schema.json refuses 'A-ABCDEFGHIJKLM234', the form that a"
                        + " long order id takes");
    }

    @Test
    void aCarrierWithoutARouteIsFound() throws IOException {
        broken.write("mappings/zto/carrier.yaml", "carrier: zto\noperations: {}\n");

        assertThat(broken.carrierFindings())
                .contains(broken.place() + ": no route takes from 'seda:zto', so its orders would wait for ever");
    }

    @Test
    void settingsThatNobodyReadsAreFoundWithTheirLine() throws IOException {
        broken.write(
                "conf/waybill.properties",
                """
                # a comment
                waybill.inbocks = here
                waybill.account.default.kdniao.api-kee: secret
                waybill.account.default.yto.token = t
                waybill.carrier.kdniao.speed = 3
                waybill.account.default.birdsystem.service.dpd = 1
                waybill.account.default.kdniao.tariff.yto = 4.50 CNY for 1000 g
                camel.main.shutdownTimeout = 30
                camel.mian.shutdownTimeout = 30
                waybill.management.port = http
                waybill.carrier.kdniao.enabled = yes
                waybill.carrier.kdniao.rate = 7
                waybill.carrier.mabang.in-doubt = resend
                waybill.account.default.kdniao.tariff.zto = 4,50 CNY
                waybill.alerts.channels = log, pigeon, mail
                waybill.alerts.mail.to = ops@example.com
                waybill.retention.files = labels, invoices
                waybill.log.level = WARNING
                waybill.node =
                waybill.broker.url = 127.0.0.1:61616
                waybill.db.url = jdbc:postgres://db/waybill
                waybill.carrier.kdniao.track-url = api.kdniao.com
                """);
        String file = home.resolve("conf/waybill.properties") + ":";

        assertThat(broken.carrierFindings())
                .containsExactly(
                        file + "2: setting 'waybill.inbocks' is unknown; application.properties lists every name",
                        file + "3: setting 'waybill.account.default.kdniao.api-kee' is none that kdniao declares",
                        file + "4: setting 'waybill.account.default.yto.token': there is no carrier 'yto'",
                        file + "5: setting 'waybill.carrier.kdniao.speed' is unknown",
                        file + "9: setting 'camel.mian.shutdownTimeout' is read by nobody; expected waybill. or"
                                + " camel.<group>.",
                        file + "10: setting 'waybill.management.port': expected a port from 0 to 65535, was 'http'",
                        file + "11: setting 'waybill.carrier.kdniao.enabled': expected true or false, was 'yes'",
                        file + "13: setting 'waybill.carrier.mabang.in-doubt': expected repost or lookup or operator,"
                                + " was 'resend'",
                        file + "14: setting 'waybill.account.default.kdniao.tariff.zto': tariff '4,50 CNY': expected"
                                + " '<amount> <currency> for <grams> g, then <amount> for each <grams> g'",
                        file + "15: setting 'waybill.alerts.channels': 'pigeon' is none of log, mail, webhook",
                        file
                                + "15: setting 'waybill.alerts.mail.from' is empty, and waybill.alerts.channels names mail",
                        file + "15: setting 'waybill.alerts.mail.url' is empty, and waybill.alerts.channels names mail",
                        file + "17: setting 'waybill.retention.files': 'invoices' is none of archive, dead-letters,"
                                + " labels, outbox",
                        file
                                + "18: setting 'waybill.log.level': expected OFF or ERROR or WARN or INFO or DEBUG or TRACE,"
                                + " was 'WARNING'",
                        file + "19: setting 'waybill.node': expected a name, was ''",
                        file + "20: setting 'waybill.broker.url': expected an address such as tcp://host:61616, was"
                                + " '127.0.0.1:61616'",
                        file + "21: setting 'waybill.db.url': expected jdbc:h2:... or jdbc:postgresql:..., was"
                                + " 'jdbc:postgres://db/waybill'",
                        file
                                + "22: setting 'waybill.carrier.kdniao.track-url': expected an address such as https://host,"
                                + " was 'api.kdniao.com'");
    }

    /** With one of them nothing is worked on, or the start ends without a word. */
    @Test
    void whatCannotBeZeroIsRefusedAndWhatZeroSwitchesOffIsNot() throws IOException {
        broken.write(
                "conf/waybill.properties",
                """
                waybill.claims = 0
                waybill.lease-seconds = 00
                waybill.carrier.kdniao.concurrency = 0
                waybill.carrier.mabang.rate = 0
                waybill.db.connections = 1
                waybill.pause.after-calls = 0
                waybill.management.port = 0
                waybill.http.port = 65536
                waybill.retention.days = 0
                waybill.carrier.birdsystem.services-minutes = 0
                """);
        String file = home.resolve("conf/waybill.properties") + ":";

        assertThat(broken.carrierFindings())
                .containsExactly(
                        file + "1: setting 'waybill.claims': expected a whole number, at least 1, was '0'",
                        file + "2: setting 'waybill.lease-seconds': expected a whole number, at least 1, was '00'",
                        file
                                + "3: setting 'waybill.carrier.kdniao.concurrency': expected a whole number, at least 1, was"
                                + " '0'",
                        file + "4: setting 'waybill.carrier.mabang.rate': expected a whole number, at least 1, was '0'",
                        file + "8: setting 'waybill.http.port': expected a port from 0 to 65535, was '65536'");
    }

    /** What is written there would be read as orders, a dead letter of a dead letter without end. */
    @Test
    void aFolderThatIsWrittenToIsNotInTheInbox() throws IOException {
        broken.write(
                "conf/waybill.properties",
                """
                waybill.inbox = in
                waybill.outbox = in
                waybill.dead-letters = in/dead
                waybill.archive = in/.done
                waybill.labels = inside
                """);
        String file = home.resolve("conf/waybill.properties") + ":";
        String why = "': expected a folder outside of waybill.inbox, whose files are read as orders, was '";

        assertThat(broken.carrierFindings())
                .containsExactly(
                        file + "2: setting 'waybill.outbox" + why + home.resolve("in") + "'",
                        file + "3: setting 'waybill.dead-letters" + why + home.resolve("in/dead") + "'");
    }

    /** With one of these a booking would be in doubt, a weight a thousand times as much, or flow A taken in silence. */
    @Test
    void aValueOfAnAccountThatItsCarrierCannotHaveIsFound() throws IOException {
        broken.write(
                "conf/waybill.properties",
                """
                waybill.account.acme.birdsystem.zone = Asia/Beijing
                waybill.account.acme.birdsystem.one-shot = agent
                waybill.account.best.birdsystem.one-shot = agent_direct, local
                waybill.account.acme.birdsystem.currency = pounds
                waybill.account.best.birdsystem.currency =
                waybill.account.acme.mabang.weight-unit = KG
                waybill.account.acme.mabang.zone = +08:00
                """);
        String file = home.resolve("conf/waybill.properties") + ":";
        String acme = ": setting 'waybill.account.acme.";

        assertThat(broken.carrierFindings())
                .containsExactly(
                        file + "1" + acme + "birdsystem.zone': expected a time zone such as Asia/Shanghai, was"
                                + " 'Asia/Beijing'",
                        file + "2" + acme
                                + "birdsystem.one-shot': expected ((local|direct|agent_direct)([ ,]+|$))*, was"
                                + " 'agent'",
                        file + "4" + acme + "birdsystem.currency': expected [A-Z]{3}, was 'pounds'",
                        file + "6" + acme + "mabang.weight-unit': expected kg|g, was 'KG'");
    }

    @Test
    void anAddressIsToldWithoutThePasswordInIt() throws IOException {
        broken.write(
                "conf/waybill.properties",
                """
                waybill.broker.url = host:61616?user=u&password=geheim
                waybill.db.url = jdbc:mysql://db/waybill;password=geheim
                waybill.carrier.kdniao.url = ftp://u:geheim@host/
                """);
        String file = home.resolve("conf/waybill.properties") + ":";

        assertThat(broken.carrierFindings())
                .containsExactly(
                        file + "1: setting 'waybill.broker.url': expected an address such as tcp://host:61616, was"
                                + " 'host:61616...'",
                        file + "2: setting 'waybill.db.url': expected jdbc:h2:... or jdbc:postgresql:..., was"
                                + " 'jdbc:mysql://db/waybill...'",
                        file + "3: setting 'waybill.carrier.kdniao.url': expected an address such as https://host, was"
                                + " 'ftp://...@host/'");
    }

    @Test
    void accountsThatAreOneCustomerOfACarrierAreFound() throws IOException {
        broken.write(
                "conf/waybill.properties",
                """
                waybill.account.acme.kdniao.ebusiness-id = 1
                waybill.account.acme.kdniao.api-key = k
                waybill.account.best.kdniao.ebusiness-id = 1
                waybill.account.best.kdniao.api-key = other
                waybill.account.city.kdniao.ebusiness-id = 1
                waybill.account.city.kdniao.api-key = k
                """);

        assertThat(broken.carrierFindings())
                .containsExactly(home.resolve("conf/waybill.properties")
                        + ":5: account 'city' has the same ebusiness-id, api-key as 'acme', so the same order_id in both is"
                        + " one order to kdniao");
    }

    @Test
    void aCaseMustBeCompleteAndHoldNothingElse() throws IOException {
        broken.delete(CASE + "response.json").write(CASE + "respons.json", "{}");
        broken.write("mappings/kdniao/cases/an-empty-case/account.json", "{}");
        Path cases = home.resolve("mappings/kdniao/cases");

        assertThat(broken.carrierFindings())
                .containsExactly(
                        cases + "/a-parcel-within-china/respons.json:1: is none of the files of a case",
                        cases
                                + "/a-parcel-within-china/response.json:1: is missing; a case with request.json has an answer to it",
                        cases + "/an-empty-case/order.json:1: is missing; a case begins with an order",
                        cases
                                + "/an-empty-case/rejected.json:1: is missing; a case without request.json is one that is refused");
    }

    @Test
    void aCallThatNoCaseIsAboutIsFound() throws IOException {
        broken.change("mappings/birdsystem/carrier.yaml", "\n  cancel:", "\n  §cancel:");
        for (Path each : CarrierFolder.folders(home.resolve("mappings/birdsystem/cases"))) {
            Path call = each.resolve("call.json");
            if (Files.exists(call) && Files.readString(call).contains("\"step\": \"cancel\"")) {
                Files.move(each, home.resolve("mappings/birdsystem/." + each.getFileName()));
            }
        }

        assertThat(broken.carrierFindings()).containsExactly(broken.place() + ": no case is about 'cancel'");
    }

    @Test
    void aCaseHasOneEnd() throws IOException {
        broken.delete(CASE + "shipment.json");

        assertThat(broken.carrierFindings())
                .containsExactly(broken.place() + ": expected this or rejected.json, was neither");
    }

    @Test
    void aCaseThatIsNoJsonIsFound() throws IOException {
        broken.change(CASE + "order.json", "\"order_id\":", "\"order_id\" §");

        assertThat(broken.carrierFindings())
                .singleElement()
                .asString()
                .startsWith(broken.place() + ": cannot be read: ");
    }
}
