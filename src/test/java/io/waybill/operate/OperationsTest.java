package io.waybill.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.ManagementClient;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The MBeans as a console sees them. */
class OperationsTest {

    private static final String OPERATIONS = "type=Operations";
    private static final String MABANG = "type=Carrier,name=mabang";

    @TempDir
    static Path temp;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;
    private static ManagementClient management;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp)
                .carriers(sandbox)
                .managed()
                .with("waybill.health.look-seconds", "1")
                .start();
        management = ManagementClient.of(waybill);
        sandbox.script(
                Fault.at("mabang").reference("O-dead").instead(Reply.status(400, "{\"message\":\"closed\"}")),
                Fault.at("mabang").reference("O-doubt").afterCommit(Reply.drop()));
        for (String id : List.of("O-1", "O-dead", "O-doubt")) {
            waybill.drop(id + ".json", Orders.malaysian(id));
        }
        waybill.await("O-1", "completed");
        waybill.await("O-dead", "dead-letter");
        waybill.await("O-doubt", "in-doubt");
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    private static final Set<String> DECISIONS = Set.of(
            "dismiss",
            "dismissLetter",
            "switchTrace",
            "replay",
            "replayCause",
            "replayCauseAfter",
            "startRoute",
            "stopRoute",
            "replayPush",
            "resolve",
            "cancel",
            "settleCancel",
            "pause",
            "resume",
            "reloadMappings");

    @Test
    void everyPartSaysWhatItDoesAndWhatChangesSomethingTakesAReason() throws Exception {
        for (String name : List.of(OPERATIONS, MABANG)) {
            MBeanInfo info =
                    ManagementFactory.getPlatformMBeanServer().getMBeanInfo(new ObjectName("io.waybill:" + name));

            assertThat(info.getDescription()).endsWith(".");
            assertThat(info.getAttributes()).allMatch(OperationsTest::speaks);
            assertThat(info.getOperations()).allMatch(OperationsTest::speaks);
            for (MBeanOperationInfo operation : info.getOperations()) {
                assertThat(operation.getSignature()).allMatch(OperationsTest::speaks);
                assertThat(Arrays.stream(operation.getSignature()).map(MBeanParameterInfo::getName))
                        .as(operation.getName())
                        .doesNotContain("p1");
                assertThat(operation.getImpact() == MBeanOperationInfo.ACTION)
                        .as(operation.getName())
                        .isEqualTo(DECISIONS.contains(operation.getName()));
            }
        }
    }

    private static boolean speaks(MBeanFeatureInfo part) {
        return part.getDescription().contains(" ") && !part.getDescription().contains("exposed for management");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type=Operations | replay      | [\"default\", \"O-dead\", 0, \" \"]",
                "type=Operations | replayCause | [\"rejected\", \"\"]",
                "type=Operations | replayCauseAfter | [\"rejected\", \"\", \"\", -1, \" \"]",
                "type=Operations | stopRoute   | [\"sweep\", \"\"]",
                "type=Operations | startRoute  | [\"sweep\", \" \"]",
                "type=Operations | resolve     | [\"default\", \"O-doubt\", 0, \"abandon\", \"\", \"\"]",
                "type=Operations | cancel      | [\"default\", \"O-dead\", 0, \"\"]",
                "type=Operations | settleCancel | [\"default\", \"O-dead\", 0, true, \" \"]",
                "type=Operations | dismiss     | [\"default\", \"O-1\", 0, \" \"]",
                "type=Operations | dismissLetter | [\"0123456789ab\", \"\"]",
                "type=Operations | switchTrace | [true, \"\"]",
                "type=Operations | replayPush  | [\"0123456789ab\", \"\"]",
                "type=Operations | pause       | [\"mabang\", \"\"]",
                "type=Operations | reloadMappings | [\"\"]",
                "type=Operations | resume      | [\"mabang\", \"\"]",
                "type=Carrier,name=mabang | pause  | [\"\"]",
                "type=Carrier,name=mabang | resume | [\" \"]"
            })
    void withoutAReasonNothingIsChanged(String bean, String operation, String arguments) throws Exception {
        Object[] values = new ObjectMapper().readValue(arguments, Object[].class);

        JsonNode answer = management.operation(bean, operation, values);

        assertThat(answer.path("error").asText()).contains("a reason is needed");
        assertThat(waybill.query("select 1 from carrier_state")).isEmpty();
        assertThat(waybill.query("select 1 from route_history where reason = ''"))
                .isEmpty();
        assertThat(waybill.query("select 1 from history where what in ('replayed', 'resolved', 'dismissed')"))
                .isEmpty();
    }

    @Test
    void aRouteIsStoppedAndStartedWithAReasonThatStays() {
        assertThat(route("sweep").path("state").asText()).isEqualTo("started");

        JsonNode stopped = management.operation(OPERATIONS, "stopRoute", "sweep", "the disk is changed");

        assertThat(stopped.path("value").asText()).startsWith("route sweep: stopped on this node");
        assertThat(route("sweep").path("state").asText()).isEqualTo("stopped");
        assertThat(route("sweep").path("reason").asText()).isEqualTo("the disk is changed");
        assertThat(management.get("/observe/health/ready").statusCode()).isEqualTo(503);
        assertThat(error("stopRoute", "sweep", "again")).endsWith("route sweep: it is stopped; nothing was changed");
        management.operation(OPERATIONS, "startRoute", "sweep", "done");
        assertThat(route("sweep").path("state").asText()).isEqualTo("started");
        assertThat(error("startRoute", "no\nroute", "why"))
                .endsWith("route no?route: there is none; 'waybill route list' shows them");
        assertThat(waybill.query("select what, actor, reason from route_history where route = 'sweep' order by at"))
                .extracting(row -> row.get("what") + " " + row.get("actor") + " " + row.get("reason"))
                .containsExactly("stop admin the disk is changed", "start admin done");
    }

    @Test
    void routesAreTracedWithAReasonThatStays() {
        String camel = "org.apache.camel:context=waybill,type=tracer,name=BacklogTracer";

        assertThat(management
                        .operation(OPERATIONS, "switchTrace", true, "where do\nthey wait?")
                        .path("value")
                        .asText())
                .startsWith("trace: on on this node");

        assertThat(route("*").path("state").asText()).isEqualTo("traced");
        assertThat(route("*").path("reason").asText()).isEqualTo("where do?they wait?");
        assertThat(error("switchTrace", true, "again")).endsWith("trace: it is on; nothing was changed");
        assertThat(tracer("read", camel).path("value").asBoolean()).isTrue();
        assertThat(management
                        .operation(OPERATIONS, "switchTrace", false, "seen")
                        .path("value")
                        .asText())
                .isEqualTo("trace: off");
        assertThat(tracer("read", camel).path("value").asBoolean()).isFalse();
        assertThat(tracer("write", camel).path("status").asInt()).isEqualTo(403);
        assertThat(waybill.query("select what, actor, reason from route_history where route = '*' order by at"))
                .extracting(row -> row.get("what") + " " + row.get("actor") + " " + row.get("reason"))
                .containsExactly("trace-on admin where do?they wait?", "trace-off admin seen");
    }

    private static JsonNode tracer(String type, String name) {
        return management.jolokia(new ObjectMapper()
                .createObjectNode()
                .put("type", type)
                .put("mbean", name)
                .put("attribute", "Enabled")
                .put("value", true));
    }

    private static JsonNode route(String id) {
        for (JsonNode row : management.operation(OPERATIONS, "listRoutes").path("value")) {
            if (row.path("route").asText().equals(id)) {
                return row;
            }
        }
        throw new AssertionError("no route " + id);
    }

    private static String error(String operation, Object... arguments) {
        return management
                .operation(OPERATIONS, operation, arguments)
                .path("error")
                .asText();
    }

    /** Who sent it asks for it by its order_id. */
    @Test
    void whatNeverBecameAnOrderIsToldWithItsReason() {
        waybill.drop("O-never.json", Orders.malaysian("O-never").put("urgent", "yes"));
        RunningWaybill.Dead dead = waybill.awaitDead("O-never", "invalid");

        assertThat(error("trace", "default", "O-never", 0))
                .endsWith("order default:O-never: never accepted; dead letter 'invalid': order in document 1 of"
                        + " O-never.json is not a legal order: 1 fault; see " + dead.file());
        assertThat(error("trace", "default", "O-never", 1)).endsWith("order default:O-never=R1: nobody knows it");
    }

    @Test
    void listsAreRowsWithNames() {
        JsonNode doubt = management.operation(OPERATIONS, "listInDoubt").at("/value/0");
        JsonNode dead =
                management.operation(OPERATIONS, "listDeadLetters", "rejected").at("/value/0");

        assertThat(doubt.properties().stream().map(field -> field.getKey()))
                .containsExactlyInAnyOrder("order", "account", "reissue", "carrier", "since", "call");
        assertThat(doubt.path("order").asText()).isEqualTo("O-doubt");
        assertThat(doubt.path("call").asText()).isEqualTo("book");
        assertThat(dead.path("order").asText()).isEqualTo("O-dead");
        assertThat(dead.path("cause").asText()).isEqualTo("rejected");
        assertThat(management.operation(OPERATIONS, "listWaiting").path("value"))
                .isEmpty();
        assertThat(management
                        .operation(OPERATIONS, "dryRun", "default", "O-dead", 0)
                        .path("value")
                        .asText())
                .contains("the very same request");
    }

    @Test
    void agesAndCountsAreAttributes() {
        waybill.update("update history set at = at - interval '1' hour where order_id = 'O-doubt'");

        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> {
            JsonNode operations = management.attributes(OPERATIONS);
            assertThat(operations.at("/Orders/completed").asLong()).isEqualTo(1);
            assertThat(operations.path("OldestInDoubtSeconds").asLong()).isBetween(3600L, 7200L);
            assertThat(operations.path("OldestWaitingSeconds").asLong()).isZero();
            assertThat(operations.at("/DeadLetters/rejected").asLong()).isEqualTo(1);
        });
    }

    @Test
    void aCarrierTellsItsOutcomesAndItsLatency() {
        JsonNode mabang = management.attributes(MABANG);

        assertThat(mabang.at("/Outcomes/confirmed").asLong()).isEqualTo(1);
        assertThat(mabang.at("/Outcomes/rejected").asLong()).isEqualTo(1);
        assertThat(mabang.at("/Outcomes/in-doubt").asLong()).isEqualTo(1);
        assertThat(mabang.path("Latency").properties().stream().map(field -> field.getKey()))
                .containsExactlyInAnyOrder("p50", "p95", "p99");
        assertThat(mabang.path("InFlight").asInt()).isZero();
        assertThat(mabang.path("State").asText()).isEqualTo("working");
        assertThat(management.attributes("type=Carrier,name=kdniao").path("Latency"))
                .isEmpty();
    }

    @Test
    void anAuditGoesOnWhereItsLastPageEnded() {
        JsonNode first =
                management.operation(OPERATIONS, "auditAfter", "", "", -1).path("value");
        JsonNode rest = management
                .operation(OPERATIONS, "auditAfter", "default", "O-dead", 0)
                .path("value");

        assertThat(first.path("looked").asInt()).isEqualTo(3);
        assertThat(first.path("account").asText()).isEmpty();
        assertThat(rest.path("looked").asInt()).isEqualTo(1);
        assertThat(management
                        .operation(OPERATIONS, "report", "yesterday", "x")
                        .path("error")
                        .asText())
                .contains("expected a time such as");
    }
}
