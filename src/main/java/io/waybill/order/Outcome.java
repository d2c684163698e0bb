package io.waybill.order;

import java.time.Duration;

/**
 * What is known after a call to a carrier, decided from its status and its body, never from the status alone.
 *
 * <p>Only {@link NotSent} and {@link Throttled} may be tried again by themselves: in both nothing was created.
 */
public sealed interface Outcome {

    /** The carrier did it and said so in words that were understood. */
    record Confirmed() implements Outcome {}

    /**
     * The carrier said no; nothing was created.
     *
     * @param reason the carrier's own words
     */
    record Rejected(String reason) implements Outcome {}

    /**
     * Surely nothing arrived at the carrier: refused, unresolved, TLS failed.
     *
     * @param reason what stood in the way
     */
    record NotSent(String reason) implements Outcome {}

    /**
     * The carrier wants to be asked later; nothing was created.
     *
     * @param delay how long it asked us to wait, zero if it did not say
     * @param reason why, such as credentials that it does not know
     */
    record Throttled(Duration delay, String reason) implements Outcome {}

    /**
     * Nobody here knows whether the carrier did it.
     *
     * @param reason what was seen instead of an answer
     * @param understood whether the carrier spoke in words that its folder foresees, so that it does its work
     * @param exists whether the carrier says that it has an order under our reference already
     */
    record InDoubt(String reason, boolean understood, boolean exists) implements Outcome {}
}
