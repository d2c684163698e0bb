package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.RealFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What engineers ask on the command line; no engine runs. */
class EngineersCommandsTest {

    private static final String CASE = "mappings/kdniao/cases/a-parcel-within-china/";
    private static final String[] ACCOUNT = {
        "-Dwaybill.account.default.kdniao.ebusiness-id=1000001",
        "-Dwaybill.account.default.kdniao.api-key=key-of-the-account",
        "-Dwaybill.account.default.kdniao.customer-pwd=word-of-the-account"
    };

    @TempDir
    static Path temp;

    @BeforeEach
    void copyTheRealFolders() throws IOException {
        RealFolders.into(temp, "routes", "mappings");
    }

    @Test
    void checkFindsNothingInWhatIsShipped() {
        assertThat(spoken("check")).isEqualTo(new Spoken("no findings\n", 0));
    }

    @Test
    void checkPrintsItsFindingsAndLeavesWithOne() throws IOException {
        change("routes/label.camel.yaml", "routeConfigurationId: sink", "routeConfigurationId: sinks");
        change("routes/sweep.camel.yaml", "id: sweep-inbox", "id: bury-order");

        Spoken spoken = spoken("check", "-Dwaybill.nonsense=1");

        assertThat(spoken.code()).isEqualTo(1);
        assertThat(spoken.said().lines())
                .hasSize(4)
                .contains(
                        "command line:1: setting 'waybill.nonsense' is unknown; application.properties lists every name",
                        temp.resolve("routes/sweep.camel.yaml")
                                + ":14: step id 'bury-order' is also one of dead-letter.camel.yaml",
                        "3 findings")
                .anyMatch(line -> line.startsWith(temp.resolve("routes/label.camel.yaml:4") + ": "));
    }

    @Test
    void checkFindsWhatCamelRefusesToMake() throws IOException {
        for (String[] edit : new String[][] {
            {"routes/sweep.camel.yaml", "ref: sweepInbox", "ref: \"#bean:sweepInbux\"", "sweepInbux"},
            {"routes/answer.camel.yaml", "uri: direct:deliver", "uri: bean:nobody", "nobody"},
            {"routes/dead-letter.camel.yaml", "ref: bury", "rif: bury", "Unsupported field: rif"},
            {"routes/follow-up.camel.yaml", "${variable.way} == 'find'", "${variabel.way} == 'find'", "variabel.way"}
        }) {
            change(edit[0], edit[1], edit[2]);

            Spoken spoken = spoken("check");

            assertThat(spoken.code()).as(edit[2]).isEqualTo(1);
            assertThat(spoken.said())
                    .startsWith(temp.resolve(edit[0]) + ":")
                    .contains(edit[3])
                    .endsWith("\n1 finding\n");
            change(edit[0], edit[2], edit[1]);
        }
    }

    @Test
    void runDoesNotStartOnWhatWouldBreak() throws IOException {
        change("routes/label.camel.yaml", "routeConfigurationId: sink", "routeConfigurationId: sinks");

        Spoken spoken = spoken("run", "-Dwaybill.work=" + temp.resolve("work"));

        assertThat(spoken.code()).isEqualTo(2);
        assertThat(spoken.said())
                .startsWith(temp.resolve("routes/label.camel.yaml:4") + ": routeConfigurationId 'sinks' names nothing")
                .endsWith("waybill: not started: the findings above stand in the way, see 'waybill check'\n");
        assertThat(temp.resolve("work")).doesNotExist();
    }

