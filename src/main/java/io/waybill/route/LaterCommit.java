package io.waybill.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.ledger.FollowUp;
import io.waybill.sink.JoinedDataSource;
import io.waybill.sink.LabelKeeper;
import io.waybill.sink.LaterShipment;
import io.waybill.sink.News;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy {@code later-commit} and the step {@code lay-over} before it: what a carrier said after the booking becomes durable
 * together, or not at all.
 *
 * <ol>
 *   <li>{@link #layOver}: a part of a shipment is laid over what is known, see {@link LaterShipment}. The sinks that have
 *       something new run once more, the answer with them.
 *   <li>Nothing new: the order is let go without a row in its history.
 *   <li>Something new: rows, shipment, state and follow-ups with one row that names the operation.
 *   <li>A sink failed: nothing of it is kept, and it is asked for again later. A label that is not there yet keeps no order from
 *       being cancelled.
 * </ol>
 */
final class LaterCommit implements Policy {

    /** The variable with the {@link News}. */
    static final String NEWS = "news";

    /** The variable with the {@link FollowUp} that was asked; none if the carrier spoke by itself. */
    static final String ASKED = "asked-follow-up";

    private static final Logger LOG = LoggerFactory.getLogger(LaterCommit.class);
    private static final Duration UNSETTLED = Duration.ofMinutes(1);

    private final JoinedDataSource sinkDb;
    private final LabelKeeper labels;
    private final FollowUpReview review;
    private final FollowUpTimes times;
    private final Tally tally;
    private final Turns turns;
    private final Clock clock;

    LaterCommit(
            JoinedDataSource sinkDb,
            LabelKeeper labels,
            FollowUpReview review,
            FollowUpTimes times,
            Tally tally,
            Turns turns,
            Clock clock) {
        this.sinkDb = sinkDb;
        this.labels = labels;
        this.review = review;
        this.times = times;
        this.tally = tally;
        this.turns = turns;
        this.clock = clock;
    }

    /** {@code lay-over}: the body is the part of a shipment; sets the variables {@code news} and {@code changed}. */
    void layOver(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        ObjectNode later = exchange.getMessage().getBody(ObjectNode.class).deepCopy();
        if (later.has("label")) {
            keepLabel(later);
        }
        if (isVoid(exchange)) {
            labels.drop(claim.result());
        }
        String source = claim.carrier() + " " + exchange.getVariable("operation", String.class);
        News news = LaterShipment.lay(claim.result(), later, source, clock.instant());
        exchange.setVariable(NEWS, news);
        exchange.setVariable("changed", !news.isEmpty() || isVoid(exchange));
        if (!news.isEmpty() || isVoid(exchange)) {
            claim.revise();
            reopen(claim, news);
        }
        unknownCode(claim, news).ifPresent(code -> {
            tally.unknownCode(claim.carrier());
            LOG.warn(
                    "order={} carrier={} names a status that its table does not know: {}",
                    Logged.text(claim.key().text()),
                    claim.carrier(),
                    Logged.text(code));
        });
    }

    /** The raw code of the shipment or of a new event that has become {@code unknown}, empty if none has. */
    private static Optional<String> unknownCode(Claim claim, News news) {
        if (news.fields().contains("status")
                && claim.result().path("status").asText().equals("unknown")) {
            return Optional.of(claim.result().path("raw_status").asText());
        }
        return StreamSupport.stream(news.events().spliterator(), false)
                .filter(event -> event.path("status").asText().equals("unknown") && event.has("raw_status"))
                .map(event -> event.path("raw_status").asText())
                .findFirst();
    }

    private void keepLabel(ObjectNode later) {
        labels.keep(later);
        if (later.has("label_refused")) {
            later.withArray("warnings").add(later.get("label_refused"));
            later.remove(List.of("label_refused", "label_state"));
        }
    }

    private static void reopen(Claim claim, News news) {
        claim.reopen("answer");
        if (!news.events().isEmpty()) {
            claim.reopen("tracking");
        }
        if (!news.charges().isEmpty()) {
            claim.reopen("billing");
        }
        if (news.fields().contains("label")) {
            claim.reopen("label");
        }
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        // nothing to prepare
    }

    @Override
    public Processor wrap(Route route, Processor steps) {
        return exchange -> inTurn(exchange, steps);
    }

    /** Whoever gives the answer that was known before waits until the new one is durable. */
    private void inTurn(Exchange exchange, Processor steps) throws Exception {
        Lock turn = turns.of(Current.claim(exchange).key());
        turn.lock();
        try {
            settle(exchange, steps);
        } finally {
            turn.unlock();
        }
    }

    private void settle(Exchange exchange, Processor steps) throws Exception {
        Claim claim = Current.claim(exchange);
        sinkDb.join(claim);
        try {
            steps.process(exchange);
        } finally {
            sinkDb.leave();
        }
        if (exchange.getException() != null
                || !claim.sinks().failures().isEmpty()
                || !claim.sinks().refusals().isEmpty()) {
            LOG.warn(
                    "order={} what the carrier said later cannot be kept and is asked for again: {} {}",
                    Logged.text(claim.key().text()),
                    claim.sinks().failures(),
                    claim.sinks().refusals());
            times.letGo(claim, UNSETTLED);
            exchange.setVariable("kept", false);
            return;
        }
        commit(exchange, claim);
        exchange.setVariable("kept", true);
    }

    private void commit(Exchange exchange, Claim claim) {
        News news = exchange.getVariable(NEWS, News.class);
        FollowUp asked = exchange.getVariable(ASKED, FollowUp.class);
        String before = claim.state();
        if (isVoid(exchange)) {
            claim.followUps().follow(asked.at(FollowUp.CONFIRMED, ""));
            review.review(claim);
            claim.endings().changed("cancelled", news.summary(claim.result()).toString(), "cancelled");
            settled(claim, "cancelled");
            return;
        }
        if (asked != null) {
            claim.followUps().follow(news.isEmpty() ? times.next(claim, asked) : times.first(claim, asked));
        }
        String to = review.review(claim);
        if (news.isEmpty() && to.equals(before)) {
            claim.endings().rest();
            return;
        }
        String operation = exchange.getVariable("operation", String.class);
        boolean cancelled = to.equals("cancelled") && !to.equals(before);
        ObjectNode detail = news.summary(claim.result());
        claim.endings()
                .changed(cancelled ? to : operation, (cancelled ? detail.put("by", operation) : detail).toString(), to);
        if (!to.equals(before)) {
            settled(claim, to);
        }
    }

    private static boolean isVoid(Exchange exchange) {
        FollowUp asked = exchange.getVariable(ASKED, FollowUp.class);
        return asked != null && asked.operation().equals(FollowUp.CANCEL);
    }

    private void settled(Claim claim, String state) {
        LOG.info("order={} state={} carrier={}", Logged.text(claim.key().text()), state, claim.carrier());
        tally.settled(new Tally.Settled(claim.key().text(), state, claim.carrier(), claim.shipment(), null));
    }
}
