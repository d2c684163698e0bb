package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Chooses carrier and service of an order from {@code routes/carrier-rules.yaml}.
 *
 * <ol>
 *   <li>The rules are tried in the order of the file; every condition of a rule must hold, a rule without conditions holds.
 *   <li>The first rule that holds decides. An order that names its carrier is only met by the rules of that carrier and takes
 *       the service from them; an order that names its service keeps it.
 *   <li>An order that names both needs no rule. Where no rule holds, nothing is chosen; there is no carrier of last resort.
 * </ol>
 *
 * <p>The weight is {@code parcel.weight_g}, else the sum over the items if every item has one; where it is unknown, no rule
 * about weight holds.
 */
public final class CarrierRules {

    /**
     * What was chosen.
     *
     * @param carrier the carrier's id
     * @param service our service word
     * @param rule the name of the rule that decided, {@code order} where the order named both itself
     */
    public record Choice(String carrier, String service, String rule) {}

    private final JsonNode rules;
    private final Predicate<String> known;

    private CarrierRules(JsonNode rules, Predicate<String> known) {
        this.rules = rules;
        this.known = known;
    }

    /**
     * Reads the rules file.
     *
     * @throws BadDeclarations if anything in it is wrong, with all findings
     */
    public static CarrierRules load(Path yaml) {
        List<String> findings = new ArrayList<>();
        Declaration rules = Declaration.read(yaml, "carrier-rules.schema.json", findings);
        if (!findings.isEmpty()) {
            throw new BadDeclarations(findings);
        }
        return new CarrierRules(rules.root().path("rules"), carrier -> true);
    }

    /** The same rules; an order that names another carrier than these is that carrier's, which nobody knows. */
    public CarrierRules knowing(Set<String> carriers) {
        return new CarrierRules(rules, carriers::contains);
    }

    /** The carrier and service of an order, empty if no rule holds. */
    public Optional<Choice> choose(ObjectNode order) {
        String carrier = order.path("carrier").asText();
        String service = order.path("service").asText();
        if (!carrier.isEmpty() && (!service.isEmpty() || !known.test(carrier))) {
            return Optional.of(new Choice(carrier, service, "order"));
        }
        for (JsonNode rule : rules) {
            JsonNode then = rule.path("then");
            String chosen = then.path("carrier").asText();
            if ((carrier.isEmpty() || carrier.equals(chosen)) && holds(rule.path("when"), order)) {
                String word = service.isEmpty() ? then.path("service").asText() : service;
                return Optional.of(new Choice(chosen, word, rule.path("name").asText()));
            }
        }
        return Optional.empty();
    }

    private static boolean holds(JsonNode when, ObjectNode order) {
        return among(when.path("country"), order.at("/recipient/country_code").asText())
                && among(when.path("platform"), order.at("/platform/name").asText())
                && among(when.path("order_type"), order.path("order_type").asText("local"))
                && among(when.path("account"), order.path("account").asText("default"))
                && within(when.path("weight_g"), weight(order));
    }

    private static boolean among(JsonNode words, String word) {
        return words.isMissingNode() || Declaration.texts(words).contains(word);
    }

    private static boolean within(JsonNode range, long weight) {
        if (range.isMissingNode()) {
            return true;
        }
        return weight >= 0
                && weight >= range.path("min").asLong(0)
                && weight <= range.path("max").asLong(Long.MAX_VALUE);
    }

    /** Grams, -1 where unknown. */
    private static long weight(ObjectNode order) {
        if (order.path("parcel").has("weight_g")) {
            return order.path("parcel").path("weight_g").asLong();
        }
        long sum = 0;
        for (JsonNode item : order.path("items")) {
            if (!item.has("weight_g")) {
                return -1;
            }
            sum += item.path("weight_g").asLong() * item.path("quantity").asLong();
        }
        return sum;
    }
}
