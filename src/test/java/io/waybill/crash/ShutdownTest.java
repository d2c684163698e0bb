package io.waybill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SIGTERM while fifty calls are on their way to a carrier that cannot be asked, and more orders wait behind them. */
class ShutdownTest {

    private static final int IN_FLIGHT = 50;
    private static final int ORDERS = 300;

    private final Carriers carriers = Surroundings.get().carriers();

    @AfterEach
    void forget() {
        carriers.clearScripts();
    }

    @Test
    void whatIsInFlightIsFinishedAndTheRestGoesOnAfterTheNextStart() {
        try (Campaign campaign = campaign("stop")) {
            // six waves take longer than the time-out, one does not by far
            Batch batch = inFlight(campaign, "T001", Duration.ofSeconds(5));

            campaign.site().life().terminate();

            assertThat(campaign.site().life().awaitEnd()).isEqualTo(Child.TERMINATED);
            assertThat(campaign.site().work().resolve("conf/waybill.token"))
                    .as("the token of an engine that is gone")
                    .doesNotExist();
            try (HikariDataSource ledger = campaign.site().ledger()) {
                assertThat(count(ledger, "step where state = 'sent' or state = 'in-doubt'"))
                        .isZero();
                assertThat(count(ledger, "orders where state in ('completed', 'awaiting')"))
                        .isGreaterThanOrEqualTo(IN_FLIGHT);
                assertThat(count(ledger, "orders")).isEqualTo(ORDERS);
                assertThat(count(ledger, "orders where owner like '%#%' and due_at is not null"))
                        .isZero();
            }
            carriers.clearScripts();
            campaign.goOn(batch);
            campaign.finish();
        }
    }

    @Test
    @Tag("crash")
    void whatIsKilledWhileItStopsIsInDoubtAndTheRestGoesOn() {
        try (Campaign campaign = campaign("stop-kill")) {
            Batch batch = inFlight(campaign, "T002", Duration.ofMinutes(2));

            campaign.site().life().terminate();
            assertThat(campaign.site().life().endsWithin(Duration.ofSeconds(3))).isFalse();
            campaign.site().kill();

            try (HikariDataSource ledger = campaign.site().ledger()) {
                assertThat(count(ledger, "step where state = 'sent'")).isEqualTo(IN_FLIGHT);
            }
            carriers.clearScripts();
            campaign.goOn(batch);
            assertThat(campaign.site().resolveList()).hasSize(IN_FLIGHT);
            campaign.finish();
        }
    }

    private static Campaign campaign(String name) {
        return new Campaign(
                name,
                Base.H2,
                Map.of("waybill.carrier.mabang.concurrency", "" + IN_FLIGHT, "camel.main.shutdownTimeout", "28"));
    }

    private Batch inFlight(Campaign campaign, String tag, Duration delay) {
        carriers.script("{\"carrier\": \"mabang\", \"times\": -1, \"delay_ms\": %d}".formatted(delay.toMillis()));
        int before = carriers.calls();
        Batch batch = Batch.ofMabang(tag, ORDERS);
        batch.drop(campaign.site());
        Awaitility.await("calls in flight").atMost(Child.PATIENCE).until(() -> carriers.calls() >= before + IN_FLIGHT);
        return batch;
    }

    private static int count(HikariDataSource ledger, String what) {
        try (Connection connection = ledger.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + what)) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
