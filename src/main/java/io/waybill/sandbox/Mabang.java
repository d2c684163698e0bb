package io.waybill.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Ledger.Entry;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;

/**
 * The simulated Mabang apicenter: {@code POST /apicenter/api/order}.
 *
 * <ol>
 *   <li>{@code Authorization: Bearer <token>} or 401 (c, from the sibling product: M2, M7).
 *   <li>A missing field is 428, a wrong one 412 (c, M7), checked by {@link MabangRules}.
 *   <li>An unknown service code is 403 {@code The Logistics Provider [X] cannot be selected by Client}; the same
 *       package.order_number of the same client is 403 {@code Same order number of same client already exists!} without the
 *       first order (c, M2). Only the message tells them apart.
 *   <li>201 with the documented answer (a:003): {@code manual_tracking_no} echoes its waybill number; any other service gets
 *       one only with {@code real_time_response}, else empty texts (c).
 * </ol>
 */
final class Mabang implements Carrier {

    static final String NAME = "mabang";
    static final String PATH = "/apicenter/";

    private static final Set<String> SERVICES = Set.of(MabangRules.OWN_WAYBILL, "standard");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final byte[] NOTHING_KEPT = "{}".getBytes(StandardCharsets.UTF_8);

    private final Ledger ledger;
    private final SandboxOptions options;

    Mabang(Ledger ledger, SandboxOptions options) {
        this.ledger = ledger;
        this.options = options;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Answer answer(Call call) {
        try {
            if (!call.path().equals(PATH + "api/order")) {
                throw new Refusal(404, "Not Found");
            }
            if (!call.method().equals("POST")) {
                throw new Refusal(405, "Method Not Allowed");
            }
            return create(authenticated(call), body(call));
        } catch (Refusal refusal) {
            return new Answer(
                    refusal.code(), JsonNodeFactory.instance.objectNode().put("message", refusal.getMessage()));
        }
    }

    @Override
    public String reference(Call call) {
        try {
            return call.json().path("package").path("order_number").textValue();
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private String authenticated(Call call) {
        String header = call.header().apply("Authorization");
        String token = header != null && header.startsWith("Bearer ") ? header.substring(7) : "";
        boolean known = options.accounts().stream()
                .anyMatch(account ->
                        account.carrier().equals(NAME) && account.key().equals(token));
        if (!known) {
            throw new Refusal(401, "Unauthenticated.");
        }
        return token;
    }

    private static JsonNode body(Call call) {
        try {
            JsonNode body = call.hasContentType("application/json") ? call.json() : null;
            if (body != null && body.isObject()) {
                return body;
            }
        } catch (JsonProcessingException e) {
            // answered like any other body that is no JSON object
        }
        throw new Refusal(400, "failed");
    }

    private Answer create(String token, JsonNode order) {
        MabangRules.check(order);
        String client = order.get("client_code").textValue();
        if (options.accounts().stream().noneMatch(account -> account.matches(NAME, client, token))) {
            throw new Refusal(403, "The Client [" + client + "] does not belong to this token");
        }
        checkSelectable(order);
        String number = order.get("package").get("order_number").textValue();
        String key = client + '|' + number;
        if (ledger.byKey(NAME, key) != null) {
            throw new Refusal(403, "Same order number of same client already exists!");
        }
        boolean now = order.path("real_time_response").asBoolean(false);
        Entry entry = new Entry(
                NAME,
                client,
                key,
                number,
                number,
                tracking(order, now),
                "pending",
                options.clock().millis(),
                NOTHING_KEPT);
        ledger.book(entry);
        return new Answer(201, shown(entry, order, now));
    }

    private static void checkSelectable(JsonNode order) {
        String centre = order.get("centre_code").textValue();
        if (!centre.equals(Account.MABANG_CENTRE_CODE)) {
            throw new Refusal(403, "The Centre [" + centre + "] cannot be selected by Client");
        }
        String service = order.get("logistics_provider").get("code").textValue();
        if (!SERVICES.contains(service)) {
            throw new Refusal(403, "The Logistics Provider [" + service + "] cannot be selected by Client");
        }
    }

    private String tracking(JsonNode order, boolean now) {
        JsonNode provider = order.get("logistics_provider");
        if (provider.get("code").textValue().equals(MabangRules.OWN_WAYBILL)) {
            return provider.get("tracking_number").textValue();
        }
        return now ? "MB%011d".formatted(ledger.next()) : null;
    }

    private ObjectNode shown(Entry entry, JsonNode order, boolean now) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("code", 201).put("message", "success");
        ObjectNode data = answer.putObject("data");
        data.put("order_number", entry.orderId());
        data.put("status", entry.state());
        data.put("number_of_package", now ? 1 : 0);
        data.put("total_weight", "");
        data.put(
                "logistic_provider_code",
                now ? order.get("logistics_provider").get("code").textValue() : "");
        data.put("status_message", "").put("shortage_at", "").put("cancel_at", "");
        data.put("allocate_at", now ? TIME.format(ZonedDateTime.now(options.clock())) : "");
        data.put("pack_at", "").put("handover_at", "");
        data.put("tracking_number", entry.tracking() == null ? "" : entry.tracking());
        data.put("logistics_message", "");
        data.put(
                "sorting_code",
                now ? "S-" + order.get("receiver").get("country_code").textValue() : "");
        data.put("sorting_no", now ? "01" : "");
        data.putArray("items");
        return answer;
    }
}
