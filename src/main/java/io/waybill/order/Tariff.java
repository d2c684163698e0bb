package io.waybill.order;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The account's own price of a service, where the carrier's answer holds none: a first weight and a price for each further
 * weight that is begun, as carriers print it.
 *
 * <p>{@code waybill.account.<account>.<carrier>.tariff.<service> = 4.50 CNY for 1000 g, then 1.20 for each 1000 g}. Money is
 * computed in decimals; the charge says {@code source: tariff} and {@code final: false}.
 *
 * @param first the price of the first weight
 * @param firstGrams the first weight, grams
 * @param further the price of each further weight that is begun
 * @param furtherGrams the further weight, grams; 0 if the first price is for any weight
 */
public record Tariff(BigDecimal first, String currency, long firstGrams, BigDecimal further, long furtherGrams) {

    private static final String AMOUNT = "(\\d{1,9}(?:\\.\\d{1,4})?)";
    private static final Pattern FORM = Pattern.compile(
            AMOUNT + " ([A-Z]{3}) for (\\d{1,9}) g(?:, then " + AMOUNT + " for each ([1-9]\\d{0,8}) g)?");

    /**
     * Reads the setting.
     *
     * @throws IllegalArgumentException if it is written otherwise
     */
    public static Tariff parse(String setting) {
        Matcher form = FORM.matcher(setting);
        if (!form.matches()) {
            throw new IllegalArgumentException("tariff '" + setting
                    + "': expected '<amount> <currency> for <grams> g, then <amount> for each <grams> g'");
        }
        return new Tariff(
                new BigDecimal(form.group(1)),
                form.group(2),
                Long.parseLong(form.group(3)),
                form.group(4) == null ? BigDecimal.ZERO : new BigDecimal(form.group(4)),
                form.group(5) == null ? 0 : Long.parseLong(form.group(5)));
    }

    /** What a parcel of this weight costs. */
    public BigDecimal price(long grams) {
        if (furtherGrams == 0 || grams <= firstGrams) {
            return first;
        }
        long begun = (grams - firstGrams + furtherGrams - 1) / furtherGrams;
        return first.add(further.multiply(BigDecimal.valueOf(begun)));
    }

    /** Adds the account's own price to a booking that came without any charge; changes nothing if there is no tariff. */
    public static void charge(ObjectNode result, ObjectNode order, String service, Map<String, String> account) {
        String setting = account.get("tariff." + service);
        if (setting == null || !result.path("charges").isEmpty()) {
            return;
        }
        Tariff tariff = parse(setting);
        long grams = grams(order);
        if (grams < 0 && tariff.furtherGrams > 0) {
            result.withArray("warnings").add("the order names no weight, so the tariff's first weight was charged");
        }
        result.withArray("charges")
                .addObject()
                .put("kind", "freight")
                .put("amount", tariff.price(grams).toPlainString())
                .put("currency", tariff.currency)
                .put("source", "tariff")
                .put("final", false);
    }

    /** The parcel's weight, else the sum over items that all have one, else -1. */
    private static long grams(ObjectNode order) {
        if (order.at("/parcel/weight_g").isIntegralNumber()) {
            return order.at("/parcel/weight_g").asLong();
        }
        long sum = 0;
        for (JsonNode item : order.path("items")) {
            if (!item.has("weight_g")) {
                return -1;
            }
            sum += item.get("weight_g").asLong() * item.path("quantity").asLong();
        }
        return sum;
    }
}
