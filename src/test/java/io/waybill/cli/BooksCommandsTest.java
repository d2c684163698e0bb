package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.PostgresServer;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code report} and {@code reconcile} say, on PostgreSQL. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BooksCommandsTest {

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp)
                .carriers(sandbox)
                .managed()
                .with("waybill.db.url", PostgresServer.freshDatabase())
                .with("waybill.db.user", PostgresServer.user())
                .with("waybill.account.default.mabang.tariff.standard", "38.10 PHP for 500 g")
                .with("waybill.account.default.kdniao.tariff.yto", "4.50 CNY for 1000 g, then 1.20 for each 1000 g")
                .start();
        for (String id : new String[] {"B-1", "B-2"}) {
            waybill.drop(id + ".json", Orders.malaysian(id));
            waybill.await(id, "completed");
        }
        waybill.drop("B-3.json", Orders.chinese("B-3"));
        waybill.await("B-3", "completed");
        waybill.shipment("default", "B-3");
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    @Order(1)
    void chargesAndRefundsAreSummedPerAccountCarrierAndCurrency() {
        charge("refund", "2026-03-05", "10.00");
        charge("estimate", "2026-03-06", "99.00");
        charge("freight", "2026-03-07", "12.34");
        charge("freight", "2026-04-01", "7.00");

        String march =
                spoken("report", "--from", "2026-03-01", "--to", "2026-04-01").said();
        String now = spoken("report").said();

        assertThat(march)
                .isEqualTo("account,carrier,currency,orders,charges,estimates,refunds,net,open\r\n"
                        + "default,mabang,=PH,1,12.34,99.00,10.00,2.34,3\r\n");
        assertThat(spoken("report", "--from", "2026-03-01", "--to", "2026-04-01", "--for-sheets")
                        .said())
                .contains("\r\ndefault,mabang,'=PH,1,");
        assertThat(spoken("report", "--from", "yesterday")).satisfies(report -> {
            assertThat(report.said()).contains("'--from': expected a day such as 2026-11-01, was 'yesterday'");
            assertThat(report.code()).isEqualTo(2);
        });
        assertThat(spoken("report", "--from", "2026-04-01", "--to", "2026-04-01"))
                .satisfies(report -> assertThat(report.code()).isEqualTo(2));
        assertThat(now)
                .contains("default,mabang,PHP,2,76.20,0.00,0.00,76.20,2\r\n")
                .contains(",kdniao,CNY,1,");
        waybill.update("delete from charge where currency = '=PH'");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"=1+1,'=1+1", "@x,'@x", "-2.50,-2.50", "-x,'-x", "+49,'+49", "plain,plain"})
    void aCellThatASheetWouldReckonIsNeutralised(String cell, String expected) {
        assertThat(ReportCommand.neutral(cell)).isEqualTo(expected);
    }

    @Test
    @Order(2)
    void whereAllSayTheSameThereAreNoDifferences() throws Exception {
        assertThat(spoken("reconcile")).isEqualTo(new Spoken("3 orders looked at\nno differences\n", 0));

        Path label =
                Path.of(waybill.shipment("default", "B-3").at("/label/path").asText());
        byte[] content = Files.readAllBytes(label);
        Path answer = waybill.outbox().resolve("default/B-1.json");
        byte[] answered = Files.readAllBytes(answer);
        Files.delete(label);
        Files.delete(answer);
        Files.writeString(waybill.outbox().resolve("default/stranger.json"), "{}");
        waybill.update("delete from charge where order_id = 'B-2'");
        waybill.update(
                "insert into charge (account, order_id, reissue, charge_id, carrier, kind, amount, currency, source,"
                        + " final, at) values ('default', 'nobody', 0, 'x', 'mabang', 'freight', 1, 'PHP', 'test', true, now())");
        Spoken differences = spoken("reconcile");
        waybill.update("delete from label where order_id = 'B-3'");
        Files.write(label, content);
        Spoken noRow = spoken("reconcile", "--taken");
        Files.write(answer, answered);

        assertThat(differences.code()).isEqualTo(1);
        assertThat(differences.said().lines())
                .contains(
                        "order default:nobody: charged, and nobody accepted it",
                        "answer 'default/stranger.json' belongs to no order",
                        "order default:B-1: completed, and its answer is not in the outbox",
                        "order default:B-2: the shipment names 1 charges, the ledger has 0",
                        "order default:B-3: label 0 is gone from '" + label + "'",
                        "5 differences");
        assertThat(noRow.said())
                .contains("order default:B-3: completed with a label, and there is no label row")
                .doesNotContain("outbox", "stranger");
    }

    @Test
    @Order(3)
    void anOrderThatIsAwaitedOrCancelledWasAnsweredToo() throws Exception {
        waybill.drop("B-4.json", Orders.numberedLater("B-4"));
        waybill.await("B-4", "awaiting");
        assertThat(spoken("pause", "kdniao", "--reason", "a test").code()).isZero();
        waybill.drop("B-5.json", Orders.chinese("B-5"));
        waybill.await("B-5", "waiting");
        assertThat(spoken("trace", "B-5").said()).contains("\n  next: goes on once kdniao works again");
        assertThat(spoken("cancel", "B-5", "--reason", "a test").code()).isZero();
        waybill.shipment("default", "B-5");
        assertThat(spoken("reconcile").said()).doesNotContain("B-4", "B-5");

        Files.delete(waybill.outbox().resolve("default/B-4.json"));
        Files.writeString(waybill.outbox().resolve("default/B-5.json"), "{}");

        assertThat(spoken("reconcile").said().lines())
                .contains(
                        "order default:B-4: awaiting, and its answer is not in the outbox",
                        "order default:B-5: cancelled, and its answer in the outbox is not the shipment of the ledger");
    }

    private static void charge(String kind, String day, String amount) {
        waybill.update(
                "insert into charge (account, order_id, reissue, charge_id, carrier, kind, amount, currency, source,"
                        + " final, at) values ('default', 'B-1', 0, '" + kind + day + "', 'mabang', '" + kind + "', "
                        + amount
                        + ", '=PH', 'test', false, timestamp with time zone '" + day + " 12:00:00+00')");
    }

    private static Spoken spoken(String... arguments) {
        return Spoken.by(temp, waybill, arguments);
    }
}
