package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.zaxxer.hikari.HikariDataSource;
import io.waybill.ledger.Acceptance;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Database;
import io.waybill.ledger.Ledger;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import io.waybill.order.Outcome;
import io.waybill.settings.Settings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pauses a carrier and what does not, and what that costs an order: nothing. */
class BreakerTest {

    private static final Outcome CONFIRMED = new Outcome.Confirmed();
    private static final Outcome BROKEN =
            new Outcome.InDoubt("mabang answered 502 without readable JSON", false, false);
    private static final Breaker.Policy POLICY =
            new Breaker.Policy(3, Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofHours(24));

    @TempDir
    Path temp;

    private final AtomicInteger connections = new AtomicInteger();
    private HikariDataSource pool;
    private Ledger ledger;
    private Breaker breaker;

    @BeforeEach
    void open() {
        pool = Database.open("jdbc:h2:file:" + temp.resolve("ledger"), "sa", "", 4);
        ledger = new Ledger(counted(pool), "one", 100, (key, raw, source) -> null, Clock.systemUTC())
                // no sign of life while connections are counted
                .leaseFor(Duration.ofHours(1));
        breaker = new Breaker(ledger.pauses(), POLICY, Settings.load(new Properties(), Map.of()));
    }

    @AfterEach
    void close() {
        ledger.close();
        pool.close();
    }

    @Test
    void anOrderCostsNoQueryAndNoCommitWhileAllIsWell() {
        Claim claim = claim("A-1");
        int asked = connections.get();
        long commits = ledger.commits();

        for (int i = 0; i < 1000; i++) {
            breaker.admit(claim);
            breaker.answered(claim, CONFIRMED);
        }

        assertThat(connections).hasValue(asked);
        assertThat(ledger.commits()).isEqualTo(commits);
    }

    @Test
    void failuresInARowPause() {
        Claim claim = claim("A-1");

        breaker.answered(claim, BROKEN);
        breaker.answered(claim, BROKEN);
        assertThat(paused()).isFalse();
        breaker.answered(claim, BROKEN);

        assertThat(paused()).isTrue();
        assertThat(ledger.pauses().state("mabang").reason())
                .isEqualTo("3 calls in a row failed, the last: mabang answered 502 without readable JSON");
    }

    @Test
    void anAnswerInBetweenEndsTheRow() {
        Claim claim = claim("A-1");

        for (Outcome answer : new Outcome[] {
            CONFIRMED,
            new Outcome.Rejected("wrong token"),
            new Outcome.InDoubt("mabang already has this order", true, true)
        }) {
            breaker.answered(claim, BROKEN);
            breaker.answered(claim, BROKEN);
            breaker.answered(claim, answer);
        }

        assertThat(paused()).isFalse();
    }

    @Test
    void waitsGrowAndAreAsLongAsTheCarrierAsksAndNeverLongerThanAnOrderLives() {
        assertThat(POLICY.wait(0, Duration.ZERO)).isEqualTo(Duration.ofSeconds(5));
        assertThat(POLICY.wait(3, Duration.ZERO)).isEqualTo(Duration.ofSeconds(40));
        assertThat(POLICY.wait(1_000, Duration.ZERO)).isEqualTo(Duration.ofMinutes(5));
        assertThat(POLICY.wait(0, Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
        assertThat(POLICY.wait(0, Duration.ofDays(365))).isEqualTo(Duration.ofHours(24));
    }

    private boolean paused() {
        return ledger.pauses().paused("mabang").isPresent();
    }

    private Claim claim(String id) {
        OrderKey key = new OrderKey("default", id, 0);
        Order order = new Order(key, JsonNodeFactory.instance.objectNode(), "{}", "a.json");
        Claim claim = ((Acceptance.Accepted) ledger.accept(order).join()).claim();
        claim.choose("mabang", "standard", "a-rule");
        return claim;
    }

    private DataSource counted(DataSource real) {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, values) -> {
                    if (method.getName().equals("getConnection")) {
                        connections.incrementAndGet();
                    }
                    try {
                        return method.invoke(real, values);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
