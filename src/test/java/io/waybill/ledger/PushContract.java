package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.testing.Patience;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a carrier pushed is one row, belongs to one node at a time, and outlives every node. */
abstract class PushContract extends LedgerContract {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Patience.LIMIT;

    PushContract(TestDatabase database) {
        super(database);
    }

    @Test
    void twentyOfTheSameAtOnceAreOneRow() throws Exception {
        List<Callable<Boolean>> twenty = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            twenty.add(() -> ledger.pushes().store(push("a"), PATIENCE));
        }

        List<Boolean> isNew = atOnce(twenty);

        assertThat(isNew).containsOnlyOnce(true);
        assertThat(ledger.pushes().take(100, LEASE)).hasSize(1);
    }

    @Test
    void theSameBytesOfAnotherCarrierOrAccountAreAnotherPush() {
        ledger.pushes().store(push("a"), PATIENCE);
        ledger.pushes().store(Push.of("birdsystem", "acme", bytes("a"), clock.instant()), PATIENCE);
        ledger.pushes().store(Push.of("kdniao", "other", bytes("a"), clock.instant()), PATIENCE);

        assertThat(ledger.pushes().take(100, LEASE)).hasSize(3);
    }

    @Test
    void aFewOfManyAreFoundWithoutALookAtTheRest() {
        change(
                "insert into push (id, carrier, account, body, state, detail, attempts, times, due_at, received_at, updated_at)"
                        + " select 'X-' || n, 'kdniao', 'acme', '', 'stored', '', 0, 1, current_timestamp, current_timestamp,"
                        + " current_timestamp from (with recursive many(n) as (select 1 union all select n + 1 from many where n < 20000)"
                        + " select n from many) as numbers");
        change("analyze");

        assertThat(rowsRead(Pushes.DUE.replaceFirst("\\?", "current_timestamp")))
                .isLessThan(20);
    }

    @Test
    void everyByteComesBack() {
        byte[] body = new byte[1 << 20];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) i;
        }

        ledger.pushes().store(Push.of("kdniao", "acme", body, clock.instant()), PATIENCE);

        assertThat(ledger.pushes().take(1, LEASE).get(0).body()).isEqualTo(body);
    }

    @Test
    void onlyOneNodeHasAPushInHand() throws Exception {
        Ledger other = node("two");
        for (int i = 0; i < 10; i++) {
            ledger.pushes().store(push("p" + i), PATIENCE);
        }

        List<List<Push>> taken = atOnce(List.of(
                () -> ledger.pushes().take(100, LEASE), () -> other.pushes().take(100, LEASE)));

        assertThat(taken.stream().flatMap(List::stream).map(Push::id))
                .doesNotHaveDuplicates()
                .hasSize(10);
    }

    @Test
    void whatWasStoredBeforeTheNodeDiedIsFoundByTheNextOne() {
        ledger.pushes().store(push("a"), PATIENCE);

        Ledger next = node("one");

        assertThat(next.pushes().take(100, LEASE)).hasSize(1);
    }

    @Test
    void whatANodeHadInHandWhenItDiedComesBackWhenItsTimeHasRunOut() {
        ledger.pushes().store(push("a"), PATIENCE);
        Push lost = ledger.pushes().take(100, LEASE).get(0);
        Ledger next = node("one");
        assertThat(next.pushes().take(100, LEASE)).isEmpty();

        clock.forward(LEASE.plusSeconds(1));
        Push found = next.pushes().take(100, LEASE).get(0);

        assertThat(found.id()).isEqualTo(lost.id());
        assertThat(found.attempts()).isEqualTo(2);
        assertThat(ledger.pushes().settle(lost, Push.ASIDE, "{}", null)).isFalse();
        assertThat(next.pushes().settle(found, Push.DONE, "{}", null)).isTrue();
        assertThat(next.queries().pushes(Push.DONE, 10)).extracting(Push::id).containsExactly(lost.id());
    }

    @Test
    void whatWaitsIsDueAgainAtItsTime() {
        ledger.pushes().store(push("a"), PATIENCE);
        Push push = ledger.pushes().take(100, LEASE).get(0);

        ledger.pushes().settle(push, Push.STORED, "{\"waiting\":[0]}", Duration.ofSeconds(5));

        assertThat(ledger.pushes().take(100, LEASE)).isEmpty();
        clock.forward(Duration.ofSeconds(5));
        assertThat(ledger.pushes().take(100, LEASE).get(0).detail()).isEqualTo("{\"waiting\":[0]}");
    }

    @Test
    void whatIsDoneStaysDoneHoweverOftenItComes() {
        ledger.pushes().store(push("a"), PATIENCE);
        ledger.pushes().settle(ledger.pushes().take(1, LEASE).get(0), Push.DONE, "{}", null);

        boolean isNew = ledger.pushes().store(push("a"), PATIENCE);

        assertThat(isNew).isFalse();
        assertThat(ledger.pushes().take(100, LEASE)).isEmpty();
        assertThat(ledger.pushes().replay(push("a").id(), "ann", "why")).isFalse();
    }

    @Test
    void whatWasPutAsideIsTriedAgainWhenItComesAgainOrAPersonWantsIt() {
        ledger.pushes().store(push("a"), PATIENCE);
        ledger.pushes().settle(ledger.pushes().take(1, LEASE).get(0), Push.ASIDE, "{}", null);
        assertThat(ledger.queries().pushes(Push.ASIDE, 10)).hasSize(1);

        ledger.pushes().store(push("a"), PATIENCE);
        ledger.pushes().settle(ledger.pushes().take(1, LEASE).get(0), Push.ASIDE, "{}", null);

        assertThat(ledger.pushes().replay(push("a").id(), "ann", "why")).isTrue();
        assertThat(ledger.pushes().take(100, LEASE)).hasSize(1);
    }

    @Test
    void aDatabaseThatIsAwayIsSaidSoAndTheSamePushIsTakenLater() {
        wire.refuse(1000);

        assertThatThrownBy(() -> ledger.pushes().store(push("a"), Duration.ofMillis(200)))
                .isInstanceOf(LedgerUnavailable.class);
        wire.refuse(0);

        ledger.pushes().store(push("a"), PATIENCE);
        assertThat(ledger.pushes().take(100, LEASE)).hasSize(1);
    }

    private Push push(String content) {
        return Push.of("kdniao", "acme", bytes(content), clock.instant());
    }

    private static byte[] bytes(String content) {
        return content.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(calls.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : pool.invokeAll(calls)) {
                results.add(result.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}
