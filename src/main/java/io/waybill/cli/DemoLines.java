package io.waybill.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.order.OrderKey;
import io.waybill.order.Outcome;
import io.waybill.route.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Prints one line per order as it settles, and remembers which did not end as they should. */
final class DemoLines implements Tally {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> open;
    private final List<String> surprises = new ArrayList<>();
    private final CountDownLatch settled;

    DemoLines(Map<String, String> ends) {
        this.open = new TreeMap<>(ends);
        this.settled = new CountDownLatch(ends.size());
    }

    boolean await(long time, TimeUnit unit) throws InterruptedException {
        return settled.await(time, unit);
    }

    synchronized Set<String> open() {
        return new TreeSet<>(open.keySet());
    }

    synchronized List<String> surprises() {
        return List.copyOf(surprises);
    }

    @Override
    public void called(String carrier, Outcome outcome) {
        // the line comes when the order settles
    }

    @Override
    public void duplicate() {
        // the demo sends nothing twice
    }

    @Override
    public synchronized void settled(Settled order) {
        String id = OrderKey.parse(order.order()).orderId();
        boolean answered = List.of("completed", "awaiting").contains(order.state());
        System.out.println(answered ? completed(id, order) : refused(id, order));
        System.out.flush();
        String expected = open.remove(id);
        if (expected != null) {
            if (!expected.equals(order.state())) {
                surprises.add("order " + id + ": expected " + expected + ", was " + order.state());
            }
            settled.countDown();
        }
    }

    private static String refused(String id, Settled order) {
        String carrier = order.carrier() == null ? "-" : order.carrier();
        return String.format("%-14s %-11s %s: %s", id, carrier, order.state(), order.reason());
    }

    private static String completed(String id, Settled order) {
        JsonNode shipment = shipment(order);
        JsonNode charge = shipment.path("charges").path(0);
        String label = shipment.at("/label/path").asText();
        return String.format(
                "%-14s %-11s %-31s %-33s %s",
                id,
                order.carrier(),
                waybill(shipment),
                label.isEmpty()
                        ? "label: "
                                + shipment.path("label_state").asText("none").replace('_', ' ')
                        : shortened(label),
                charge.isMissingNode()
                        ? "no charge yet"
                        : charge.path("amount").asText() + " "
                                + charge.path("currency").asText());
    }

    private static String waybill(JsonNode shipment) {
        String number = shipment.path("tracking_number").asText();
        return number.isEmpty() ? shipment.path("carrier_order_id").asText() + " (number later)" : number;
    }

    private static String shortened(String path) {
        String name = path.substring(path.lastIndexOf("labels/"));
        return name.substring(0, Math.min(20, name.length())) + "..." + name.substring(name.lastIndexOf('.'));
    }

    private static JsonNode shipment(Settled order) {
        try {
            return JSON.readTree(order.shipment());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("order " + order.order() + ": its shipment is no JSON", e);
        }
    }
}
