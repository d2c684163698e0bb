package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.sink.DeadLetter;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators ask of a running engine on the command line. */
class OperateCommandsTest {

    private static final String KDNIAO = "mappings/kdniao/carrier.yaml";

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .changed(KDNIAO, "zone: Asia/Shanghai", "zone: Asia/Shanghai")
                .managed()
                .with("waybill.account.default.mabang.tariff.standard", "38.00 PHP for 500 g")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void traceTellsTheChainOfAnOrder() {
        waybill.drop("T-1.json", Orders.malaysian("T-1"));
        waybill.await("T-1", "completed");

        String told = spoken("trace", "T-1").said();

        assertThat(told.lines().findFirst()).hasValueSatisfying(first -> assertThat(first)
                .startsWith("order T-1 of default: completed, mabang standard by ")
                .endsWith(", from T-1.json"));
        assertThat(told).containsSubsequence("accepted", "book-sent", "booked", "completed");
        assertThat(told).containsPattern("charge +freight 38\\.00(00)? PHP, not final");
        String waybillNumber =
                waybill.shipment("default", "T-1").get("carrier_order_id").asText();
        assertThat(told).contains("the carrier's order " + waybillNumber);
    }

    @Test
    void traceTellsTheNumbersOfAnOrderThatIsBookedAndWasNotAnswered() {
        sandbox.script(Fault.at("kdniao")
                .reference("T-4")
                .afterCommit(Reply.status(
                        200,
                        "{\"Success\": true, \"ResultCode\": \"100\", \"Order\": {\"LogisticCode\": \"YT1\","
                                + " \"KDNOrderCode\": \"K1\"}, \"PrintTemplate\": \"no label\"}")));
        waybill.drop("T-4.json", Orders.chinese("T-4"));
        waybill.awaitDead("T-4", "label-refused");

        assertThat(spoken("trace", "T-4").said()).contains("  waybill YT1, the carrier's order K1, reference T-4\n");
    }

    @Test
    void traceHoldsNeitherNameNorAddress() {
        waybill.drop("T-2.json", Orders.chinese("T-2"));
        waybill.await("T-2", "completed");
        JsonNode recipient = Orders.chinese("T-2").get("recipient");

        for (Spoken trace : new Spoken[] {spoken("trace", "T-2"), spoken("trace", "T-2", "--json")}) {
            assertThat(trace.said())
                    .contains("T-2", "sha256")
                    .doesNotContain(
                            recipient.get("name").asText(),
                            recipient.get("phone").asText());
        }
    }

    @Test
    void traceForMachinesIsJson() {
        waybill.drop("T-3.json", Orders.british("T-3"));
        waybill.await("T-3", "awaiting");

        JsonNode trail = Orders.json(spoken("trace", "T-3", "--json").said());

        assertThat(trail.at("/order/state").asText()).isEqualTo("awaiting");
        assertThat(trail.path("history").findValuesAsText("what"))
                .startsWith("accepted")
                .endsWith("awaiting");
        assertThat(trail.path("steps").findValuesAsText("step")).contains("book", "label", "tracking", "answer");
        assertThat(trail.at("/order/shipment/order_id").asText()).isEqualTo("T-3");
    }

    @Test
    void traceIsInOrderWhereATimeHasNoFraction() {
        JsonNode trail = Orders.json("{\"history\": [{\"at\": \"2026-11-22T01:05:27.5Z\", \"what\": \"second\"},"
                + " {\"at\": \"2026-11-22T01:05:27.500001Z\", \"what\": \"third\"},"
                + " {\"at\": \"2026-11-22T01:05:27Z\", \"what\": \"first\"}]}");

        assertThat(String.join("\n", new Timeline(trail).lines())).containsSubsequence("first", "second", "third");
    }

