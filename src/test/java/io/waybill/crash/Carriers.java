package io.waybill.crash;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.sandbox.Booked;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The simulated carriers, {@code bin/waybill sandbox} in a process that is never killed, with their ledger on the disk. */
final class Carriers implements AutoCloseable {

    private final Child child;
    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();

    private Carriers(Child child, String url) {
        this.child = child;
        this.url = url;
    }

    static Carriers start(Path folder) {
        Child child = Child.start(
                folder.resolve("carriers"),
                List.of(),
                "sandbox",
                "--ledger",
                folder.resolve("carriers.ledger").toString());
        return new Carriers(child, child.awaitLine("sandbox: running on "));
    }

    /** What it prints for those who want to reach it. */
    Map<String, String> settings() {
        child.awaitLine("waybill.carrier.mabang.url");
        Map<String, String> settings = new TreeMap<>();
        for (String line : child.output()) {
            if (line.startsWith("waybill.")) {
                String[] parts = line.split(" = ", 2);
                settings.put(parts[0], parts[1]);
            }
        }
        return settings;
    }

    /** Every booking that is in the carriers' own ledger. */
    List<Booked> booked() {
        List<Booked> booked = new ArrayList<>();
        for (JsonNode each : get("booked")) {
            booked.add(new Booked(
                    each.get("carrier").asText(),
                    each.get("account").asText(),
                    each.get("reference").textValue(),
                    each.get("carrier_order_id").asText(),
                    each.get("tracking_number").textValue(),
                    each.get("state").asText(),
                    Instant.parse(each.get("at").asText())));
        }
        return booked;
    }

    /** The consignments that did not get all their goods once, or were not submitted once. */
    List<String> brokenConsignments() {
        int goods = Orders.british("any").get("items").size();
        List<String> broken = new ArrayList<>();
        for (JsonNode each : get("booked?carrier=birdsystem")) {
            if (each.get("items").size() != goods || each.get("submits").asInt() != 1) {
                broken.add(each.get("reference").asText() + ": "
                        + each.get("items").size() + " goods, submitted "
                        + each.get("submits").asInt() + " times");
            }
        }
        return broken;
    }

    boolean hasBooked(String reference) {
        return !get("booked?reference=" + reference).isEmpty();
    }

    /** How many calls reached any carrier so far. */
    int calls() {
        int sum = 0;
        for (JsonNode each : get("calls")) {
            sum += each.asInt();
        }
        return sum;
    }

    int calls(String carrier) {
        return get("calls").get(carrier).asInt();
    }

    /** Adds a fault, in the words of {@link io.waybill.sandbox.Fault}. */
    void script(String fault) {
        send(HttpRequest.newBuilder(at("faults")).POST(HttpRequest.BodyPublishers.ofString(fault)));
    }

    void clearScripts() {
        send(HttpRequest.newBuilder(at("faults")).DELETE());
    }

    private JsonNode get(String what) {
        return send(HttpRequest.newBuilder(at(what)).GET());
    }

    private URI at(String what) {
        return URI.create(url + "/sandbox/" + what);
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    http.send(request.timeout(Patience.LIMIT).build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(response.body());
            }
            return Orders.json(response.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
