package io.waybill.mapping;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a mapping of one call knows beside the order: {@code $each}, {@code $at}, {@code $number} and
 * {@code $done}.
 *
 * @param part the call
 * @param done what the calls before it brought, by step
 */
public record Known(Part part, ObjectNode done) {

    /** Before anything was asked or booked. */
    public static final Known NOTHING = new Known(Part.BOOK, JsonNodeFactory.instance.objectNode());
}