    @Test
    void traceTellsWhyAnOrderWaitsOrIsInDoubtAndWhoGoesOn() {
        String steps = "\"steps\": [{\"step\": \"book\", \"state\": \"%s\", \"reason\": \"because\"},"
                + " {\"step\": \"area-1\", \"state\": \"done\", \"reason\": \"not told\"}],"
                + " \"history\": [{\"what\": \"booked\", \"detail\": {\"response\": \"null\"}}]";

        assertThat(told("{\"order\": {\"state\": \"in-doubt\"}, " + steps.formatted("in-doubt") + "}"))
                .containsSubsequence(
                        "  book is in-doubt: because", "  next: a person decides, see 'waybill resolve --help'")
                .doesNotContain("null", "not told");
        assertThat(told("{\"order\": {\"state\": \"waiting\", \"due_at\": \"then\"}, " + steps.formatted("not-sent")
                        + "}"))
                .containsSubsequence("  book is not-sent: because", "  next: looked at again at then");
        assertThat(told("{\"order\": {\"state\": \"booked\"}, " + steps.formatted("in-doubt") + "}"))
                .doesNotContain("because");
    }

    private static String told(String trail) {
        return String.join("\n", new Timeline(Orders.json(trail)).lines());
    }

    @Test
    void deadOrderIsListedAndReplayedWithItsReason() {
        dead("D-1");

        assertThat(spoken("dead", "--cause", "rejected").said().lines())
                .anyMatch(line -> line.startsWith("D-1\tdefault\t0\tbook\trejected\t"));
        assertThat(spoken("dead", "--cause", "expired").said()).doesNotContain("D-1");
        assertThat(spoken("dead", "--cause", "rejected").said().lines())
                .filteredOn(line -> line.startsWith("D-1\t"))
                .allMatch(line -> line.endsWith("\t-"));
        assertThat(spoken("replay", "D-1", "--reason", "the service is open again"))
                .isEqualTo(new Spoken("order default:D-1: begins again where it stopped\n", 0));
        waybill.await("D-1", "completed");

        assertThat(spoken("dead").said()).doesNotContain("D-1");
        assertThat(spoken("trace", "D-1").said())
                .containsSubsequence("accepted", "book-sent", "dead letter", "rejected at book", "replayed")
                .containsPattern("replayed +by=\\S+ reason=the service is open again by ");
        assertThat(waybill.query("select detail from history where order_id = 'D-1' and what = 'replayed'"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("detail").toString()).contains("the service is open again"));
        assertThat(bookings("D-1")).isEqualTo(1);
    }

    @Test
    void aFaultyFileUnderTheIdentityOfADeadOrderIsToldBesideWhatTheOrderDiedOf() {
        dead("W-1");
        waybill.drop("W-1-other.json", "{\"order_id\": \"W-1\"}");
        waybill.awaitDead("W-1", "invalid");

        assertThat(letters("rejected")).anyMatch(line -> line.startsWith("W-1\tdefault\t0\tbook\trejected\t"));
        List<String> faulty = letters("invalid").stream()
                .filter(line -> line.startsWith("W-1\t"))
                .toList();
        assertThat(faulty).hasSize(1);
        assertThat(spoken("replay", "--cause", "invalid", "--reason", "again").said())
                .doesNotContain("order default:W-1");
        assertThat(spoken("dead", "--dismiss-letter", faulty.get(0).split("\t")[6], "--reason", "sent by mistake")
                        .code())
                .isZero();
        assertThat(letters("invalid")).noneMatch(line -> line.startsWith("W-1\t"));
        assertThat(spoken("replay", "--cause", "rejected", "--dry-run").said()).contains("order default:W-1: ");
        assertThat(spoken("replay", "W-1", "--reason", "the service is open again")
                        .code())
                .isZero();
        waybill.await("W-1", "completed");
    }

