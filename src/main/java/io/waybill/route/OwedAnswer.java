package io.waybill.route;

import io.waybill.ledger.Claim;
import io.waybill.ledger.Fenced;
import io.waybill.ledger.FollowUp;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.order.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer to an order that was cancelled before anything was sent to a carrier.
 *
 * <ol>
 *   <li>It is owed from the commit that cancels the order, as a follow-up that is due a little later.
 *   <li>Who cancels delivers it at once; where that fails, or the process dies before it, the ordinary work does, after growing
 *       waits, until it is delivered.
 *   <li>No carrier is asked or chosen for that, and none that is paused or stopped holds it up.
 * </ol>
 */
final class OwedAnswer {

    private static final Logger LOG = LoggerFactory.getLogger(OwedAnswer.class);
    private static final String ANSWER = "answer";
    private static final Duration SOON = Duration.ofMinutes(1);

    private final Turns turns;
    private final Backoff backoff;
    private final Clock clock;

    OwedAnswer(Turns turns, Backoff backoff, Clock clock) {
        this.turns = turns;
        this.backoff = backoff;
        this.clock = clock;
    }

    /** From the order's next write on its answer is owed. */
    void owe(Claim claim) {
        claim.followUps().follow(FollowUp.begin(ANSWER, now(), now().plus(SOON), null));
    }

    static boolean isOwed(Claim claim) {
        return claim.state().equals("cancelled") && open(claim).isPresent();
    }

    static boolean isOwed(FollowUp row) {
        return row.operation().equals(ANSWER) && row.isOpen();
    }

    private static Optional<FollowUp> open(Claim claim) {
        return claim.followUps().all().values().stream()
                .filter(OwedAnswer::isOwed)
                .findFirst();
    }

    /**
     * Delivers it and lets the order go.
     *
     * @return false if it is tried again later
     */
    boolean give(Claim claim, ProducerTemplate out) {
        Lock turn = turns.of(claim.key());
        turn.lock();
        try {
            Exception failure = deliver(claim, out);
            FollowUp row = open(claim).orElseThrow();
            claim.followUps().follow(failure == null ? row.at(FollowUp.ENDED, "") : later(row, failure));
            claim.endings().rest();
            return failure == null;
        } catch (Fenced | LedgerUnavailable e) {
            LOG.debug("order={} is let go: {}", Logged.text(claim.key().text()), e.getMessage());
            return false;
        } finally {
            claim.release();
            turn.unlock();
        }
    }

    private static Exception deliver(Claim claim, ProducerTemplate out) {
        Exchange delivery = out.send("direct:deliver", exchange -> {
            exchange.setVariable("account", claim.key().account());
            exchange.setVariable("fileName", claim.key().fileName());
            exchange.getMessage().setBody(Json.orders().readTree(claim.shipment()));
        });
        return delivery.getException();
    }

    private FollowUp later(FollowUp row, Exception failure) {
        Duration wait = backoff.after(row.attempts(), Duration.ZERO);
        return row.again(now().plus(wait), row.attempts() + 1, Verdict.words(failure));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
