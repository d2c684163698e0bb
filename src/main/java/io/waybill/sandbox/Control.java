package io.waybill.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The paths under {@code /sandbox/} for tests in another process, listed at {@link Sandbox}; every other path is 404. */
final class Control implements Carrier {

    private static final String PATH = "/sandbox/";

    private final Ledger ledger;
    private final Faults faults;
    private final Map<String, AtomicInteger> calls;
    private final Consumer<JsonNode> work;

    Control(Ledger ledger, Faults faults, Map<String, AtomicInteger> calls, Consumer<JsonNode> work) {
        this.work = work;
        this.ledger = ledger;
        this.faults = faults;
        this.calls = calls;
    }

    @Override
    public String name() {
        return "sandbox";
    }

    @Override
    public String reference(Call call) {
        return null;
    }

    @Override
    public Answer answer(Call call) {
        String what = call.path().startsWith(PATH) ? call.path().substring(PATH.length()) : call.path();
        return switch (call.method() + ' ' + what) {
            case "POST faults" -> script(call);
            case "DELETE faults" -> {
                faults.clear();
                yield new Answer(200, JsonNodeFactory.instance.objectNode().put("faults", 0));
            }
            case "POST work" -> work(call);
            case "GET booked" -> new Answer(200, listed(call.parameters()));
            case "GET calls" -> {
                ObjectNode counts = JsonNodeFactory.instance.objectNode();
                calls.forEach((carrier, count) -> counts.put(carrier, count.get()));
                yield new Answer(200, counts);
            }
            default -> failure(404, "no such path '" + call.path() + "'");
        };
    }

    private Answer work(Call call) {
        try {
            work.accept(call.json());
            return new Answer(200, JsonNodeFactory.instance.objectNode().put("done", true));
        } catch (JsonProcessingException e) {
            return failure(400, "work: not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            return failure(400, e.getMessage());
        }
    }

    private Answer script(Call call) {
        try {
            int count = faults.add(Faults.read(call.json()));
            return new Answer(200, JsonNodeFactory.instance.objectNode().put("faults", count));
        } catch (JsonProcessingException e) {
            return failure(400, "fault: not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            return failure(400, e.getMessage());
        }
    }

    private JsonNode listed(Map<String, String> by) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Booked booked : ledger.booked()) {
            if (by.getOrDefault("carrier", booked.carrier()).equals(booked.carrier())
                    && (!by.containsKey("reference") || by.get("reference").equals(booked.reference()))) {
                ObjectNode shown = list.addObject()
                        .put("carrier", booked.carrier())
                        .put("account", booked.account())
                        .put("reference", booked.reference())
                        .put("carrier_order_id", booked.carrierOrderId())
                        .put("tracking_number", booked.trackingNumber())
                        .put("state", booked.state())
                        .put("at", booked.at().toString());
                shown.set("items", ledger.items(booked));
                shown.put("submits", ledger.submits(booked));
            }
        }
        return list;
    }

    static Answer failure(int status, String message) {
        return new Answer(status, JsonNodeFactory.instance.objectNode().put("message", message));
    }
}
