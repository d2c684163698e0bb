package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.waybill.sandbox.Ledger.Entry;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends what KDNiao tells by itself (K3, K5, K7), as {@code POST /sandbox/pushes} asks for it: one of {@code {to, type, entries,
 * times, sign}} or an array of them, sent one after the other in their order, each {@code times} at once.
 *
 * <ol>
 *   <li>An entry is what is to be pushed; OrderCode is needed. KDNOrderCode and LogisticCode are filled in from the booking, of a
 *       door pickup CreateTime too; with State 120 or 301 it gets its waybill number, with 302 another one. The booking keeps
 *       State, trace and what was told of a door pickup.
 *   <li>{@code sign}: {@code right} if not given, {@code wrong} or {@code none}.
 *   <li>The answer is {@code [{status, body}]}, one for each that was sent.
 * </ol>
 */
final class PushSender {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

    private final Ledger ledger;
    private final SandboxOptions options;
    private final HttpClient client;

    PushSender(Ledger ledger, SandboxOptions options, Vertx vertx) {
        this.ledger = ledger;
        this.options = options;
        this.client = vertx.createHttpClient();
    }

    /** Sends; the future holds what was answered. */
    Future<JsonNode> send(JsonNode wanted) {
        List<JsonNode> pushes = new ArrayList<>();
        (wanted.isArray() ? wanted : JsonNodeFactory.instance.arrayNode().add(wanted)).forEach(pushes::add);
        ArrayNode answers = JsonNodeFactory.instance.arrayNode();
        Future<Void> all = Future.succeededFuture();
        for (JsonNode push : pushes) {
            all = all.compose(before -> sendTimes(push, answers));
        }
        return all.map(done -> answers);
    }

    private Future<Void> sendTimes(JsonNode push, ArrayNode answers) {
        String body = form(push);
        List<Future<Void>> sent = new ArrayList<>();
        for (int i = 0; i < Math.max(1, push.path("times").asInt(1)); i++) {
            sent.add(post(push.path("to").asText(), body, answers));
        }
        return Future.all(sent).mapEmpty();
    }

    private Future<Void> post(String to, String body, ArrayNode answers) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(to)
                .putHeader("Content-Type", "application/x-www-form-urlencoded;charset=utf-8");
        return client.request(request)
                .compose(ready -> ready.send(Buffer.buffer(body)))
                .compose(response -> told(response, answers));
    }

    private static Future<Void> told(HttpClientResponse response, ArrayNode answers) {
        return response.body().map(body -> {
            answers.addObject().put("status", response.statusCode()).put("body", body.toString());
            return null;
        });
    }

    private String form(JsonNode push) {
        Account merchant = options.accounts().stream()
                .filter(account -> account.carrier().equals(KdNiao.NAME))
                .findFirst()
                .orElseThrow();
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("EBusinessID", merchant.id()).put("PushTime", now());
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        push.path("entries").forEach(entry -> entries.add(filled(merchant.id(), entry)));
        data.put("Count", String.valueOf(entries.size())).set("Data", entries);
        String sign =
                switch (push.path("sign").asText("right")) {
                    case "wrong" -> KdNiao.sign(data.toString(), "another-key");
                    case "none" -> null;
                    default -> KdNiao.sign(data.toString(), merchant.key());
                };
        return "RequestData=" + encoded(data.toString()) + "&RequestType="
                + encoded(push.path("type").asText("103"))
                + (sign == null ? "" : "&DataSign=" + encoded(sign));
    }

    private JsonNode filled(String merchant, JsonNode wanted) {
        if (!(wanted instanceof ObjectNode)) {
            return wanted;
        }
        ObjectNode entry = wanted.deepCopy();
        Entry booking = ledger.byKey(
                KdNiao.NAME, merchant + '|' + entry.path("OrderCode").asText());
        if (booking == null) {
            return entry;
        }
        if (Pickups.isPickup(booking) && !entry.has("Traces")) {
            putIfAbsent(entry, "CreateTime", now());
        }
        Entry changed = changed(booking, entry);
        ledger.change(changed);
        putIfAbsent(entry, "KDNOrderCode", changed.orderId());
        if (changed.tracking() != null) {
            putIfAbsent(entry, "LogisticCode", changed.tracking());
        }
        return entry;
    }

    private Entry changed(Entry booking, ObjectNode entry) {
        String state = entry.path("State").asText();
        if (entry.has("Traces")) {
            ObjectNode details = booking.detail().deepCopy();
            ObjectNode trace = details.putObject("trace");
            trace.setAll(entry);
            return booking.changed(
                    booking.state(), booking.tracking(), details.toString().getBytes(StandardCharsets.UTF_8));
        }
        boolean first = booking.tracking() == null && (state.equals("120") || state.equals("301"));
        String number = first || state.equals("302")
                ? entry.path("LogisticCode")
                        .asText("%s%013d"
                                .formatted(
                                        booking.detail().path("shipper").asText(), System.nanoTime() % 1_000_000_000L))
                : booking.tracking();
        return Pickups.isPickup(booking)
                ? booking.changed(state, number, Pickups.told(booking, entry))
                : booking.changed(booking.state(), number, booking.details());
    }

    private static void putIfAbsent(ObjectNode entry, String name, String value) {
        if (!entry.has(name)) {
            entry.put(name, value);
        }
    }

    private String now() {
        return TIME.format(ZonedDateTime.now(options.clock()).withZoneSameInstant(CHINA));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
