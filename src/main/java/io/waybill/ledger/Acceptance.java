package io.waybill.ledger;

/** What became of an order that was handed in. */
public sealed interface Acceptance {

    /**
     * It is durable and new.
     *
     * @param claim this node's right to work on it; null if the node is busy or leaves it to others, then it is found again when
     *     it is due
     */
    record Accepted(Claim claim) implements Acceptance {}

    /**
     * The same order with the same content was here before.
     *
     * @param stored what is known of it, with its answer if it has one
     */
    record Duplicate(Stored stored) implements Acceptance {}

    /**
     * The same identity came with different content; nothing was changed and nothing is sent.
     *
     * @param stored the order that came first
     * @param fingerprint the content that came now
     */
    record Conflict(Stored stored, String fingerprint) implements Acceptance {}
}
