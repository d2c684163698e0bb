package io.waybill.route;

import io.waybill.ledger.Claim;
import io.waybill.ledger.Fenced;
import io.waybill.ledger.LedgerRefused;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.mapping.MappingRefused;
import io.waybill.order.Fault;
import io.waybill.order.Outcome;
import io.waybill.sink.DeadLetter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;

/**
 * What a failure on the way to the carrier means for the order.
 *
 * @param kind {@code waiting}, {@code in-doubt}, {@code dead-letter} or {@code gone} (another node has the order, or nothing
 *     is to be done now)
 * @param cause one word for the dead letter
 * @param message what is wrong
 * @param faults what is wrong with the order itself
 * @param carrierAnswer the carrier's own words, null where it did not speak
 * @param asked how long the carrier asked us to wait
 */
record Verdict(String kind, String cause, String message, List<Fault> faults, String carrierAnswer, Duration asked) {

    /** The cause of what waits for a route, so that it was not worked on. */
    static final String STOPPED = "stopped";

    /** The cause of what waits since its carrier is paused, so that it was not worked on either. */
    static final String PAUSED = "paused";

    /**
     * Judges a failure.
     *
     * <ol>
     *   <li>An order that was not let out to its paused carrier waits for it, whatever was before.
     *   <li>Before the journal says {@code sent}, nothing can have changed at the carrier; a question is asked again, and a route
     *       that somebody stopped is waited for.
     *   <li>After it, only what surely never left (refused, unresolved, not connected, TLS not agreed) is not-sent; what the
     *       classifier decided is what it decided; everything else is in doubt.
     *   <li>While an earlier request may have landed, the refusal of its repetition says nothing of it.
     * </ol>
     */
    static Verdict of(Throwable failure, Claim claim) {
        if (failure instanceof Fenced || failure instanceof LedgerUnavailable) {
            return gone("fenced", failure.getMessage());
        }
        if (failure instanceof CarrierPaused) {
            return waiting(PAUSED, failure.getMessage(), Duration.ZERO);
        }
        if (claim.calls().inDoubt()) {
            return inDoubt("what became of it could not be found out: " + words(failure), asked(failure));
        }
        if (failure instanceof CarrierFailed failed) {
            return of(failed, claim);
        }
        if (claim.calls().sent()) {
            return neverLeft(failure) && !claim.calls().doubted()
                    ? waiting("not-sent", claim.carrier() + " was not reached: " + words(failure), Duration.ZERO)
                    : inDoubt(claim.carrier() + " was asked, but its answer is not known: " + words(failure));
        }
        if (failure instanceof MappingRefused refused) {
            return dead("unmappable", claim.carrier() + " cannot carry this order as it is", refused.faults(), null);
        }
        if (failure instanceof IOException) {
            return waiting("not-asked", claim.carrier() + " was not reached: " + words(failure), Duration.ZERO);
        }
        if (failure instanceof DirectConsumerNotAvailableException || failure instanceof Stopped.CarrierStopped) {
            return waiting(STOPPED, "a route that it needs is stopped", Duration.ZERO);
        }
        if (failure instanceof LedgerRefused && claim.done("book")) {
            return waiting("not-written", "it is booked, but what that brought cannot be written", Duration.ZERO);
        }
        if (failure instanceof LedgerRefused) {
            return dead("reference", failure.getMessage(), List.of(), null);
        }
        return dead("failed", words(failure), List.of(), null);
    }

    private static Verdict of(CarrierFailed failed, Claim claim) {
        String carrier = claim.carrier();
        if (failed.outcome() instanceof Outcome.Rejected rejected) {
            String answer = carrier + " answered " + failed.status() + " '" + rejected.reason() + "'";
            return claim.calls().doubted()
                    ? inDoubt(answer + " to the same request again, which does not say what became of the first")
                    : dead("rejected", answer, List.of(), rejected.reason());
        }
        if (failed.outcome() instanceof Outcome.Throttled throttled) {
            return claim.calls().doubted()
                    ? inDoubt(
                            carrier + " was asked again and does nothing for now: " + throttled.reason(),
                            throttled.delay())
                    : waiting("throttled", carrier + " does nothing for now: " + throttled.reason(), throttled.delay());
        }
        if (failed.outcome() instanceof Outcome.NotSent notSent
                && !claim.calls().doubted()) {
            return waiting("not-sent", carrier + " was not reached: " + notSent.reason(), Duration.ZERO);
        }
        String reason = failed.outcome() instanceof Outcome.InDoubt doubt ? doubt.reason() : failed.getMessage();
        if (!claim.calls().sent()) {
            return waiting("not-asked", carrier + " answered " + failed.status() + ": " + reason, Duration.ZERO);
        }
        return inDoubt(carrier + " answered " + failed.status() + ", which leaves open what it did: " + reason);
    }

