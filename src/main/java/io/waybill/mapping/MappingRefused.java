package io.waybill.mapping;

import io.waybill.order.Fault;
import java.util.List;
import java.util.stream.Collectors;

/** An order cannot become a request of this carrier; nothing was sent. Lists everything that is wrong, not the first thing. */
public final class MappingRefused extends RuntimeException {

    private final transient List<Fault> faults;

    public MappingRefused(List<Fault> faults) {
        super(faults.stream().map(Fault::message).collect(Collectors.joining("; ")));
        this.faults = List.copyOf(faults);
    }

    /** What is wrong, each with the pointer of the field in our order. */
    public List<Fault> faults() {
        return faults;
    }
}
