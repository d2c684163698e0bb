package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.RunningWaybill.Dead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice of a carrier, duplicates, conflicts, and the way into the dead letters and back. */
class DeadLetterTest {

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.carrier.birdsystem.enabled", "false")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void orderMayNameItsCarrierAndService() {
        waybill.drop(
                "D-named.json",
                Orders.chinese("D-named").put("carrier", "kdniao").put("service", "zto"));

        assertThat(waybill.await("D-named", "completed"))
                .containsEntry("carrier", "kdniao")
                .containsEntry("service", "zto")
                .containsEntry("rule", "order");
        assertThat(waybill.shipment("default", "D-named").get("tracking_number").asText())
                .startsWith("ZT");
    }

    @Test
    void weightDecidesBetweenRules() {
        ObjectNode heavy = Orders.chinese("D-heavy");
        heavy.putObject("parcel").put("weight_g", 3001);

        waybill.drop("D-heavy.json", heavy);

        assertThat(waybill.await("D-heavy", "completed"))
                .containsEntry("service", "sf")
                .containsEntry("rule", "china-heavy");
    }

    @Test
    void orderThatNoRuleFitsIsADeadLetter() {
        ObjectNode order = Orders.malaysian("D-us");
        order.withObject("/recipient").put("country_code", "US");

        waybill.drop("D-us.json", order);

        Dead dead = waybill.awaitDead("D-us", "no-rule");
        assertThat(dead.text()).isEqualTo(order.toString());
        assertThat(dead.reason().get("stage").asText()).isEqualTo("choose");
        assertThat(dead.message())
                .isEqualTo("no rule of carrier-rules.yaml fits this order, and it names no carrier and service");
        assertThat(dead.next())
                .isEqualTo(
                        "name a carrier and a service in the order or add a rule, then move this file back to the inbox;"
                                + " nothing was booked");
        assertThat(waybill.of("dead_letter", key("D-us"))).singleElement().satisfies(row -> assertThat(row)
                .containsEntry("stage", "choose")
                .containsEntry("cause", "no-rule")
                .containsEntry("message", dead.message())
                .containsEntry("next", dead.next())
                .containsEntry("file", dead.file().toString())
                .containsEntry("source", "D-us.json"));
        assertThat(waybill.await("D-us", "dead-letter")).containsEntry("due_at", null);
    }

    @Test
    void carrierThatNobodyKnowsIsADeadLetterThatNamesTheKnownOnes() {
        waybill.drop(
                "D-dhl.json", Orders.malaysian("D-dhl").put("carrier", "dhl").put("service", "standard"));

        assertThat(waybill.awaitDead("D-dhl", "unknown-carrier").message())
                .isEqualTo("carrier 'dhl' is not known; expected one of birdsystem, kdniao, mabang");
    }

    /** No rule is about it either. */
    @Test
    void carrierThatNobodyKnowsIsTheCauseAlsoWhereTheOrderNamesNoService() {
        waybill.drop("D-ups.json", Orders.malaysian("D-ups").put("carrier", "ups"));

        waybill.await("D-ups", "dead-letter");

        assertThat(waybill.of("dead_letter", key("D-ups")))
                .extracting(row -> row.get("cause"))
                .containsExactly("unknown-carrier");
        assertThat(waybill.awaitDead("D-ups", "unknown-carrier").message())
                .isEqualTo("carrier 'ups' is not known; expected one of birdsystem, kdniao, mabang");
    }

    @Test
    void carrierThatIsSwitchedOffIsNotCalled() {
        waybill.drop("D-off.json", Orders.british("D-off"));

        assertThat(waybill.awaitDead("D-off", "carrier-off").message())
                .isEqualTo("carrier 'birdsystem' is switched off by its setting 'enabled'");
        assertThat(sandbox.calls("birdsystem")).isZero();
    }

    @Test
    void sameContentAgainIsAnsweredAgainAndNotBookedAgain() throws IOException {
        waybill.drop("D-same.json", Orders.malaysian("D-same"));
        waybill.await("D-same", "completed");
        Path answer = waybill.outbox().resolve("default/D-same.json");
        byte[] first = Files.readAllBytes(answer);
        Files.delete(answer);

        waybill.drop("D-same-again.json", Orders.malaysian("D-same").toPrettyString());
        waybill.shipment("default", "D-same");

        assertThat(answer).hasBinaryContent(first);
        assertThat(bookings("D-same")).isEqualTo(1);
        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(waybill.order(key("D-same")))
                .containsEntry("duplicates", 1));
        assertThat(waybill.of("dead_letter", key("D-same"))).isEmpty();
    }

    @Test
    void otherContentUnderTheSameIdentityIsAConflictAndIsNotSent() {
        ObjectNode changed = Orders.malaysian("D-conf");
        changed.withObject("/metadata").put("Aisyah", "a word of theirs");
        waybill.drop("D-conf.json", changed);
        waybill.await("D-conf", "completed");
        changed.withObject("/recipient").put("city", "Ipoh");
        changed.withObject("/metadata").put("Aisyah", "another word");
        ((ObjectNode) changed.at("/items/0")).put("quantity", 77);

        waybill.drop("D-conf-2.json", changed);

        Dead dead = waybill.awaitDead("D-conf", "conflict");
        OrderKey key = key("D-conf");
        assertThat(dead.message())
                .isEqualTo("order default:D-conf: another content than the one that came first under this identity:"
                        + " recipient.city, items[0].quantity, metadata differ");
        assertThat(dead.text()).isEqualTo(changed.toString());
        assertThat(dead.next())
                .isEqualTo(
                        "the first order stands; send a changed one under a new order_id or the next reissue, then say so with"
                                + " 'waybill dead --dismiss ORDER --reason ...'");
        assertThat(bookings("D-conf")).isEqualTo(1);
        assertThat(waybill.order(key)).containsEntry("state", "completed");
        waybill.update("update orders set payload = '', forgotten_at = updated_at where order_id = 'D-conf'");
        waybill.drop("D-conf-3.json", changed.put("urgent", true));
        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(
                        waybill.query("select message from dead_letter where order_id = 'D-conf' order by at desc"))
                .hasSize(2)
                .first()
                .satisfies(row -> assertThat(row.get("message").toString())
                        .matches("order default:D-conf: .* only the fingerprint is known: [0-9a-f]{12} then,"
                                + " [0-9a-f]{12} now")));
    }

    @Test
    void rejectionKeepsTheCarriersWordsAndTheCorrectedFileGoesThrough() throws IOException {
        ObjectNode order = Orders.malaysian("D-rej");
        sandbox.script(Fault.at("mabang")
                .reference("D-rej")
                .instead(Reply.status(412, "{\"code\": 412, \"message\": \"The receiver.city field is invalid.\"}")));
        waybill.drop("D-rej.json", order);
        Dead dead = waybill.awaitDead("D-rej", "rejected");
        waybill.await("D-rej", "dead-letter");
        assertThat(dead.reason().get("carrier_answer").asText()).isEqualTo("The receiver.city field is invalid.");
        assertThat(dead.message()).isEqualTo("mabang answered 412 'The receiver.city field is invalid.'");
        assertThat(dead.text()).isEqualTo(order.toString());

        order.withObject("/recipient").put("city", "Ipoh");
        Files.writeString(dead.file(), order.toString());
        moveBack(dead);
        waybill.await("D-rej", "completed");

        assertThat(bookings("D-rej")).isEqualTo(1);
        assertThat(waybill.of("history", key("D-rej")))
                .extracting(row -> row.get("what"))
                .containsExactly(
                        "accepted", "book-sent", "dead-letter", "corrected", "book-sent", "booked", "completed");
    }

    @Test
    void fileMovedBackUncorrectedBecomesTheSameDeadLetterAgain() throws IOException {
        Fault no = Fault.at("mabang")
                .reference("D-twice")
                .instead(Reply.status(412, "{\"code\": 412, \"message\": \"no\"}"))
                .calls(0, 2);
        sandbox.script(no);
        waybill.drop("D-twice.json", Orders.malaysian("D-twice"));
        Dead first = waybill.awaitDead("D-twice", "rejected");
        waybill.await("D-twice", "dead-letter");

        moveBack(first);
        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .until(() -> history("D-twice").size() == 6);
        Dead second = waybill.awaitDead("D-twice", "rejected");

        assertThat(second.file()).isEqualTo(first.file());
        assertThat(second.text()).isEqualTo(Orders.malaysian("D-twice").toString());
        assertThat(waybill.of("dead_letter", key("D-twice"))).hasSize(1);
        assertThat(bookings("D-twice")).isZero();

        moveBack(second);
        waybill.await("D-twice", "completed");
        assertThat(bookings("D-twice")).isEqualTo(1);
    }

    @Test
    void reasonMovedBackWithItsOrderIsNotTakenForAnOrder() throws IOException {
        ObjectNode order = Orders.malaysian("D-both");
        order.withObject("/recipient").remove("name");
        waybill.drop("D-both.json", order);
        Dead dead = waybill.awaitDead("D-both", "invalid");
        order.withObject("/recipient").put("name", "Now Named");
        Files.writeString(dead.file(), order.toString());
        int before = waybill.query("select * from dead_letter").size();
        Path reason = dead.file().resolveSibling(dead.name() + ".reason.json");

        Files.move(reason, waybill.inbox().resolve(reason.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        moveBack(dead);
        waybill.await("D-both", "completed");

        // both have been read then
        Patience.await().untilAsserted(() -> assertThat(waybill.archived())
                .filteredOn(file -> file.getFileName().toString().startsWith(dead.name()))
                .hasSize(2));
        assertThat(waybill.query("select * from dead_letter")).hasSize(before);
    }

    @Test
    void fileThatOnlyCallsItselfAReasonIsAnOrderLikeAnyOther() {
        waybill.drop("D-sly.reason.json", Orders.malaysian("D-sly"));

        waybill.await("D-sly", "completed");
    }

    @Test
    void whatIsDispatchedAndIsNoKeyOfAnOrderIsADeadLetter() throws IOException {
        Map<String, String> causes = Map.of(
                "{\"order_id\": \"D-astray\"}", "unreadable",
                "../../x:D-path", "unreadable",
                "default:D-nul=00", "unreadable",
                "", "unreadable",
                "default:D-nobody=R2", "unknown-order");
        try (ProducerTemplate out = waybill.engine().main().getCamelContext().createProducerTemplate()) {
            causes.keySet().forEach(stray -> out.sendBody("{{waybill.dispatch}}", stray));
            out.sendBody("{{waybill.dispatch}}", new Object());
        }
        waybill.drop("D-behind.json", Orders.malaysian("D-behind"));
        waybill.await("D-behind", "completed");

        Patience.await()
                .untilAsserted(() -> assertThat(waybill.query("select file from dead_letter where stage = 'dispatch'"))
                        .hasSize(causes.size() + 1));
        causes.forEach((stray, cause) -> assertThat(waybill.dead())
                .filteredOn(dead -> dead.reason().path("stage").asText().equals("dispatch"))
                .filteredOn(dead -> dead.text().equals(stray) && !dead.message().contains("not kept"))
                .singleElement()
                .satisfies(dead -> {
                    assertThat(dead.cause()).isEqualTo(cause);
                    assertThat(dead.file()).hasParent(waybill.deadLetters().resolve("default"));
                    assertThat(dead.next()).contains("waybill.dispatch").endsWith("nothing was sent to a carrier");
                }));
        assertThat(waybill.query("select order_id, reissue from dead_letter where cause = 'unknown-order'"))
                .containsExactly(Map.of("order_id", "D-nobody", "reissue", 2));
    }

    @Test
    void everyDeadLetterFitsItsRowAndItsContract() {
        waybill.drop("D-contract.json", "{\"order_id\": \"D-contract\"}");

        Dead dead = waybill.awaitDead("D-contract", "invalid");

        assertThat(dead.reason().fieldNames())
                .toIterable()
                .containsExactly("stage", "cause", "message", "faults", "carrier_answer", "next", "at");
        assertThat(waybill.query("select file, cause, message from dead_letter where order_id = 'D-contract'"))
                .containsExactly(Map.of("file", dead.file().toString(), "cause", "invalid", "message", dead.message()));
    }

    /** A process that dies between the files of a dead letter and its row leaves the input, which is read again. */
    @Test
    void filesWithoutTheirRowGetItWhenTheInputIsReadAgain() {
        waybill.drop("D-half.json", "{\"order_id\": \"D-half\"}");
        Dead before = waybill.awaitDead("D-half", "invalid");
        waybill.awaitArchived("D-half.json");
        assertThat(waybill.update("delete from dead_letter where order_id = 'D-half'"))
                .isEqualTo(1);

        waybill.drop("D-half.json", "{\"order_id\": \"D-half\"}");

        assertThat(waybill.awaitDead("D-half", "invalid")).isEqualTo(before);
        assertThat(waybill.dead())
                .filteredOn(dead -> dead.name().startsWith("D-half"))
                .hasSize(1);
    }

    private static void moveBack(Dead dead) throws IOException {
        Files.move(dead.file(), waybill.inbox().resolve(dead.file().getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    private static List<Map<String, Object>> history(String id) {
        return waybill.of("history", key(id));
    }

    private static OrderKey key(String id) {
        return new OrderKey("default", id, 0);
    }

    private static long bookings(String reference) {
        return sandbox.booked().stream()
                .filter(booked -> reference.equals(booked.reference()))
                .count();
    }
}
