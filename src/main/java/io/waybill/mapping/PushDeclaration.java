package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a carrier tells by itself, as {@code pushes:} of its {@code carrier.yaml} declares it.
 *
 * <ol>
 *   <li>{@link #read}: the bytes become a form and a document; nothing in them is trusted yet.
 *   <li>{@link #genuine}: the recipe decides, in constant time, whether the carrier sent it to this account.
 *   <li>{@link #entries}, {@link #kind} and {@link #names}: what it says, and about which orders.
 *   <li>{@link #answer}: what the carrier wants to hear once the push is durable.
 * </ol>
 *
 * <p>Compiled once, thread-safe.
 */
public final class PushDeclaration {

    /**
     * One kind of push.
     *
     * @param response from an entry to what it says of the shipment
     */
    record Kind(String name, Expression when, Expression response) {}

    /** The declared expressions; null where none is declared. */
    record Expressions(
            Expression account,
            Expression entries,
            Expression reference,
            Expression carrierOrderId,
            Expression trackingNumber,
            Expression answer) {}

    /**
     * A push as it was read.
     *
     * @param seen {@code {form, document}}; the document is missing where it is no JSON
     * @param signed the text that a signature is over
     */
    public record Content(ObjectNode seen, String signed) {

        /** The document, missing where what came is none. */
        public JsonNode document() {
            return seen.path("document");
        }

        /** Sizes only: it holds personal data. */
        @Override
        public String toString() {
            return "push of " + signed.length() + " characters";
        }
    }

    /** How an entry names our order; null where it does not. */
    public record Names(String reference, String carrierOrderId, String trackingNumber) {

        /** The carrier's own numbers that there are, the surest first. */
        public List<String> numbers() {
            return Stream.of(carrierOrderId, trackingNumber)
                    .filter(Objects::nonNull)
                    .toList();
        }
    }

    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final JsonNode declared;
    private final ZoneId zone;
    private final Expressions expressions;
    private final List<Kind> kinds;

    PushDeclaration(JsonNode declared, ZoneId zone, Expressions expressions, List<Kind> kinds) {
        this.declared = declared;
        this.zone = zone;
        this.expressions = expressions;
        this.kinds = List.copyOf(kinds);
    }

    /** Reads what came; never fails. */
    public Content read(byte[] body) {
        ObjectNode seen = JsonNodeFactory.instance.objectNode();
        String signed = new String(body, StandardCharsets.UTF_8);
        if (declared.path("encoding").asText().equals("form")) {
            ObjectNode form = seen.putObject("form");
            FormFields.read(signed).forEach(form::put);
            signed = form.path(declared.path("field").asText()).asText("");
            form.remove(declared.path("field").asText());
        }
        JsonNode document = Bodies.read(signed.getBytes(StandardCharsets.UTF_8));
        if (!document.isMissingNode()) {
            seen.set("document", document);
        }
        return new Content(seen, signed);
    }

    /**
     * Whether the carrier sent this to the account.
     *
     * @param headers by their names in lower case
     * @param secret the last part of the path, null if there was none
     * @param account the account's settings at this carrier
     */
    public boolean genuine(Content content, Map<String, String> headers, String secret, Map<String, String> account) {
        String key = account.getOrDefault(declared.at("/verify/key").asText(), "");
        if (key.isBlank() || !isNamed(content, account)) {
            return false;
        }
        if (declared.at("/verify/recipe").asText().equals("kdniao-sign")) {
            String signature = content.seen()
                    .at("/form/" + declared.at("/verify/signature").asText())
                    .asText("");
            return same(Recipe.sign(content.signed(), key), signature);
        }
        return same(key, secret == null ? "" : secret) | same(key, header(headers));
    }

    /** Whether two accounts of ours are one at the carrier, so that a push for one may be about an order of the other. */
    public boolean isSame(Map<String, String> one, Map<String, String> other) {
        String setting = declared.at("/account/setting").asText();
        String key = declared.at("/verify/key").asText();
        return !setting.isEmpty()
                && !one.getOrDefault(setting, "").isBlank()
                && one.get(setting).equals(other.get(setting))
                && one.getOrDefault(key, "").equals(other.get(key));
    }

    /** The entries of a push, each about one order; empty where there is no list. */
    public List<JsonNode> entries(Content content) {
        List<JsonNode> entries = new ArrayList<>();
        if (applied(expressions.entries, Map.of(), content.seen()) instanceof ArrayNode list) {
            list.forEach(entries::add);
        }
        return entries;
    }

    /** The kind of a push, empty if nothing says what it means. */
    public Optional<String> kind(Content content) {
        return kinds.stream()
                .filter(kind -> applied(kind.when, Map.of(), content.seen()).booleanValue())
                .map(Kind::name)
                .findFirst();
    }

    /** How an entry names our order. */
    public Names names(JsonNode entry) {
        return new Names(
                name(expressions.reference, entry),
                name(expressions.carrierOrderId, entry),
                name(expressions.trackingNumber, entry));
    }

    /** What the carrier is answered once the push is durable, as JSON. */
    public String answer(Content content, Map<String, String> account, Instant now) {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        account.forEach(settings::put);
        Map<String, JsonNode> variables = new HashMap<>();
        variables.put("account", settings);
        variables.put("now", TextNode.valueOf(LOCAL.format(now.atZone(zone))));
        return applied(expressions.answer, variables, content.seen()).toString();
    }

    /** The fields of a shipment that hold the numbers by which entries name orders. */
    public List<String> numberFields() {
        return Stream.of(
                        expressions.carrierOrderId == null ? null : "carrier_order_id",
                        expressions.trackingNumber == null ? null : "tracking_number")
                .filter(Objects::nonNull)
                .toList();
    }

    Expression response(String name) {
        return kinds.stream()
                .filter(kind -> kind.name.equals(name))
                .map(Kind::response)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("push '" + name + "': it is not declared"));
    }

    /** Whether the push is for this account, as far as it names one. */
    private boolean isNamed(Content content, Map<String, String> account) {
        if (expressions.account == null || content.document().isMissingNode()) {
            return true;
        }
        String setting = declared.at("/account/setting").asText();
        return applied(expressions.account, Map.of(), content.seen())
                .asText()
                .equals(account.getOrDefault(setting, ""));
    }

    private String header(Map<String, String> headers) {
        String name = declared.at("/verify/header").asText("").toLowerCase(java.util.Locale.ROOT);
        String value = headers.getOrDefault(name, "");
        return name.equals("authorization") ? value.replaceFirst("^(?i:bearer) ", "") : value;
    }

    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private static String name(Expression expression, JsonNode entry) {
        JsonNode name = expression == null ? NullNode.getInstance() : applied(expression, Map.of(), entry);
        String text = name.isValueNode() && !name.isNull() ? name.asText().strip() : "";
        return text.isEmpty() || text.length() > 200 || text.indexOf('\0') >= 0 ? null : text;
    }

    /** An expression that cannot be applied to what came says nothing about it. */
    private static JsonNode applied(Expression expression, Map<String, JsonNode> variables, JsonNode input) {
        try {
            return expression.apply(variables, input);
        } catch (JsltException e) {
            return MissingNode.getInstance();
        }
    }
}
