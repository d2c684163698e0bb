package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.zaxxer.hikari.HikariDataSource;
import io.waybill.ledger.Acceptance;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Database;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.Sql;
import io.waybill.ledger.StepFacts;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import io.waybill.order.Outcome;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import javax.sql.DataSource;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a call that failed means for its order and for its carrier, and what a carrier that works costs an order: nothing. */
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
        ledger = new Ledger(counted(pool), "one", 100, BreakerTest::order, Clock.systemUTC())
                // no sign of life while connections are counted
                .leaseFor(Duration.ofHours(1));
        breaker = new Breaker(ledger.pauses(), POLICY, Settings.load(new Properties(), Map.of()), claim -> true);
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
    void onlyACallThatWasMadeAndNotAnsweredCounts() {
        Claim claim = claim("A-1");
        Throwable refused = new ConnectException("refused");
        threeTimes(() -> breaker.unanswered(claim, refused, false));
        sent(claim);

        // what our own pool lets wait, and what is no failure of the network
        threeTimes(() -> breaker.unanswered(
                claim, new NeverLeft(new ConnectionRequestTimeoutException("no connection is free")), true));
        threeTimes(() -> breaker.unanswered(claim, new IllegalStateException("a mapping"), true));
        assertThat(paused()).isFalse();

        threeTimes(() -> breaker.unanswered(claim, refused, false));
        assertThat(paused()).isTrue();
    }

    @Test
    void whileAnEarlierRequestMayHaveLandedNoFailureOfTheNextSaysThatItDidNot() {
        Outcome.Throttled later = new Outcome.Throttled(Duration.ofHours(1), "asked to wait");
        Claim first = sent(claim("A-1"));
        Claim again = sent(claim("A-2"));
        again.waits().inDoubt("read timed out", Duration.ZERO);
        again = ledger.takeDue(1).get(0);

        Verdict lookUp = Verdict.of(new CarrierFailed(later, 429), again);
        again.calls().allowAgain(false);
        sent(again);

        assertThat(lookUp.kind()).isEqualTo("in-doubt");
        assertThat(lookUp.asked()).isEqualTo(Duration.ofHours(1));
        assertThat(Verdict.of(new CarrierFailed(later, 429), first).kind()).isEqualTo("waiting");
        assertThat(Verdict.of(new CarrierFailed(later, 429), again))
                .extracting(Verdict::kind, Verdict::asked)
                .containsExactly("in-doubt", Duration.ofHours(1));
        for (Throwable unsent : List.of(new ConnectException("refused"), new NeverLeft(new IOException("TLS")))) {
            assertThat(Verdict.of(unsent, first).kind()).isEqualTo("waiting");
            assertThat(Verdict.of(unsent, again).kind()).isEqualTo("in-doubt");
        }
        for (Throwable open : List.of(new SocketTimeoutException("read"), new SSLException("closed"))) {
            assertThat(Verdict.of(open, first).kind()).isEqualTo("in-doubt");
        }
    }

    @Test
    void aBookedOrderWhoseRowsTheLedgerRefusesWaits() {
        Claim claim = sent(claim("A-1"));
        claim.brought("book", new StepFacts(null, null, "response", "{}", null), claim.answers(), true);
        claim.sinks().join(Sql.of("insert into label (no_such_column) values (1)"));

        Throwable refused = catchThrowable(() -> claim.endings().settle("completed"));

        assertThat(Verdict.of(refused, claim))
                .extracting(Verdict::kind, Verdict::cause)
                .containsExactly("waiting", "not-written");
    }

    @Test
    void aPauseByHandStopsTheProbeTooThatIsAboutToGoOut() {
        claim("A-1").waits().awaitCarrier("it is down");
        ledger.pauses().pause("mabang", "it is down", Duration.ZERO);
        Claim probe = ledger.takeDue(1).get(0);
        breaker.admit(probe);

        ledger.pauses().pauseByHand("mabang", "ann", "stock-taking");

        assertThatThrownBy(() -> breaker.admit(probe)).isInstanceOf(CarrierPaused.class);
    }

    /** It would wait for its carrier then, and be shipped when that works again. */
    @Test
    void whatIsCancelledDoesNotWaitForItsCarrier() {
        Claim claim = claim("A-1");
        claim.endings().changed("cancelled", "{}", "cancelled");
        Claim cancelled = ledger.outOfTurn().takeSettled(claim.key()).orElseThrow();
        Claim failing = sent(claim("A-2"));
        threeTimes(() -> breaker.answered(failing, BROKEN));
        assertThat(paused()).isTrue();

        assertThat(breaker.pause(cancelled)).isEmpty();
    }

    @Test
    void anOrderWaitsLongerEachTimeAndNoTwoEquallyLong() {
        Backoff backoff = new Backoff(Duration.ofMinutes(15), Duration.ofHours(24), Duration.ofSeconds(30));
        for (int attempts : new int[] {0, 1, 5, 9, 10, 31, 64, 1_000}) {
            long most = Math.min(900_000, 1000L << Math.min(attempts, 10));
            List<Long> waits = IntStream.range(0, 100)
                    .mapToObj(i -> backoff.after(attempts, Duration.ZERO).toMillis())
                    .toList();
            assertThat(waits).allMatch(wait -> wait >= most * 2 / 3 && wait <= most);
            assertThat(Set.copyOf(waits)).hasSizeGreaterThan(10);
        }
        assertThat(backoff.after(0, Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
        assertThat(backoff.after(0, Duration.ofDays(365))).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void waitsGrowAndAreAsLongAsTheCarrierAsksAndNeverLongerThanAnOrderLives() {
        assertThat(POLICY.wait(0, Duration.ZERO)).isEqualTo(Duration.ofSeconds(5));
        assertThat(POLICY.wait(3, Duration.ZERO)).isEqualTo(Duration.ofSeconds(40));
        assertThat(POLICY.wait(1_000, Duration.ZERO)).isEqualTo(Duration.ofMinutes(5));
        assertThat(POLICY.wait(0, Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
        assertThat(POLICY.wait(0, Duration.ofDays(365))).isEqualTo(Duration.ofHours(24));
    }

    private static void threeTimes(Runnable happens) {
        for (int i = 0; i < 3; i++) {
            happens.run();
        }
    }

    private static Claim sent(Claim claim) {
        claim.sent("book", claim.key().orderId(), new StepFacts("v1", "request", null, null, null));
        return claim;
    }

    private static Order order(OrderKey key, String raw, String source) {
        return new Order(key, JsonNodeFactory.instance.objectNode(), raw, source);
    }

    private boolean paused() {
        return ledger.pauses().paused("mabang").isPresent();
    }

    private Claim claim(String id) {
        OrderKey key = new OrderKey("default", id, 0);
        Claim claim =
                ((Acceptance.Accepted) ledger.accept(order(key, "{}", "a.json")).join()).claim();
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
