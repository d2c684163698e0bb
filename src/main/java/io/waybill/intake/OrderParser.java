package io.waybill.intake;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Json;
import java.io.IOException;

/** Hands the bytes of one well-formed object to the strict mapper, and puts its refusals into our own words. */
final class OrderParser {

    private OrderParser() {}

    /**
     * Reads one order.
     *
     * @param raw holds it from {@code from} to the end
     * @param start the place of {@code raw[from]} in the input
     */
    static ObjectNode parse(byte[] raw, int from, Place start) throws IOException, BrokenInput {
        try {
            return (ObjectNode) Json.orders().readTree(raw, from, raw.length - from);
        } catch (JsonProcessingException refused) {
            throw new BrokenInput(place(refused.getLocation(), raw, from, start), words(refused));
        }
    }

    // Jackson stops behind the second name; the reader looks for where it begins
    private static int begin(byte[] raw, int behind) {
        int at = behind - 1;
        if (at < 1 || raw[at] != '"') {
            return behind;
        }
        do {
            at--;
        } while (at > 0 && (raw[at] != '"' || escaped(raw, at)));
        return at;
    }

    private static boolean escaped(byte[] raw, int at) {
        int backslashes = 0;
        while (at - backslashes > 0 && raw[at - backslashes - 1] == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    // Jackson's own messages repeat what the input said
    private static String words(JsonProcessingException refused) {
        boolean twice = refused instanceof JsonParseException
                && String.valueOf(refused.getOriginalMessage()).startsWith("Duplicate field");
        return twice ? "a field stands twice in one object" : "beyond the limits of one order";
    }

    private static Place place(JsonLocation location, byte[] raw, int from, Place start) {
        // Jackson counts from where it began
        long index = location == null ? -1 : from + location.getByteOffset();
        return index <= from || index > raw.length ? start : start.behind(raw, from, begin(raw, (int) index));
    }
}
