package io.waybill.ledger;

/**
 * What was found after a crash.
 *
 * @param inDoubt orders of which nobody knows whether the carrier did them
 * @param resumed orders that go on where they stopped
 */
public record Recovery(int inDoubt, int resumed) {}
