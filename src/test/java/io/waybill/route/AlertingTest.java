package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.ledger.Alerts.Notice;
import io.waybill.ledger.Database;
import io.waybill.ledger.Ledger;
import io.waybill.settings.Settings;
import io.waybill.sink.DeadLetter;
import io.waybill.sink.DeadLetterStore;
import io.waybill.testing.SetClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From when on people are told of something, by the settings, and when it is over. */
class AlertingTest {

    @TempDir
    Path temp;

    private final SetClock clock = new SetClock();
    private HikariDataSource pool;
    private Ledger ledger;
    private Alerting alerting;

    @BeforeEach
    void open() {
        pool = Database.open("jdbc:h2:file:" + temp.resolve("ledger"), "sa", "", 4);
        ledger = new Ledger(
                pool,
                "one",
                1,
                (key, raw, source) -> {
                    throw new IllegalStateException("there are no orders");
                },
                clock);
        Properties properties = new Properties();
        properties.setProperty("waybill.alerts.channels", "log");
        properties.setProperty("waybill.alerts.paused-seconds", "60");
        properties.setProperty("waybill.alerts.dead-letters-an-hour", "1");
        alerting = new Alerting(ledger, Settings.load(properties, Map.of()), clock);
    }

    @AfterEach
    void close() {
        ledger.close();
        pool.close();
    }

    @Test
    void aCarrierIsToldOfOnceItIsPausedForSoLongAndWhenItGoesOn() {
        ledger.pauses().pauseByHand("kdniao", "ann", "closed");
        clock.forward(Duration.ofSeconds(59));
        assertThat(told()).isEmpty();

        clock.forward(Duration.ofSeconds(1));
        assertThat(told()).containsExactly("carrier-paused raised [kdniao]");
        assertThat(told()).isEmpty();
        ledger.pauses().resumeByHand("kdniao", "ann", "open");

        assertThat(told()).containsExactly("carrier-paused recovered [kdniao]");
    }

    @Test
    void manyThatDieWithinAnHourAreToldOfAndThatItIsOver() throws IOException {
        bury("A-1");
        assertThat(told()).isEmpty();

        clock.forward(Duration.ofMinutes(59));
        bury("A-2");
        assertThat(told()).containsExactly("dead-letters raised [all]");
        clock.forward(Duration.ofMinutes(2));

        assertThat(told()).containsExactly("dead-letters recovered [all]");
    }

    private void bury(String id) throws IOException {
        ledger.append(new DeadLetterStore(temp.resolve("dead-letters"), clock)
                .write(new DeadLetter(
                        "default", id, 0, new byte[0], "accept", "invalid", "no", List.of(), null, "mend", "a.json")));
    }

    private List<String> told() {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        alerting.find(exchange);
        List<?> notices = exchange.getMessage().getBody(List.class);
        return notices.stream().map(Notice.class::cast).map(this::told).toList();
    }

    private String told(Notice notice) {
        ledger.alerts().told(notice);
        return notice.kind() + " " + notice.event() + " " + notice.subjects();
    }
}
