package io.waybill.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.management.Running;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {

    @TempDir
    Path folder;

    private Running running;
    private OrderMetrics metrics;

    @BeforeEach
    void start() throws Exception {
        running = new Running(folder);
        metrics = running.management.orderMetrics(Set.of("birdsystem", "kdniao"));
        running.start();
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void ordersAndCallsAreCounted() throws Exception {
        metrics.settled("birdsystem", "completed");
        metrics.settled("birdsystem", "completed");
        metrics.called("kdniao", "in-doubt");
        metrics.duplicate();

        assertThat(scrape())
                .contains("waybill_orders_total{carrier=\"birdsystem\",state=\"completed\"} 2.0")
                .contains("waybill_calls_total{carrier=\"kdniao\",outcome=\"in-doubt\"} 1.0")
                .contains("waybill_duplicates_total 1.0")
                .contains("waybill_call_seconds_count{carrier=\"kdniao\"} 0");
    }

    @Test
    void everyKnownCounterStartsAtZero() throws Exception {
        assertThat(scrape().filter(line -> line.startsWith("waybill_") && !line.startsWith("waybill_call_seconds")))
                .hasSize(
                        2 * (OrderMetrics.STATES.size() + OrderMetrics.OUTCOMES.size() + OrderMetrics.PUSHES.size() + 1)
                                + 1)
                .allMatch(line -> line.endsWith(" 0.0"));
    }

    @Test
    void unknownWordsNeverBecomeLabels() throws Exception {
        for (int i = 0; i < 100; i++) {
            metrics.settled("carrier-" + i, "state-" + i);
            metrics.called(null, "outcome \" \n" + i);
        }

        assertThat(scrape().filter(line -> line.contains("other")))
                .containsExactlyInAnyOrder(
                        "waybill_orders_total{carrier=\"other\",state=\"other\"} 100.0",
                        "waybill_calls_total{carrier=\"other\",outcome=\"other\"} 100.0");
    }

    @Test
    void theRoutesOfCamelAreMeasured() throws Exception {
        running.main.getCamelTemplate().sendBody("direct:parcel", "x");

        assertThat(scrape())
                .anyMatch(line -> line.startsWith("camel_exchanges_succeeded_total{")
                        && line.contains("routeId=\"parcel\"")
                        && line.endsWith(" 1.0"));
    }

    private Stream<String> scrape() throws Exception {
        return running.get("/observe/metrics").body().lines();
    }
}
