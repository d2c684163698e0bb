package io.waybill.order;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An order as it came and as it is understood.
 *
 * @param key its identity
 * @param document the canonical order, defaults filled in; never changed after construction
 * @param raw the order exactly as it came
 * @param source where it came from, for people: a file name or a queue
 */
public record Order(OrderKey key, ObjectNode document, String raw, String source) {

    /** What is the same for two orders with the same content, whatever their order of keys or white space. */
    public String fingerprint() {
        return Fingerprint.of(document);
    }

    /** Names the order only, so that no log line carries its content by accident. */
    @Override
    public String toString() {
        return "order " + key;
    }
}
