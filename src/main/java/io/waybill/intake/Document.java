package io.waybill.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Fault;
import io.waybill.order.Json;
import java.util.List;

/**
 * One order as it came, readable or not.
 *
 * @param number its place in the input, from 1
 * @param raw its exact bytes: the whole input for a single order, the slice or line for one of many, the rest of the input
 *     where that is broken
 * @param order what the bytes say, null if they cannot be read as an order
 * @param faults why not; empty if and only if there is an order
 */
public record Document(int number, byte[] raw, ObjectNode order, List<Fault> faults) {

    public Document {
        faults = List.copyOf(faults);
    }

    /** Whether {@link #raw()} is only the beginning, because it was longer than {@link Json#MAX_DOCUMENT}. */
    public boolean cut() {
        return raw.length > Json.MAX_DOCUMENT;
    }
}
