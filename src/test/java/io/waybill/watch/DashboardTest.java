package io.waybill.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.ManagementClient;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Health, metrics and the dashboard of a whole Waybill. */
class DashboardTest {

    private static final Path DASHBOARD = Path.of("src/main/dist/grafana/waybill.json");
    private static final Pattern METRIC = Pattern.compile("\\b(?:waybill|hikaricp|camel|jvm|process)_[a-z0-9_]+");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)(?:=~|!=|=)\"");

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
                .with("waybill.health.disk-mb", "2000000000")
                .with("waybill.health.dead-letters-an-hour", "1")
                .start();
        management = ManagementClient.of(waybill);
        sandbox.script(
                Fault.at("mabang").reference("M-dead").instead(Reply.status(400, "{\"message\":\"closed\"}")),
                Fault.at("mabang").reference("M-dead-2").instead(Reply.status(400, "{\"message\":\"closed\"}")),
                Fault.at("mabang").reference("M-doubt").afterCommit(Reply.drop()));
        waybill.drop("M-1.json", Orders.malaysian("M-1"));
        waybill.drop("M-dead.json", Orders.malaysian("M-dead"));
        waybill.drop("M-dead-2.json", Orders.malaysian("M-dead-2"));
        waybill.drop("M-doubt.json", Orders.malaysian("M-doubt"));
        waybill.await("M-1", "completed");
        waybill.await("M-dead", "dead-letter");
        waybill.await("M-dead-2", "dead-letter");
        waybill.await("M-doubt", "in-doubt");
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
    }

    @Test
    void everyPanelAsksForMetricsAndLabelsThatAreThere() {
        String scrape = management.get("/observe/metrics").body();
        Set<String> samples = scrape.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toSet());
        Set<String> labels = new TreeSet<>(Set.of("instance", "job"));
        Matcher label = LABEL.matcher(scrape);
        while (label.find()) {
            labels.add(label.group(1));
        }

        for (String question : questions()) {
            Matcher metric = METRIC.matcher(question);
            assertThat(metric.find()).as(question).isTrue();
            metric.reset();
            while (metric.find()) {
                assertThat(samples).as(question).contains(metric.group());
            }
            Matcher asked = LABEL.matcher(question);
            while (asked.find()) {
                assertThat(labels).as(question).contains(asked.group(1));
            }
        }
    }

    @Test
    void theDashboardHasWhatGrafanaNeedsToLoadIt() {
        JsonNode dashboard = RunningWaybill.json(DASHBOARD);

        assertThat(dashboard.path("title").asText()).isEqualTo("Waybill");
        assertThat(dashboard.path("uid").asText()).isEqualTo("waybill");
        assertThat(dashboard.path("schemaVersion").asInt()).isGreaterThan(30);
        // the fields of the classic model, as Grafana documents it
        for (String field :
                List.of("tags", "timezone", "editable", "time", "annotations", "refresh", "version", "links")) {
            assertThat(dashboard.has(field)).as(field).isTrue();
        }
        assertThat(dashboard.has("id"))
                .as("an id would replace another dashboard")
                .isFalse();
        JsonNode source = dashboard.at("/templating/list/0");
        assertThat(source.path("name").asText() + " " + source.path("type").asText() + " "
                        + source.path("query").asText())
                .isEqualTo("datasource datasource prometheus");
        assertThat(dashboard.findParents("expr"))
                .allSatisfy(target -> assertThat(target.at("/datasource").toString())
                        .isEqualTo("{\"type\":\"prometheus\",\"uid\":\"${datasource}\"}"));
        assertThat(dashboard.path("panels").findValuesAsText("id")).doesNotHaveDuplicates();
        assertThat(dashboard.at("/templating/list").findValuesAsText("name"))
                .contains("datasource", "carrier", "instance");
        for (JsonNode panel : dashboard.path("panels")) {
            assertThat(panel.path("title").asText()).isNotEmpty();
            assertThat(panel.path("type").asText()).isIn("timeseries", "stat");
            assertThat(panel.at("/gridPos/x").asInt() + panel.at("/gridPos/w").asInt())
                    .isLessThanOrEqualTo(24);
            assertThat(panel.path("targets")).isNotEmpty();
            assertThat(panel.path("targets").findValuesAsText("refId")).doesNotHaveDuplicates();
            assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
        }
    }

    @Test
    void whatLiesInTheLedgerAndHowLongCallsTakeIsMeasured() {
        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(
                        management.get("/observe/metrics").body())
                .contains("waybill_ledger_orders{state=\"in-doubt\"} 1.0")
                .contains("waybill_ledger_cancellations_in_doubt 0.0")
                .contains("waybill_ledger_dead_letters{cause=\"rejected\"} 2.0")
                .contains("waybill_ledger_dead_letters_last_hour 2.0")
                .contains("waybill_calls_total{carrier=\"mabang\",outcome=\"in-doubt\"} 1.0")
                .contains("waybill_call_seconds_count{carrier=\"mabang\"} 4")
                .contains("waybill_call_seconds_bucket{carrier=\"mabang\",le=\"30.0\"} 4")
                .contains("waybill_in_flight{carrier=\"mabang\"} 0.0")
                .contains("hikaricp_connections_max{pool=\"ledger\"} 10.0"));
    }

    @Test
    void aFullDiskIsNotReadyAndDeadOrdersAreOnlyADegradation() {
        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(
                        check("orders").path("message").asText())
                .isEqualTo("degraded: 2 orders died within an hour, expected at most 1"));

        assertThat(check("orders").path("status").asText()).isEqualTo("UP");
        assertThat(check("disk").path("status").asText()).isEqualTo("DOWN");
        assertThat(check("disk").path("message").asText()).contains("expected at least 2000000000");
        assertThat(check("broker").path("status").asText()).isEqualTo("UP");
        assertThat(management.get("/observe/health/ready").statusCode()).isEqualTo(503);
        assertThat(management.get("/observe/health/live").statusCode()).isEqualTo(200);
    }

    private static JsonNode check(String name) {
        for (JsonNode check :
                Orders.json(management.get("/observe/health").body()).path("checks")) {
            if (check.path("name").asText().equals(name)) {
                return check;
            }
        }
        throw new AssertionError("no check " + name);
    }

    private static List<String> questions() {
        JsonNode dashboard = RunningWaybill.json(DASHBOARD);
        List<String> questions = new ArrayList<>(dashboard.path("panels").findValuesAsText("expr"));
        dashboard.at("/templating/list").findValuesAsText("definition").stream()
                .filter(text -> !text.isEmpty())
                .forEach(questions::add);
        assertThat(questions).hasSizeGreaterThan(15);
        return questions;
    }
}
