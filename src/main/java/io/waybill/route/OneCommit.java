package io.waybill.route;

import io.waybill.ledger.Claim;
import io.waybill.ledger.Sql;
import io.waybill.sink.DeadLetterStore;
import io.waybill.sink.JoinedDataSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;

/**
 * The policy {@code one-commit}: everything that the steps inside write for their order is durable together, or not at all.
 *
 * <ol>
 *   <li>Rows that go through the data source {@code sinkDb} on this thread join the order's write.
 *   <li>If every sink is done, the order is completed, or awaiting what its carrier gives later; if one failed, what the others
 *       did is kept and the order waits for the one; if a label was refused for good, the order is a dead letter that needs no
 *       second booking.
 * </ol>
 */
final class OneCommit implements Policy {

    private final JoinedDataSource sinkDb;
    private final DeadLetterStore deadLetters;
    private final Backoff backoff;
    private final FollowUpReview review;
    private final Tally tally;

    OneCommit(
            JoinedDataSource sinkDb, DeadLetterStore deadLetters, Backoff backoff, FollowUpReview review, Tally tally) {
        this.sinkDb = sinkDb;
        this.deadLetters = deadLetters;
        this.backoff = backoff;
        this.review = review;
        this.tally = tally;
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        // nothing to prepare
    }

    @Override
    public Processor wrap(Route route, Processor steps) {
        return exchange -> settle(exchange, steps);
    }

    private void settle(Exchange exchange, Processor steps) throws Exception {
        Claim claim = Current.claim(exchange);
        review.announce(claim);
        sinkDb.join(claim);
        try {
            steps.process(exchange);
        } finally {
            sinkDb.leave();
        }
        if (exchange.getException() != null) {
            claim.sinks().failed("answer", exchange.getException().getClass().getSimpleName());
        }
        if (!claim.sinks().refusals().isEmpty()) {
            bury(claim);
        } else if (claim.done("answer") && claim.sinks().failures().isEmpty()) {
            String state = review.begin(claim);
            claim.endings().settle(state);
            settled(claim, state, null);
        } else {
            postpone(claim);
        }
    }

    private void bury(Claim claim) {
        Map.Entry<String, String> refusal =
                claim.sinks().refusals().entrySet().iterator().next();
        Verdict verdict = Verdict.dead("label-refused", refusal.getValue(), List.of(), null);
        try {
            List<Sql> rows = deadLetters.write(Failures.letter(claim, refusal.getKey(), verdict));
            claim.endings().dead(refusal.getKey(), verdict.cause(), rows);
            settled(claim, "dead-letter", refusal.getValue());
        } catch (IOException e) {
            claim.sinks().failed(refusal.getKey(), "its dead letter cannot be written: " + e);
            postpone(claim);
        }
    }

    private void postpone(Claim claim) {
        String reason = "waits for " + claim.sinks().failures();
        Duration delay = backoff.after(claim.attempts(), Duration.ZERO);
        // the steps' names: why each failed may have been said by somebody else
        claim.waits().postpone(delay, String.join(",", claim.sinks().failures().keySet()), reason);
        settled(
                claim,
                "waiting",
                reason + "; tried again in " + delay.toSeconds() + " s; it is booked and not booked again");
    }

    private void settled(Claim claim, String state, String reason) {
        tally.settled(new Tally.Settled(claim.key().text(), state, claim.carrier(), claim.shipment(), reason));
    }
}