    @Test
    void runLeavesWithTwoWhereTryingAgainMendsNothing() throws IOException {
        String work = "-Dwaybill.work=" + temp.resolve("work");
        String port = "-Dwaybill.management.port=0";
        Spoken setting = spoken("run", work, port, "-Dwaybill.db.url=jdbc:h2:mem:x;WRITE_DELAY=500");
        Spoken camels = spoken("run", work, port, "-Dcamel.main.nonsense=1");
        change("routes/dead-letter.camel.yaml", "ref: bury", "ref: burry");
        Spoken step = spoken("run", work, port);
        change("routes/dead-letter.camel.yaml", "ref: burry", "rif: bury");
        Spoken field = spoken("run", work, port);

        assertThat(setting.said()).startsWith("waybill: setting 'waybill.db.url': WRITE_DELAY must be 0");
        assertThat(step.said()).contains("burry");
        assertThat(field.said()).contains("Unsupported field: rif");
        assertThat(List.of(setting.code(), camels.code(), step.code(), field.code()))
                .containsOnly(2);
        // nobody was told the password that these starts made
        assertThat(temp.resolve("work/conf/users.properties")).doesNotExist();
        // the database that the last two opened holds addresses
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("work/data"))))
                .isEqualTo("rwx------");
    }

    @Test
    void testSaysOfEachCaseWhetherItHolds() {
        Spoken spoken = spoken("test", "mabang");

        assertThat(spoken.code()).isZero();
        assertThat(spoken.said())
                .startsWith("ok      mabang/a-provider-that-is-not-enabled-is-rejected\n")
                .endsWith(" cases, 0 failed\n");
    }

    @Test
    void testShowsWhatCameOutOtherwise() throws IOException {
        change(CASE + "request.json", "\"PayType\": 3", "\"PayType\": 1");

        Spoken spoken = spoken("test", "kdniao/a-parcel-within-china");

        assertThat(spoken)
                .isEqualTo(new Spoken(
                        """
                        FAILED  kdniao/a-parcel-within-china
                                request.json /PayType: expected 1, was 3
                        1 case, 1 failed
                        """,
                        1));
    }

    @Test
    void testOfNoCasesFails() {
        assertThat(spoken("test", "kdniao/no-such-case"))
                .isEqualTo(new Spoken("waybill: no cases were found of 'kdniao/no-such-case'\n", 1));
    }

    @Test
    void mapPrintsTheRequestWithoutItsSecrets() {
        Spoken spoken = map("kdniao", order("kdniao/cases/a-parcel-within-china"), ACCOUNT);

        assertThat(spoken.code()).isZero();
        assertThat(spoken.said())
                .startsWith(
                        "POST /api/EOrderService\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\n\n{\n")
                .contains("\"ShipperCode\" : \"YTO\"", "\"CustomerPwd\" : \"(hidden)\"")
                .doesNotContain("of-the-account");
    }

    @Test
    void mapExplainsWhichRuleChoseAndWhatIsLeftOutOrChanged() throws IOException {
        Path order = order("kdniao/cases/a-parcel-within-china");
        Files.writeString(
                order,
                Files.readString(order)
                        .replace("\"SO-1001\"", "\"SO+1001\"")
                        .replace("\"service\": \"yto\",", "\"urgent\": true,"));

        Spoken spoken = map("kdniao", order, with(ACCOUNT, "--explain"));

        assertThat(spoken.code()).isZero();
        assertThat(spoken.said())
                .startsWith("chosen: kdniao yto, by the rule 'china'\nPOST /api/EOrderService\n")
                .containsPattern(
                        "changed: the order is known to kdniao as 'SO1001-[A-Z2-7]{16}', since it does not take 'SO\\+1001'")
                .contains("left out: not sent to kdniao: urgent (has no such field)");
    }

    @Test
    void mapTellsWhatOfAnOrderGoesNowhereThoughTheFieldIsSentForOthers() throws IOException {
        Path order = order("kdniao/cases/a-parcel-within-china");
        Files.writeString(order, Files.readString(order).replace("\"CNY\"", "\"EUR\""));

        Spoken spoken = spoken("map", with(with(ACCOUNT, "--explain"), order.toString()));

        assertThat(spoken.code()).isZero();
        assertThat(spoken.said())
                .startsWith("chosen: kdniao yto, by the rule 'china'\nPOST /api/EOrderService\n")
                .doesNotContain("GoodsPrice", "left out: billing.payer", "left out: recipient")
                .contains("left out: items.unit_price.amount changes nothing of what is sent\n");
    }

    @Test
    void mapTakesTheCarrierAsAnOptionToo() {
        Path order = order("kdniao/cases/a-parcel-within-china");

        assertThat(spoken("map", with(with(with(ACCOUNT, "--carrier"), "kdniao"), order.toString())))
                .isEqualTo(map("kdniao", order, ACCOUNT));
    }

    @Test
    void mapExplainsThatNothingIsChosenOrLeftOut() throws IOException {
        Path order = order("kdniao/cases/a-parcel-within-china");
        Files.writeString(order, Files.readString(order).replace("\"CN\"", "\"HK\""));

        Spoken spoken = map("kdniao", order, with(ACCOUNT, "--explain"));

        assertThat(spoken.said())
                .startsWith(
                        "chosen: nobody; no rule of carrier-rules.yaml fits, and the order names no carrier and service");
    }

    private static String[] with(String[] arguments, String another) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = another;
        return all;
    }

    @Test
    void mapHidesEveryHeaderThatAuthenticates() {
        Spoken spoken = map(
                "birdsystem",
                order("birdsystem/cases/a-parcel-within-britain"),
                "--operation",
                "sku",
                "-Dwaybill.account.default.birdsystem.api-key=key-of-the-account",
                "-Dwaybill.account.default.birdsystem.company-id=42-of-the-account");

        assertThat(spoken.code()).isZero();
        assertThat(spoken.said())
                .startsWith("GET /Product/\napi_key: (hidden)\ncompany_id: (hidden)\nas the query:\n\n")
                .contains("\"client_ref\" : ")
                .doesNotContain("of-the-account");
    }

    @Test
    void mapTellsAllFaultsOfAnOrderThatCannotBeCarried() throws IOException {
        Path order = order("kdniao/cases/a-parcel-within-china");
        Files.writeString(order, Files.readString(order).replaceAll("\"(province|city)\": \"[^\"]*\",", ""));

        Spoken spoken = map("kdniao", order);

        assertThat(spoken.code()).isEqualTo(1);
        assertThat(spoken.said())
                .contains("the setting waybill.account.default.kdniao.api-key is missing: the key that signs\n")
                .contains("recipient.province is missing (kdniao field 'Receiver.ProvinceName'")
                .endsWith("; nothing would be sent\n");
    }

    @Test
    void mapTellsAllFaultsOfWhatIsNoLegalOrder() throws IOException {
        Path order = Files.writeString(temp.resolve("o.json"), "{\"order_id\": \"A\", \"items\": []}");

        assertThat(map("kdniao", order))
                .isEqualTo(new Spoken(
                        """
                        items must have at least 1 entry
                        recipient is missing: who receives
                        2 faults; nothing would be sent
                        """,
                        1));
    }

    @Test
    void mapSaysWhereAFileIsNoJson() throws IOException {
        Path order = Files.writeString(temp.resolve("o.json"), "{\n\"order_id\": }");

        Spoken spoken = map("kdniao", order);

        assertThat(spoken.code()).isEqualTo(1);
        assertThat(spoken.said())
                .startsWith("waybill: " + order + ":2: cannot be read: ")
                .hasLineCount(1);
        Path none = temp.resolve("none.json");
        assertThat(map("kdniao", none))
                .isEqualTo(new Spoken("waybill: " + none + ":1: is missing or cannot be read\n", 1));
    }

    @Test
    void whatAReloadRefusesStandsOnALineEach() {
        assertThat(ReloadCommand.apart("carrier a: refused, the old one stays: /h/mappings/a/b.jslt:1: 'x' is none; it"
                        + " goes; /h/mappings/a/c.json:2: was: y"))
                .isEqualTo(
                        """
                        carrier a: refused, the old one stays:
                          /h/mappings/a/b.jslt:1: 'x' is none; it goes
                          /h/mappings/a/c.json:2: was: y""");
    }

    @Test
    void theSandboxRefusesWhatItDoesNotServe() {
        Spoken port = spoken("sandbox", "--port", "99999");
        Spoken path = spoken("sandbox", "--path", "mabang.status=/x");

        assertThat(port.said()).startsWith("--port: expected 0 to 65535, was 99999\n");
        assertThat(path.said())
                .startsWith(
                        "--path: expected one of kdniao.info, kdniao.state, mabang.cancel, mabang.label, mabang.query,"
                                + " was 'mabang.status'\n");
        assertThat(List.of(port.code(), path.code())).containsOnly(2);
    }

    @Test
    void whatStandsInTheWayIsSaidOnceAndInWords() {
        IOException denied = new AccessDeniedException("/srv/work");

        assertThat(InTheWay.of(new UncheckedIOException("folder '/srv/work' cannot be made", denied)))
                .containsExactly(
                        "waybill: folder '/srv/work' cannot be made", "  because: permission denied: /srv/work");
        assertThat(InTheWay.of(new UncheckedIOException(
                        "folder '/srv/in' cannot be made", new FileAlreadyExistsException("/srv/in"))))
                .containsExactly(
                        "waybill: folder '/srv/in' cannot be made",
                        "  because: something of this name is there: /srv/in");
        assertThat(InTheWay.of(new IllegalStateException(
                        "start on port 1: Address already in use",
                        new RuntimeException("java.net.BindException: Address already in use\n at there"))))
                .containsExactly("waybill: start on port 1: Address already in use");
    }

    @Test
    void whatHasNothingToSayAddsNoLine() {
        assertThat(InTheWay.of(new IllegalStateException("no engine answers at http://h/", new ConnectException())))
                .containsExactly("waybill: no engine answers at http://h/");
        assertThat(InTheWay.of(new ClosedChannelException())).containsExactly("waybill: ClosedChannelException");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "console.local, console.local",
        "0.0.0.0, 127.0.0.1",
        "::1, [::1]",
        "[::1], [::1]",
        "::, [::1]",
        "[::], [::1]"
    })
    void theEngineIsFoundAtWhateverAddressItListens(String host, String reached) {
        assertThat(RunningEngine.reached(host)).isEqualTo(reached);
    }

    @Test
    void theDemoSendsNothingToACarrierThatSomebodyWorksWith() throws IOException {
        Files.createDirectories(temp.resolve("conf"));
        Path conf = temp.resolve("conf/waybill.properties");
        Files.writeString(conf, "\nwaybill.carrier.kdniao.url = http://127.0.0.1:1\n");

        Spoken spoken = spoken("demo", "--exit", "-Dwaybill.work=" + temp.resolve("demo"));
        Files.delete(conf);

        assertThat(spoken.code()).isEqualTo(1);
        assertThat(spoken.said())
                .contains("at simulated carriers only, and " + conf + ":2 sets 'waybill.carrier.kdniao.url'")
                .endsWith("Nothing was sent\n");
        assertThat(temp.resolve("demo")).doesNotExist();
    }

    /** Its engine would ship what waits there with the simulated carriers. */
    @Test
    void theDemoDoesNotWorkOnALedgerThatSomebodyWorksWith() {
        Spoken spoken = spoken(
                "demo",
                "--exit",
                "-Dwaybill.work=" + temp.resolve("demo"),
                "-Dwaybill.db.url=jdbc:h2:file:" + temp.resolve("real"));

        assertThat(spoken.code()).isEqualTo(1);
        assertThat(spoken.said()).contains("sets 'waybill.db.url'").endsWith("Nothing was sent\n");
        assertThat(temp.resolve("demo")).doesNotExist();
    }

    private Path order(String folder) {
        return temp.resolve("mappings").resolve(folder).resolve("order.json");
    }

    private Spoken map(String carrier, Path order, String... more) {
        List<String> arguments = new ArrayList<>(List.of(carrier, order.toString()));
        arguments.addAll(Arrays.asList(more));
        return spoken("map", arguments.toArray(String[]::new));
    }

    private Spoken spoken(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command, "-Dwaybill.home=" + temp));
        all.addAll(Arrays.asList(arguments));
        return Spoken.by(all);
    }

    private void change(String file, String right, String wrong) throws IOException {
        String text = Files.readString(temp.resolve(file));
        assertThat(text).contains(right);
        Files.writeString(temp.resolve(file), text.replace(right, wrong));
    }
}
