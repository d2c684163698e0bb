package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import io.waybill.order.Outcome;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/**
 * Decides what is known after a call, from status and body.
 *
 * <ol>
 *   <li>The declared rules are tried in order over {@code {status, headers, body}}; header names are lower case, {@code body}
 *       is absent where the answer is no JSON.
 *   <li>The first rule whose condition is true decides.
 *   <li>Where none is true, the outcome is in doubt: an answer that was not foreseen proves nothing.
 * </ol>
 */
final class Classifier {

    /**
     * One declared rule.
     *
     * @param reason null where the outcome needs none
     * @param delay the least time to wait
     * @param exists whether the answer says that the carrier has an order under our reference already
     */
    record Rule(Expression when, String then, Expression reason, Duration delay, boolean exists) {}

    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final int LONGEST_REASON = 500;

    private final String carrier;
    private final List<Rule> rules;
    private final Clock clock;
    private Map<String, JsonNode> variables = Map.of();

    Classifier(String carrier, List<Rule> rules, Clock clock) {
        this.carrier = carrier;
        this.rules = List.copyOf(rules);
        this.clock = clock;
    }

    /** What the conditions know as {@code $options}. */
    Classifier with(JsonNode options) {
        variables = Map.of("options", options);
        return this;
    }

    Outcome outcome(Answer answer) {
        JsonNode body = answer.json();
        ObjectNode seen = seen(answer, body);
        for (Rule rule : rules) {
            if (holds(rule.when(), seen)) {
                return outcome(rule, seen, answer);
            }
        }
        String what = body.isObject() ? "in words that no rule knows" : "without readable JSON";
        return new Outcome.InDoubt(carrier + " answered " + answer.status() + " " + what, false, false);
    }

    private Outcome outcome(Rule rule, ObjectNode seen, Answer answer) {
        return switch (rule.then()) {
            case "confirmed" -> new Outcome.Confirmed();
            case "throttled" -> new Outcome.Throttled(
                    delay(answer.headers().get("Retry-After"), rule.delay()),
                    rule.reason() == null ? "asked to wait" : reason(rule, seen));
            case "rejected" -> new Outcome.Rejected(reason(rule, seen));
            default -> new Outcome.InDoubt(reason(rule, seen), true, rule.exists());
        };
    }

    private static ObjectNode seen(Answer answer, JsonNode body) {
        ObjectNode seen = JSON.createObjectNode().put("status", answer.status());
        ObjectNode headers = seen.putObject("headers");
        answer.headers().forEach((name, value) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), value));
        if (body.isObject()) {
            seen.set("body", body);
        }
        return seen;
    }

    /** A condition that cannot be applied to this answer, such as a test on a number that is a text, does not hold. */
    private boolean holds(Expression condition, JsonNode seen) {
        try {
            return condition.apply(variables, seen).booleanValue();
        } catch (JsltException e) {
            return false;
        }
    }

    private String reason(Rule rule, JsonNode seen) {
        String text = rule.reason() == null ? "" : words(rule.reason(), seen);
        String clean = text.replaceAll("[\\p{Cntrl}\\p{Cs}]+", " ").strip();
        if (clean.isEmpty()) {
            return carrier + " answered " + seen.path("status").asText() + " without a reason";
        }
        return clean.length() > LONGEST_REASON ? clean.substring(0, LONGEST_REASON) + "..." : clean;
    }

    private String words(Expression reason, JsonNode seen) {
        try {
            JsonNode words = reason.apply(variables, seen);
            return words.isNull() ? "" : words.isTextual() ? words.asText() : words.toString();
        } catch (JsltException e) {
            return "";
        }
    }

    private Duration delay(String header, Duration least) {
        Duration asked = header == null ? Duration.ZERO : parse(header.strip());
        Duration delay = asked.compareTo(least) < 0 ? least : asked;
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }

    private Duration parse(String header) {
        if (header.matches("[0-9]+")) {
            return header.length() > 9 ? LONGEST : Duration.ofSeconds(Long.parseLong(header));
        }
        try {
            ZonedDateTime at = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Duration.between(clock.instant(), at.toInstant());
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}
