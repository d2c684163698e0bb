package io.waybill.ledger;

import java.time.Instant;

/**
 * A carrier was paused or resumed, or its edited mappings were taken up.
 *
 * @param state what it is since then, see {@link CarrierState}, or {@code mapping=<version>}
 * @param actor the node or the user who did it
 * @param reason why
 */
public record CarrierChange(Instant at, String state, String actor, String reason) {}
