package io.waybill.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Ledger.Entry;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
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
 *   <li>Nothing else is published. Where {@link SandboxOptions#paths} names a path below {@code /apicenter/}, {@code query},
 *       {@code cancel} and {@code label} are served there in the words of the sibling product (c, M2, M6): an unknown
 *       {@code order_number} is 404 {@code Not found order}; a cancel answers code 202, and 403 once the order was handed over; a
 *       label needs {@code label_url} or {@code label_base64}.
 *   <li>{@link #work} is what the warehouse does.
 * </ol>
 */
final class Mabang implements Carrier {

    static final String NAME = "mabang";
    static final String PATH = "/apicenter/";

    private static final Set<String> SERVICES = Set.of(MabangRules.OWN_WAYBILL, "standard");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final String PENDING = "pending";
    private static final String CANCELLED = "cancelled";
    private static final Set<String> KEPT = Set.of(
            "shortage_at",
            "cancel_at",
            "allocate_at",
            "pack_at",
            "handover_at",
            "logistics_message",
            "total_weight",
            "sorting_code",
            "sorting_no");

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
            if (call.path().equals(PATH + "api/order")) {
                return create(posted(call), body(call));
            }
            for (String what : new String[] {"query", "cancel", "label"}) {
                if (call.path().equals(options.paths().get(NAME + "." + what))) {
                    return unpublished(what, call);
                }
            }
            throw new Refusal(404, "Not Found");
        } catch (JsonProcessingException e) {
            return new Answer(400, JsonNodeFactory.instance.objectNode().put("message", "failed"));
        } catch (Refusal refusal) {
            return new Answer(
                    refusal.code(), JsonNodeFactory.instance.objectNode().put("message", refusal.getMessage()));
        }
    }

    @Override
    public String reference(Call call) {
        try {
            return number(call);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** {@code {reference, tracking_number, allocate_at, ...}}: what the warehouse says of an order from now on. */
    void work(JsonNode work) {
        String reference = work.path("reference").asText();
        Booked booked = ledger.booked().stream()
                .filter(each -> each.carrier().equals(NAME) && reference.equals(each.reference()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("work: no order '" + reference + "'"));
        Entry entry = ledger.byId(NAME, booked.account(), booked.carrierOrderId());
        ObjectNode details = entry.detail().deepCopy();
        work.properties().forEach(field -> {
            if (KEPT.contains(field.getKey())) {
                details.set(field.getKey(), field.getValue());
            }
        });
        String tracking = work.path("tracking_number").asText(entry.tracking());
        ledger.change(entry.changed(work.path("status").asText(entry.state()), tracking, bytes(details)));
    }

    private Answer unpublished(String what, Call call) throws JsonProcessingException {
        String token = authenticated(call);
        String number = number(call);
        Entry entry = options.accounts().stream()
                .filter(account ->
                        account.carrier().equals(NAME) && account.key().equals(token))
                .map(account -> ledger.byKey(NAME, account.id() + '|' + number))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new Refusal(404, "Not found order"));
        return switch (what) {
            case "query" -> new Answer(200, shown(200, entry));
            case "cancel" -> cancel(entry);
            default -> label(entry, body(call));
        };
    }

    private Answer cancel(Entry entry) {
        if (entry.detail().has("handover_at") || entry.state().equals(CANCELLED)) {
            throw new Refusal(403, "The order was handed over or cancelled already");
        }
        ObjectNode details = entry.detail().deepCopy();
        details.put("cancel_at", now());
        ledger.change(entry.changed(CANCELLED, entry.tracking(), bytes(details)));
        return said(202, "accepted");
    }

    private Answer label(Entry entry, JsonNode body) {
        JsonNode provider = body.path("logistics_provider");
        if (!provider.hasNonNull("label_url") && !provider.hasNonNull("label_base64")) {
            throw new Refusal(428, "The logistics_provider.label_url field is required.");
        }
        ObjectNode details = entry.detail().deepCopy();
        details.withArray("labels").add(provider);
        ledger.change(entry.changed(entry.state(), entry.tracking(), bytes(details)));
        return said(200, "success");
    }

    private static Answer said(int code, String message) {
        return new Answer(
                200, JsonNodeFactory.instance.objectNode().put("code", code).put("message", message));
    }

    /** The order that a call is about, in its query or its body. */
    private static String number(Call call) throws JsonProcessingException {
        if (call.method().equals("GET")) {
            return call.parameters().get("order_number");
        }
        JsonNode body = call.json();
        return body.has("order_number")
                ? body.get("order_number").textValue()
                : body.path("package").path("order_number").textValue();
    }

    private String posted(Call call) {
        if (!call.method().equals("POST")) {
            throw new Refusal(405, "Method Not Allowed");
        }
        return authenticated(call);
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
                PENDING,
                options.clock().millis(),
                bytes(now ? told(order) : JsonNodeFactory.instance.objectNode()));
        ledger.book(entry);
        return new Answer(201, shown(201, entry));
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

    /** What is known of an order at once, with {@code real_time_response}. */
    private ObjectNode told(JsonNode order) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("number_of_package", 1)
                .put(
                        "logistic_provider_code",
                        order.get("logistics_provider").get("code").textValue())
                .put("allocate_at", now())
                .put(
                        "sorting_code",
                        "S-" + order.get("receiver").get("country_code").textValue())
                .put("sorting_no", "01");
    }

    private static ObjectNode shown(int code, Entry entry) {
        JsonNode kept = entry.detail();
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("code", code).put("message", "success");
        ObjectNode data = answer.putObject("data");
        data.put("order_number", entry.orderId());
        data.put("status", entry.state());
        data.put("number_of_package", kept.path("number_of_package").asInt());
        for (String name : new String[] {
            "total_weight",
            "logistic_provider_code",
            "status_message",
            "shortage_at",
            "cancel_at",
            "allocate_at",
            "pack_at",
            "handover_at"
        }) {
            data.put(name, kept.path(name).asText(""));
        }
        data.put("tracking_number", entry.tracking() == null ? "" : entry.tracking());
        for (String name : new String[] {"logistics_message", "sorting_code", "sorting_no"}) {
            data.put(name, kept.path(name).asText(""));
        }
        data.putArray("items");
        return answer;
    }

    private String now() {
        return TIME.format(ZonedDateTime.now(options.clock()));
    }

    private static byte[] bytes(ObjectNode details) {
        return details.toString().getBytes(StandardCharsets.UTF_8);
    }
}