    @Test
    void otherContentUnderAnIdentityIsDismissedWithItsReason() {
        waybill.drop("X-1.json", Orders.malaysian("X-1"));
        waybill.await("X-1", "completed");
        waybill.drop("X-1-other.json", Orders.malaysian("X-1").put("urgent", true));
        waybill.awaitDead("X-1", "conflict");
        assertThat(spoken("dead", "--cause", "conflict").said()).contains("X-1\tdefault\t0\taccept\tconflict\t");

        assertThat(spoken("dead", "--dismiss", "X-1").code()).isEqualTo(2);
        assertThat(spoken("dead", "--dismiss", "X-1", "--reason", " ").said()).contains("a reason is needed");
        assertThat(spoken("dead", "--dismiss", "X-1", "--reason", "sent twice"))
                .isEqualTo(new Spoken("order default:X-1: dismissed, dead letters: 1\n", 0));

        assertThat(spoken("dead").said()).doesNotContain("X-1");
        assertThat(spoken("trace", "X-1").said())
                .contains("conflict at accept")
                .containsPattern("dismissed +by=\\S+ reason=sent twice dead_letters=[0-9a-f]{12} by ");
        assertThat(waybill.query("select file from dead_letter where order_id = 'X-1'"))
                .singleElement()
                .satisfies(
                        row -> assertThat(Path.of(row.get("file").toString())).exists());
        assertThat(spoken("dead", "--dismiss", "X-1", "--reason", "again"))
                .isEqualTo(new Spoken("waybill: order default:X-1: no other content under its identity is open\n", 1));
        assertThat(spoken("dead", "--dismiss", "X-1", "--account", "other", "--reason", "x")
                        .said())
                .contains("nobody knows it");
    }

    @Test
    void whatNeverBecameAnOrderIsMendedInItsFileOrDismissedWithItsReason() {
        waybill.drop("U-1.json", "{\"order_id\": \"U-1\"}");
        waybill.drop("U-2.json", "no order");
        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> letters("unreadable").size() + letters("invalid").size() == 2);
        Path file = waybill.awaitDead("U-1", "invalid").file();
        String unreadable = letters("unreadable").get(0).split("\t")[6];
        assertThat(letters("invalid").get(0)).endsWith(": 2 faults\t/recipient recipient is missing: who receives");
        dead("U-3");

