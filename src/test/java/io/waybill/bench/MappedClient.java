package io.waybill.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.mapping.Answer;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.CarrierRules;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Known;
import io.waybill.mapping.Part;
import io.waybill.mapping.Request;
import io.waybill.order.OrderKey;
import io.waybill.order.Outcome;
import io.waybill.sandbox.Account;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.util.Map;

/**
 * The same by what Waybill declares: the schema of orders, the carrier's rules, mappings, request schema and classifier; without
 * routes, ledger and guards. What the loop loses by it is the price of the declarations alone.
 */
final class MappedClient implements BookingClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> ACCOUNT =
            Map.of("ebusiness-id", Account.KDNIAO_EBUSINESS_ID, "api-key", Account.KDNIAO_API_KEY);

    private final KdniaoClient http;
    private final Carriers carriers;
    private final CarrierRules rules;

    MappedClient(KdniaoClient http) {
        Settings settings = Settings.load(System.getProperties(), Map.of());
        this.http = http;
        this.carriers = Carriers.load(settings.home().resolve("mappings"));
        this.rules = CarrierRules.load(settings.home().resolve("routes/carrier-rules.yaml"))
                .knowing(carriers.ids());
    }

    @Override
    public JsonNode book(ObjectNode order) throws IOException {
        if (!carriers.orders().faults(order).isEmpty()) {
            throw new IOException("faulty: " + carriers.orders().faults(order));
        }
        Carrier carrier = carriers.get(rules.choose(order).orElseThrow().carrier());
        String operation = Part.BOOK.operation();
        String reference =
                carrier.reference(new OrderKey("default", order.path("order_id").asText(), 0));
        Request request = carrier.request(operation, Known.NOTHING, order, reference, ACCOUNT);
        Answer answer = http.post(request.body());
        if (!(carrier.outcome(operation, answer) instanceof Outcome.Confirmed)) {
            throw new IOException("kdniao answered " + answer);
        }
        carrier.result(operation, Known.NOTHING, order, answer, ACCOUNT);
        return JSON.readTree(answer.body());
    }
}
