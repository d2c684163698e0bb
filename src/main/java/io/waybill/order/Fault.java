package io.waybill.order;

/**
 * One thing that is wrong with an order, in a sentence that a warehouse clerk understands.
 *
 * @param pointer JSON pointer of the field in the order, {@code ""} for the order as a whole
 * @param message what is wrong and what is expected; names the field, never repeats personal data
 */
public record Fault(String pointer, String message) {}
