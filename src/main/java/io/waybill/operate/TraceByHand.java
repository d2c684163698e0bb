package io.waybill.operate;

import io.waybill.access.Visible;
import io.waybill.ledger.Ledger;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.BacklogTracer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trace of this node's routes, as somebody switches it on and off by hand. Who and why are in {@code route_history} before
 * anything is traced. What was traced is gone when it is switched off, and it is off when the node starts.
 */
final class TraceByHand {

    /** Stands for all routes. */
    static final String ALL = "*";

    private static final Logger LOG = LoggerFactory.getLogger(TraceByHand.class);

    private final Supplier<CamelContext> camel;
    private final Ledger ledger;

    TraceByHand(Supplier<CamelContext> camel, Ledger ledger) {
        this.camel = camel;
        this.ledger = ledger;
    }

    boolean isOn() {
        BacklogTracer tracer = tracer();
        return tracer != null && tracer.isEnabled();
    }

    String turn(boolean on, Reason reason) {
        BacklogTracer tracer = tracer();
        if (tracer == null) {
            throw new IllegalArgumentException("trace: there is none without the management port");
        }
        if (tracer.isEnabled() == on) {
            throw new IllegalArgumentException("trace: it is " + word(on) + "; nothing was changed");
        }
        ledger.routeChanged(ALL, "trace-" + word(on), reason.by(), reason.why());
        LOG.info("trace={} by {}: {}", word(on), reason.by(), Visible.text(reason.text()));
        tracer.setEnabled(on);
        if (!on) {
            tracer.clear();
        }
        return "trace: " + word(on)
                + (on ? " on this node, until somebody switches it off or the node starts again" : "");
    }

    private BacklogTracer tracer() {
        return camel.get().getCamelContextExtension().getContextPlugin(BacklogTracer.class);
    }

    private static String word(boolean on) {
        return on ? "on" : "off";
    }
}
