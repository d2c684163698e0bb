package io.waybill.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Fault;
import java.util.List;

/**
 * One order as it came, readable or not.
 *
 * @param number its place in the input, from 1
 * @param raw its exact bytes: the whole input for a single order, the slice or line for one of many, the rest of the input
 *     where that is broken
 * @param order what the bytes say, null if they cannot be read as an order
 * @param faults why not; empty if and only if there is an order
 * @param cut whether {@code raw} is only the beginning, which the faults say too
 */
public record Document(int number, byte[] raw, ObjectNode order, List<Fault> faults, boolean cut) {

    public Document {
        faults = List.copyOf(faults);
    }
}