    static Verdict dead(String cause, String message, List<Fault> faults, String carrierAnswer) {
        return new Verdict("dead-letter", cause, message, faults, carrierAnswer, Duration.ZERO);
    }

    static Verdict gone(String cause, String message) {
        return new Verdict("gone", cause, message, List.of(), null, Duration.ZERO);
    }

    private static Verdict waiting(String cause, String message, Duration asked) {
        return new Verdict("waiting", cause, message, List.of(), null, asked);
    }

    static Verdict inDoubt(String message) {
        return inDoubt(message, Duration.ZERO);
    }

    private static Verdict inDoubt(String message, Duration asked) {
        return new Verdict("in-doubt", "in-doubt", message, List.of(), null, asked);
    }

    /** How long the carrier wants to be left alone; nothing where it does not say. */
    static Duration asked(Throwable failure) {
        return failure instanceof CarrierFailed failed && failed.outcome() instanceof Outcome.Throttled throttled
                ? throttled.delay()
                : Duration.ZERO;
    }

    /** What a person can do about a dead letter; where the carrier has the order already, that comes first. */
    String next(Claim claim, String stage) {
        String inbox = DeadLetter.inbox(claim.key().account());
        if (!claim.done("book") || cause.equals("label-refused")) {
            return next("move this file back to " + inbox + "; nothing was booked");
        }
        String id = claim.result().path("carrier_order_id").asText("unknown");
        return "the order exists at " + claim.carrier() + " as " + id + " and is not booked again; "
                + (cause.equals("expired") ? "find out why the carrier is not reached" : "mend what the message says")
                + ", then move this file back to " + inbox + " unchanged: it goes on with '" + stage + "'; or cancel "
                + id + " there and send the order as a reissue";
    }

    private String next(String back) {
        return switch (cause) {
            case "no-rule" -> "name a carrier and a service in the order or add a rule, then " + back;
            case "unknown-carrier" -> "name a known carrier, then " + back;
            case "carrier-off" -> "switch the carrier on and restart, or name another one, then " + back;
            case "rejected" -> "correct what the carrier names in the order or the settings, then " + back;
            case "expired" -> "find out why the carrier is not reached, then " + back;
            case "abandoned" -> "ask the carrier whether it has the order, and send it as a reissue if it is wanted after all";
            case "reference" -> "send the order under another order_id; nothing was booked";
            case "label-refused" -> "the order is booked and is not booked again; get the label from the carrier by its "
                    + "carrier reference, or have it cancelled there with 'waybill cancel'";
            case "poison" -> "find out from the log why the process died, mend that, then " + back;
            case "failed" -> "the log says where it failed; mend that, then " + back;
            default -> "correct the faults in the order or the settings, then " + back;
        };
    }

    static boolean neverLeft(Throwable failure) {
        return failure instanceof LastLook.TooLate
                || failure instanceof NeverLeft
                || failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof NoRouteToHostException
                || failure instanceof ConnectTimeoutException
                || failure instanceof ConnectionRequestTimeoutException
                || failure instanceof SSLHandshakeException;
    }

    /** Messages of network failures name hosts, those of other failures may hold the order: only their kind is told. */
    static String words(Throwable failure) {
        if (failure instanceof NeverLeft) {
            return failure.getMessage();
        }
        boolean harmless = failure instanceof IOException
                || failure instanceof IllegalArgumentException
                || failure instanceof IllegalStateException
                || failure instanceof CarrierFailed
                || failure instanceof LastLook.TooLate;
        return failure.getClass().getSimpleName() + (harmless ? " " + failure.getMessage() : "");
    }
}
