package io.waybill.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.order.OrderKey;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line in the log for each change of an order, once it is durable, as keys and values: {@code order, change, state, carrier}
 * and what of the history's detail is a number or a word of ours. Nothing that an order or a carrier says gets into it.
 */
final class ChangeLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.waybill.orders");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** While a carrier is down, or after a crash, these come once for each order that waits. */
    private static final Set<String> QUIET = Set.of("paused", "queued", "taken", "given-back");

    private static final List<String> DETAILS = List.of("attempt", "attempts", "seconds", "stage", "cause");

    private ChangeLog() {}

    static void tell(OrderKey key, String change, String state, String carrier, String detail) {
        tell(key, change, state, carrier, detail, List.of());
    }

    /** @param done steps that became durable with this change */
    static void tell(OrderKey key, String change, String state, String carrier, String detail, List<String> done) {
        Level level = QUIET.contains(change) ? Level.DEBUG : Level.INFO;
        if (!LOG.isEnabledForLevel(level)) {
            return;
        }
        LoggingEventBuilder line = LOG.atLevel(level).addKeyValue("order", key.text());
        line = line.addKeyValue("change", change);
        line = state == null ? line : line.addKeyValue("state", state);
        line = carrier == null ? line : line.addKeyValue("carrier", carrier);
        JsonNode details = read(detail);
        for (String name : DETAILS) {
            if (details.has(name)) {
                line = line.addKeyValue(name, details.get(name).asText());
            }
        }
        line = done.isEmpty() ? line : line.addKeyValue("done", String.join(",", done));
        line.log("");
    }

    private static JsonNode read(String detail) {
        if (!namesAny(detail)) {
            return JSON.missingNode();
        }
        try {
            return JSON.readTree(detail);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private static boolean namesAny(String detail) {
        for (String name : DETAILS) {
            if (detail.contains(name)) {
                return true;
            }
        }
        return false;
    }
}
