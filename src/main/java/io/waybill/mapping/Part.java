package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One call of a booking.
 *
 * @param step its name in the ledger: {@code book}, {@code product-2}, {@code submit}
 * @param operation the carrier's operation
 * @param at where the entry of the order stands that it is about, such as {@code /items/1}; empty if about all of it
 * @param each that entry, null if there is none
 * @param asks whether it only asks, so that it may be repeated at will and is not journalled
 */
public record Part(String step, String operation, String at, JsonNode each, boolean asks) {

    /** The paid create, which every booking has. */
    public static final Part BOOK = new Part("book", "book", "", null, false);

    /** Whether it is the paid create, whatever the operation. */
    public boolean isBooking() {
        return step.equals(BOOK.step);
    }

    /** The number of the entry, counted from 1 as in the step's name; empty if it is about all of the order. */
    String number() {
        return at.isEmpty() ? "" : step.substring(step.lastIndexOf('-') + 1);
    }

    /** Names the step only: the entry belongs to an order. */
    @Override
    public String toString() {
        return step;
    }
}
