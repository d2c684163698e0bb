package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.engine.EmbeddedBroker;
import io.waybill.sandbox.Account;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.CapturedLog;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names, addresses, numbers and secrets are in the files and rows where they belong, and in no line of any log. */
class PersonalDataTest {

    private static final String MARK = "PIIMARK";

    @TempDir
    Path temp;

    @Test
    void noLineOfAnyLogHoldsPersonalDataOrASecret() throws IOException {
        try (CapturedLog log = new CapturedLog()) {
            run();

            assertThat(log.lines()).hasSizeGreaterThan(10);
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("alert=dead-letters"))
                    .anyMatch(line -> line.contains("alert=carrier-paused"))
                    .anyMatch(line -> line.contains("change=\"booked\""))
                    .anyMatch(line -> line.contains("personal data of"));
            assertThat(log.lines())
                    .noneMatch(line -> line.contains(MARK))
                    .noneMatch(line -> line.contains("SECRETMARK"));
        }
    }

    private void run() throws IOException {
        SandboxOptions options = SandboxOptions.onAnyPort()
                .withAccount(new Account("mabang", "21", "SECRETMARK-token"))
                .withAccount(new Account("kdniao", "1000002", "SECRETMARK-key"));
        Path work = temp.resolve("work");
        try (Sandbox sandbox = Sandbox.start(options);
                EmbeddedBroker broker =
                        EmbeddedBroker.start(temp.resolve("broker"), List.of("waybill.orders", "waybill.shipments"));
                RunningWaybill waybill = RunningWaybill.on(work)
                        .carriers(sandbox)
                        .with("waybill.account.default.mabang.client-code", "21")
                        .with("waybill.account.default.mabang.token", "SECRETMARK-token")
                        .with("waybill.account.default.kdniao.ebusiness-id", "1000002")
                        .with("waybill.account.default.kdniao.api-key", "SECRETMARK-key")
                        .with("waybill.carrier.birdsystem.url", "http://127.0.0.1:1/client")
                        .with("waybill.db.password", "SECRETMARK-db")
                        .with("waybill.alerts.poll-ms", "200")
                        .with("waybill.alerts.paused-seconds", "0")
                        .with("waybill.alerts.dead-letters-an-hour", "1")
                        .with("waybill.retention.days", "1")
                        .with("waybill.retention.poll-ms", "200")
                        .with("waybill.broker.url", broker.url())
                        .with("waybill.broker.user", "waybill")
                        .with("waybill.broker.password", "SECRETMARK-broker")
                        .start()) {
            sandbox.script(
                    Fault.at("mabang")
                            .reference("L-rejected")
                            .instead(Reply.status(
                                    412, "{\"code\": 412, \"message\": \"receiver PIIMARK-echo is not allowed\"}")),
                    Fault.at("mabang").reference("L-doubt").afterCommit(Reply.drop()),
                    Fault.at("mabang").reference("L-garbage").instead(Reply.status(200, "PIIMARK-echo")));
            succeedAndFail(waybill);
            rehearseAndForget(waybill);
            breakSinks(waybill);
        }
    }

    private static void succeedAndFail(RunningWaybill waybill) {
        waybill.drop("L-ok.json", marked(Orders.malaysian("L-ok")));
        waybill.drop("L-label.json", marked(Orders.chinese("L-label")));
        waybill.drop("L-down.json", marked(Orders.british("L-down")));
        waybill.drop("L-rejected.json", marked(Orders.malaysian("L-rejected")));
        waybill.drop("L-doubt.json", marked(Orders.malaysian("L-doubt")));
        waybill.drop("L-garbage.json", marked(Orders.malaysian("L-garbage")));
        ObjectNode forbidden = marked(Orders.chinese("L-unmappable"));
        forbidden.withObject("/recipient").put("name", "PIIMARK <&> %");
        waybill.drop("L-unmappable.json", forbidden);
        ObjectNode invalid = marked(Orders.malaysian("L-invalid"));
        invalid.withObject("/recipient").put("email", "PIIMARK no mail").put("PIIMARK-field", 1);
        waybill.drop("L-invalid.json", invalid);
        waybill.drop("L-half.json", invalid.toString().substring(0, 300));
        waybill.await("L-ok", "completed");
        waybill.await("L-label", "completed");
        waybill.await("L-down", "waiting");
        waybill.await("L-doubt", "in-doubt");
        waybill.await("L-garbage", "in-doubt");
        waybill.awaitDead("L-rejected", "rejected");
        waybill.awaitDead("L-unmappable", "unmappable");
        waybill.awaitDead("L-invalid", "invalid");
        waybill.drop("L-conflict.json", marked(Orders.malaysian("L-ok")).put("urgent", true));
        waybill.awaitDead("L-ok", "conflict");
    }

    /** What operators do leaves lines too. */
    private static void rehearseAndForget(RunningWaybill waybill) {
        waybill.engine().ledger().pauses().pauseByHand("kdniao", "somebody", "a test");
        waybill.update("update orders set updated_at = updated_at - interval '2' day where order_id = 'L-ok'");
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> !waybill.query(
                        "select 1 from orders where order_id = 'L-ok' and forgotten_at is not null")
                .isEmpty());
        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> waybill.query("select 1 from alert where kind in ('dead-letters', 'carrier-paused')")
                                .size()
                        >= 2);
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.query("select 1 from alert_notice")
                .isEmpty());
        waybill.engine().ledger().pauses().resumeByHand("kdniao", "somebody", "a test");
    }

    private static void breakSinks(RunningWaybill waybill) throws IOException {
        RunningWaybill.files(waybill.outbox()).forEach(file -> file.toFile().delete());
        Files.delete(waybill.outbox().resolve("default"));
        Files.delete(waybill.outbox());
        Files.writeString(waybill.outbox(), "in the way");
        waybill.drop("L-sink.json", marked(Orders.malaysian("L-sink")));
        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> waybill.query("select * from history where order_id = 'L-sink' and what = 'waiting'")
                                .size()
                        >= 1);
    }

    /** The order with a mark in everything that tells of a person. */
    private static ObjectNode marked(ObjectNode order) {
        for (String party : List.of("recipient", "sender")) {
            if (order.has(party)) {
                ObjectNode person = order.withObject("/" + party);
                person.put("name", MARK + "-name").put("phone", MARK + "-phone").put("email", MARK + "@example.com");
                person.put("city", MARK + "-city")
                        .put("company", MARK + "-company")
                        .put("postal_code", MARK);
                ArrayNode lines = person.putArray("address_lines");
                lines.add(MARK + "-street 1").add(MARK + "-street 2");
            }
        }
        order.putArray("remarks").add(MARK + "-remark");
        return order;
    }
}