        assertThat(spoken("replay", "U-1", "--reason", "again"))
                .isEqualTo(new Spoken(
                        "waybill: order default:U-1: it never became an order; correct the faults, then move this file back to"
                                + " the inbox; nothing was sent to a carrier (" + file + ")\n",
                        1));
        assertThat(spoken("replay", "--cause", "unreadable", "--reason", "again"))
                .isEqualTo(new Spoken(
                        "cause 'unreadable': 1 dead letter never became an order; the reason beside each file says what to do,"
                                + " mostly to correct the file and move it back to the inbox;"
                                + " 'waybill dead --cause unreadable' names the files\n0 orders\n",
                        1));
        assertThat(spoken("dead", "--dismiss-letter", unreadable).code()).isEqualTo(2);
        assertThat(spoken("dead", "--dismiss-letter", "U-1", "--reason", "x").said())
                .contains("a dead letter is named by its id");
        assertThat(spoken("dead", "--dismiss-letter", unreadable, "--reason", "no order at all"))
                .isEqualTo(new Spoken("dead letter " + unreadable + ": dismissed\n", 0));
        assertThat(letters("unreadable")).isEmpty();
        assertThat(waybill.query("select dismissed_by, dismissed_why, file from dead_letter where id = ?", unreadable))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.get("dismissed_by").toString()).isNotEmpty();
                    assertThat(row.get("dismissed_why")).hasToString("no order at all");
                    assertThat(Path.of(row.get("file").toString())).exists();
                });
        assertThat(spoken("dead", "--dismiss-letter", unreadable, "--reason", "again")
                        .said())
                .isEqualTo("waybill: dead letter " + unreadable + ": it is dismissed already\n");
        String ofAnOrder = letters("rejected").stream()
                .filter(line -> line.startsWith("U-3\t"))
                .map(line -> line.split("\t")[6])
                .findFirst()
                .orElseThrow();
        assertThat(spoken("dead", "--dismiss-letter", ofAnOrder, "--reason", "x"))
                .isEqualTo(new Spoken(
                        "waybill: dead letter " + ofAnOrder
                                + ": it is of order default:U-3, which is replayed and not dismissed\n",
                        1));
    }

    @Test
    void aCauseThatThereIsNotIsAWrongCommandLine() {
        for (String[] typed :
                new String[][] {{"dead", "--cause", "typo"}, {"replay", "--cause", "typo", "--reason", "x"}}) {
            assertThat(spoken(typed)).satisfies(told -> {
                assertThat(told.said()).startsWith("there is no cause 'typo'; expected one of unreadable, set-aside, ");
                assertThat(told.code()).isEqualTo(2);
            });
        }
        assertThat(spoken("dead", "--cause", "poison")).isEqualTo(new Spoken("", 0));
        waybill.query("select distinct cause from dead_letter").forEach(row -> assertThat(DeadLetter.CAUSES)
                .contains(row.get("cause").toString()));
    }

    private static List<String> letters(String cause) {
        return spoken("dead", "--cause", cause).said().lines().toList();
    }

    /** More than a page has. */
    @Test
    void allOfACauseAreReplayedPageByPage() {
        dead("C-1");
        dead("C-2");
        bury("C-1", 1001);

        assertThat(spoken("replay", "--cause", "rejected", "--dry-run").said())
                .contains("order default:C-2: the very same request")
                .containsPattern("\n10\\d\\d orders\n$");
        assertThat(spoken("replay", "--cause", "rejected", "--reason", "open again")
                        .said())
                .contains("order default:C-1: begins again", "order default:C-2: begins again")
                .contains("order default:C-1-1001: its content was removed, since it is old")
                .containsPattern("\n10\\d\\d orders\n$");
        waybill.await("C-1", "completed");
        waybill.await("C-2", "completed");
        waybill.update("delete from orders where order_id like 'C-1-%'");
        waybill.update("delete from dead_letter where order_id like 'C-1-%'");
    }

    @Test
    void aDryRunShowsWhatWouldBeSentBesideWhatWasSentAndChangesNothing() {
        dead("Y-1");
        long rows = rows("Y-1");

        assertThat(spoken("replay", "Y-1", "--dry-run"))
                .isEqualTo(new Spoken("order default:Y-1, book at mabang: the very same request\n", 0));
        waybill.update("update orders set payload = replace(payload, '\"Aisyah', '\"Osman') where order_id = 'Y-1'");
        String changed = spoken("replay", "Y-1", "--dry-run").said();
        waybill.update("update step set request = null where order_id = 'Y-1'");
        String forgotten = spoken("replay", "Y-1", "--dry-run").said();

        assertThat(changed).startsWith("order default:Y-1, book at mabang: 1 difference\n");
        assertThat(changed).containsPattern("  /[A-Za-z/]+: then \"Aisyah Sample\", now \"Osman Sample\"\n");
        assertThat(forgotten).contains("only the fingerprint is kept; mapping ").doesNotContain("Aisyah", "Osman");
        assertThat(spoken("replay", "--cause", "rejected", "--dry-run").said())
                .contains("order default:Y-1: another request, but")
                .doesNotContain("Aisyah", "Osman");
        assertThat(rows("Y-1")).isEqualTo(rows);
        assertThat(bookings("Y-1")).isZero();
    }

    @Test
    void whatTheCarrierWasSentIsKeptWithoutSecretsUntilItIsDone() {
        dead("K-1");
        waybill.drop("K-2.json", Orders.malaysian("K-2"));
        waybill.await("K-2", "completed");

        assertThat(waybill.query("select request from step where order_id = 'K-1' and step = 'book'"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("request").toString())
                        .startsWith("{")
                        .contains("K-1"));
        assertThat(waybill.query("select 1 from step where order_id = 'K-2' and request is not null"))
                .isEmpty();
    }

    @Test
    void whatIsNotDeadIsNotReplayed() {
        waybill.drop("N-1.json", Orders.malaysian("N-1"));
        waybill.await("N-1", "completed");

        assertThat(spoken("replay", "N-1", "--reason", "again"))
                .isEqualTo(new Spoken("waybill: order default:N-1: it is no dead letter but completed\n", 1));
        assertThat(spoken("replay", "nobody", "--reason", "again").said()).contains("nobody knows it");
        assertThat(spoken("replay", "N-1", "--reason", " ").said()).contains("a reason is needed");
        assertThat(spoken("replay", "--reason", "x").said()).contains("an ORDER, a --cause or a --push is needed");
        assertThat(spoken("replay", "N-1").said()).contains("a --reason is needed");
        assertThat(spoken("replay", "N-1").code()).isEqualTo(2);
        assertThat(spoken("replay", "--push", "0123456789ab", "--dry-run"))
                .satisfies(replay -> assertThat(replay.said()).contains("a push is not rehearsed"))
                .satisfies(replay -> assertThat(replay.code()).isEqualTo(2));
        assertThat(spoken("trace").code()).isEqualTo(2);
        assertThat(spoken("resolve", "N-1", "--rebook").code()).isEqualTo(2);
        assertThat(spoken("trace", "nobody"))
                .isEqualTo(new Spoken("waybill: order default:nobody: nobody knows it\n", 1));
        assertThat(bookings("N-1")).isEqualTo(1);
    }

    @Test
    void whatIsNotCancelledIsToldWithItsReasonKept() {
        waybill.drop("V-1.json", Orders.malaysian("V-1"));
        waybill.await("V-1", "completed");

        assertThat(spoken("cancel", "V-1", "--reason", "not wanted"))
                .isEqualTo(new Spoken(
                        "order default:V-1: not cancelled, since mabang declares no way to cancel an order; cancel it at the"
                                + " carrier\n",
                        1));
        assertThat(spoken("cancel", "V-1", "--reason", " ").said()).contains("a reason is needed");
        assertThat(spoken("cancel", "V-1").code()).isEqualTo(2);
        assertThat(spoken("cancel", "nobody", "--reason", "x").code()).isEqualTo(1);
        assertThat(spoken("trace", "V-1").said()).contains("not wanted");
    }

    @Test
    void aRouteIsStoppedAndStarted() {
        assertThat(spoken("route", "stop", "sweep", "--reason", "a test"))
                .isEqualTo(new Spoken(
                        "route sweep: stopped on this node, until somebody starts it or the node starts again\n", 0));
        assertThat(spoken("route", "list").said()).containsPattern("(?m)^sweep\tstopped\tstop\t.*\ta test$");
        assertThat(spoken("route", "stop", "sweep", "--reason", "again").code()).isEqualTo(1);
        assertThat(spoken("route", "start", "sweep", "--reason", "done"))
                .isEqualTo(new Spoken("route sweep: started\n", 0));
        assertThat(spoken("route", "trace", "on").code()).isEqualTo(2);
        assertThat(spoken("route", "trace", "on", "--reason", "a look").code()).isZero();
        assertThat(spoken("route", "list").said()).containsPattern("(?m)^\\*\ttraced\ttrace-on\t.*\ta look$");
        assertThat(spoken("route", "trace", "off", "--reason", "seen")).isEqualTo(new Spoken("trace: off\n", 0));
        assertThat(spoken("route", "list").said()).doesNotContain("traced");
    }

    @Test
    void aReloadLeavesWithOneWhereAnOldFolderStays() throws Exception {
        Path facts = temp.resolve("work-home").resolve(KDNIAO);
        String before = Files.readString(facts);

        assertThat(spoken("reload", "--reason", "a look"))
                .isEqualTo(new Spoken(
                        "no carrier folder was edited; routes, rules, settings and order.schema.json need a restart\n",
                        0));
        Files.writeString(facts, before + "typo: 1\n");
        Spoken refused = spoken("reload", "--reason", "a typo");
        Files.writeString(facts, before + "# a remark\n");
        Spoken taken = spoken("reload", "--reason", "a remark");

        assertThat(refused.said()).contains("the old one stays:\n  ").contains("typo");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(taken.said()).endsWith(" is taken up\n");
        assertThat(taken.code()).isZero();
    }

    @Test
    void statusCountsTheOrdersOfEachState() {
        waybill.drop("S-1.json", Orders.malaysian("S-1"));
        waybill.await("S-1", "completed");

        assertThat(spoken("status").said()).containsPattern("(?m)^completed +[1-9]");
        assertThat(spoken("status", "--waiting").code()).isZero();
    }

    @Test
    void auditNamesTheFirstRowThatWasChanged() throws Exception {
        waybill.drop("H-1.json", Orders.malaysian("H-1"));
        waybill.await("H-1", "completed");
        assertThat(spoken("audit", "H-1")).isEqualTo(new Spoken("nothing is broken\n", 0));

        waybill.update("update history set what = 'forged' where order_id = 'H-1' and seq = 2");

        String broken = "order default:H-1: history row 2 'forged' was changed after it was written";
        assertThat(spoken("audit", "H-1")).satisfies(audit -> {
            assertThat(audit.said()).contains(broken);
            assertThat(audit.code()).isEqualTo(1);
        });
        assertThat(spoken("audit").said()).contains(broken).containsPattern("[1-9][0-9]* orders looked at");
    }

    @Test
    void auditNamesTheLabelsThatAreGoneOrChanged() throws Exception {
        waybill.drop("L-1.json", Orders.chinese("L-1"));
        waybill.await("L-1", "completed");
        Path label =
                Path.of(waybill.shipment("default", "L-1").at("/label/path").asText());
        assertThat(spoken("audit", "L-1")).isEqualTo(new Spoken("nothing is broken\n", 0));

        Files.writeString(label, "<html>another label</html>");
        String changed = spoken("audit", "L-1").said();
        Files.delete(label);
        String gone = spoken("audit", "L-1").said();

        assertThat(changed).startsWith("order default:L-1: label 0 was changed after it was stored: '" + label + "'");
        assertThat(gone).startsWith("order default:L-1: label 0 is gone from '" + label + "'");
    }

    /** Copies of a dead order, whose content has gone since. */
    private static void bury(String id, int copies) {
        String numbers = "(select cast(x as varchar) n from system_range(1, " + copies + "))";
        for (String table : List.of("orders", "dead_letter")) {
            String columns =
                    waybill.query("select * from " + table + " where order_id = ?", id).get(0).keySet().stream()
                            .map(String::toLowerCase)
                            .collect(Collectors.joining(", "));
            String values = columns.replaceFirst("\\border_id\\b", "order_id || '-' || n")
                    .replaceFirst("\\bcarrier_reference\\b", "null")
                    .replaceFirst("\\bforgotten_at\\b", "updated_at")
                    .replaceFirst("(^|, )id\\b", "$1id || '-' || n");
            waybill.update("insert into " + table + " (" + columns + ") select " + values + " from " + table + ", "
                    + numbers + " where order_id = '" + id + "'");
        }
    }

    private static void dead(String id) {
        sandbox.script(Fault.at("mabang")
                .reference(id)
                .calls(0, 1)
                .instead(Reply.status(400, "{\"message\":\"Service is closed\"}")));
        waybill.drop(id + ".json", Orders.malaysian(id));
        waybill.awaitDead(id, "rejected");
        waybill.await(id, "dead-letter");
    }

    private static long rows(String id) {
        return waybill.query("select 1 from history where order_id = ?", id).size();
    }

    private static long bookings(String reference) {
        return sandbox.booked().stream()
                .filter(booked -> booked.reference().equals(reference))
                .count();
    }

    private static Spoken spoken(String... arguments) {
        return Spoken.by(temp.resolve("work"), waybill, arguments);
    }
}
