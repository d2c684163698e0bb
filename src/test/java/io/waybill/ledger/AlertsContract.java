package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.ledger.Alerts.Notice;
import io.waybill.order.OrderKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class AlertsContract extends LedgerContract {

    private static final List<String> CHANNELS = List.of("log", "mail");

    AlertsContract(TestDatabase database) {
        super(database);
    }

    @Test
    void whatHoldsIsRaisedOnceForAllNodesAndRecoversOnce() {
        Alerts one = ledger.alerts();
        Alerts two = node("two").alerts();

        one.settle("in-doubt", List.of("acme:A", "acme:B"), true, CHANNELS, now());
        two.settle("in-doubt", List.of("acme:A", "acme:B"), true, CHANNELS, now());
        List<Notice> raised = one.due(now(), 10);
        List<Notice> none = two.due(now(), 10);
        raised.forEach(one::told);
        one.settle("in-doubt", List.of("acme:B"), true, CHANNELS, later());
        two.settle("in-doubt", List.of("acme:B"), true, CHANNELS, later());

        assertThat(raised).extracting(Notice::channel).containsExactlyInAnyOrder("log", "mail");
        assertThat(raised).extracting(Notice::subjects).containsOnly(List.of("acme:A", "acme:B"));
        assertThat(none).isEmpty();
        assertThat(two.due(later(), 10)).hasSize(2).allSatisfy(notice -> {
            assertThat(notice.event()).isEqualTo("recovered");
            assertThat(notice.subjects()).containsExactly("acme:A");
        });
    }

    @Test
    void whatComesBackIsRaisedAgain() {
        Alerts alerts = ledger.alerts();
        alerts.settle("carrier-paused", List.of("mabang"), true, List.of("log"), now());
        alerts.settle("carrier-paused", List.of(), true, List.of("log"), later());
        alerts.settle("carrier-paused", List.of("mabang"), true, List.of("log"), later().plusSeconds(1));

        assertThat(alerts.due(later(), 10)).extracting(Notice::event).containsExactly("raised", "recovered", "raised");
    }

    @Test
    void aNoticeThatNoChannelTookComesAgain() {
        Alerts alerts = ledger.alerts();
        alerts.settle("dead-letters", List.of("all"), true, List.of("mail"), now());

        Notice first = alerts.due(now(), 10).get(0);
        List<Notice> meanwhile = alerts.due(now().plusSeconds(30), 10);
        Notice again = alerts.due(now().plusSeconds(61), 10).get(0);

        assertThat(meanwhile).isEmpty();
        assertThat(again).isEqualTo(first);
        alerts.told(again);
        assertThat(alerts.due(now().plus(Duration.ofHours(1)), 10)).isEmpty();
    }

    @Test
    void whatMayNotBeAllRecoversNothingAndManyAreOneNotice() {
        Alerts alerts = ledger.alerts();
        List<String> many = IntStream.range(100, 400).mapToObj(i -> "acme:" + i).toList();

        alerts.settle("no-label", many, true, List.of("log"), now());
        alerts.settle("no-label", List.of(), false, List.of("log"), later());

        assertThat(alerts.due(later(), 10)).singleElement().satisfies(notice -> {
            assertThat(notice.number()).isEqualTo(300);
            assertThat(notice.subjects()).hasSize(Alerts.NAMED).startsWith("acme:100");
        });
    }

    @Test
    void nodesThatFindItAtTheSameMomentTellItOnce() throws Exception {
        CyclicBarrier together = new CyclicBarrier(4);
        ExecutorService nodes = Executors.newFixedThreadPool(4);
        List<Future<?>> settled = IntStream.range(0, 4)
                .<Future<?>>mapToObj(i -> nodes.submit(() -> {
                    together.await();
                    ledger.alerts().settle("in-doubt", List.of("acme:A"), true, CHANNELS, now().plusMillis(i));
                    return null;
                }))
                .toList();
        for (Future<?> each : settled) {
            each.get();
        }
        nodes.shutdown();

        assertThat(ledger.alerts().due(later(), 10)).hasSize(2);
    }

    @Test
    void whatTakesTooLongIsFound() {
        Delays delays = ledger.queries().delays();
        sent(claimed(order("O-doubt"))).waits().inDoubt("no answer", null);
        completed(claimed(order("O-done")));
        completed(claimed(order("O-moves")));
        completed(claimed(order("O-arrived")));
        change("update orders set shipment = '{\"label_state\":\"awaited\"}' where order_id = 'O-done'");
        event("O-moves", "in_transit", clock.instant().plusSeconds(60));
        event("O-arrived", "delivered", clock.instant().minusSeconds(60));
        Instant before = clock.instant().plusSeconds(30);
        Instant from = clock.instant().minus(Duration.ofDays(90));

        assertThat(delays.inDoubt(before, 10)).containsExactly(key("O-doubt"));
        assertThat(delays.inDoubt(clock.instant().minusSeconds(1), 10)).isEmpty();
        assertThat(delays.unmoved(before, from, 10)).containsExactly(key("O-done"));
        assertThat(delays.unlabelled(before, from, 10)).containsExactly(key("O-done"));
        change("update orders set state = 'awaiting' where order_id = 'O-done'");
        assertThat(delays.unlabelled(before, from, 10)).containsExactly(key("O-done"));
    }

    private void event(String id, String status, Instant at) {
        change(
                "insert into tracking_event (account, order_id, reissue, event_id, at, status, source)"
                        + " values ('acme', ?, 0, ?, ?, ?, 'test')",
                id,
                id,
                Statements.time(at),
                status);
    }

    private static OrderKey key(String id) {
        return new OrderKey("acme", id, 0);
    }

    private Instant now() {
        return clock.instant();
    }

    private Instant later() {
        return clock.instant().plusSeconds(120);
    }
}
