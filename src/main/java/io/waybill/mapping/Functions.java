package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Function;
import io.waybill.order.Fault;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The few functions that a mapping has besides JSLT's own. Paths are JSON pointers into our order.
 *
 * <table>
 * <caption>functions</caption>
 * <tr><td>{@code required(value, path)}</td><td>the value; a fault if there is none</td></tr>
 * <tr><td>{@code refuse(path, sentence)}</td><td>a fault</td></tr>
 * <tr><td>{@code fill-in(what)}</td><td>a fault: nobody has written yet what belongs here</td></tr>
 * <tr><td>{@code code(table, word, path)}</td><td>their code of our word; a fault if the table has none</td></tr>
 * <tr><td>{@code decimal(text, path)}</td><td>an amount as a JSON number, digit by digit; JSLT itself would compute in doubles</td></tr>
 * <tr><td>{@code kg(grams)}, {@code m3(cm3)}</td><td>exact decimals</td></tr>
 * <tr><td>{@code grams(value, unit)}</td><td>a carrier's weight in {@code kg} or {@code g} as whole grams, null for zero</td></tr>
 * <tr><td>{@code fee(value, path)}</td><td>a carrier's fee as a decimal text, null for zero, none or nonsense</td></tr>
 * <tr><td>{@code fits(text, pattern)}</td><td>whether a carrier's regular expression lets a text through, none an empty one;
 *     true where the expression is none or none that can be read, so that the carrier judges by itself</td></tr>
 * <tr><td>{@code to-zone(time, zone)}</td><td>RFC 3339 to {@code yyyy-MM-dd HH:mm:ss} there</td></tr>
 * <tr><td>{@code from-zone(text, zone, path)}</td><td>and back, null if it is no time</td></tr>
 * </table>
 *
 * <p>Faults are collected during one application of a mapping, so that all of them are told at once.
 */
final class Functions {

    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final BigDecimal LARGEST = new BigDecimal("1e15");

    private final TheirPatterns patterns = new TheirPatterns();
    private final ThreadLocal<List<Fault>> faults = new ThreadLocal<>();

    /** Applies a mapping and adds the faults that it met to {@code met}. */
    <T> T collecting(List<Fault> met, Supplier<T> mapping) {
        faults.set(met);
        try {
            return mapping.get();
        } finally {
            faults.remove();
        }
    }

    List<Function> all() {
        return List.of(
                function("required", 2, a -> isNone(a[0]) ? fault(a[1], "is missing") : a[0]),
                function("refuse", 2, a -> fault(a[0], a[1].asText())),
                function("fill-in", 1, a -> notYet(a[0].asText())),
                function("code", 3, a -> code(a[0], a[1], a[2])),
                function("decimal", 2, a -> decimal(a[0], a[1])),
                function("kg", 1, a -> scaled(a[0], 3)),
                function("m3", 1, a -> scaled(a[0], 6)),
                function("grams", 2, a -> grams(a[0], "kg".equals(a[1].asText()) ? 3 : 0)),
                function("fee", 2, a -> fee(a[0], a[1])),
                function("fits", 2, a -> BooleanNode.valueOf(patterns.fits(shown(a[0]), shown(a[1])))),
                function(
                        "to-zone",
                        2,
                        a -> time(
                                a[0],
                                null,
                                zoned ->
                                        LOCAL.format(OffsetDateTime.parse(zoned).atZoneSameInstant(zone(a[1]))))),
                function("from-zone", 3, a -> time(a[0], a[2], text -> fromZone(text, zone(a[1])))));
    }

    private JsonNode code(JsonNode table, JsonNode word, JsonNode path) {
        if (isNone(word)) {
            return fault(path, "is missing; expected one of " + words(table));
        }
        JsonNode code = table.path(word.asText());
        return code.isMissingNode() ? fault(path, "is '" + word.asText() + "'; expected one of " + words(table)) : code;
    }

    private static String words(JsonNode table) {
        List<String> words = new ArrayList<>();
        table.fieldNames().forEachRemaining(words::add);
        return String.join(", ", words);
    }

    private JsonNode decimal(JsonNode text, JsonNode path) {
        BigDecimal number = number(text);
        if (isNone(text)) {
            return NullNode.getInstance();
        }
        return number == null ? fault(path, "must be a decimal number") : DecimalNode.valueOf(number);
    }

    private JsonNode fee(JsonNode value, JsonNode path) {
        BigDecimal fee = number(value);
        if (isNone(value) || fee != null && fee.signum() == 0) {
            return NullNode.getInstance();
        }
        boolean sane = fee != null && fee.signum() > 0 && fee.compareTo(LARGEST) < 0 && fee.scale() <= 6;
        return sane
                ? TextNode.valueOf(fee.toPlainString())
                : fault(path, "is no amount that can be booked and was left out");
    }

    private static JsonNode scaled(JsonNode number, int places) {
        if (isNone(number)) {
            return NullNode.getInstance();
        }
        BigDecimal scaled = new BigDecimal(number.bigIntegerValue(), places).stripTrailingZeros();
        return DecimalNode.valueOf(scaled.scale() < 0 ? scaled.setScale(0) : scaled);
    }

    private static JsonNode grams(JsonNode value, int places) {
        BigDecimal weight = number(value);
        if (weight == null || weight.signum() <= 0 || weight.compareTo(LARGEST) > 0) {
            return NullNode.getInstance();
        }
        return LongNode.valueOf(
                weight.movePointRight(places).setScale(0, RoundingMode.HALF_UP).longValue());
    }

    private static BigDecimal number(JsonNode value) {
        String text = value.asText().strip();
        boolean plain = text.length() <= 40 && DECIMAL.matcher(text).matches();
        return plain ? new BigDecimal(text) : null;
    }

    private static String fromZone(String text, ZoneId zone) {
        if (text.contains("T")) {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(OffsetDateTime.parse(text));
        }
        OffsetDateTime time =
                LocalDateTime.parse(text.replace('/', '-'), LOCAL).atZone(zone).toOffsetDateTime();
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
    }

    private JsonNode time(JsonNode value, JsonNode path, java.util.function.UnaryOperator<String> conversion) {
        if (isNone(value)) {
            return NullNode.getInstance();
        }
        try {
            return TextNode.valueOf(conversion.apply(value.asText()));
        } catch (DateTimeException e) {
            return path == null ? NullNode.getInstance() : fault(path, "is no date and time and was left out");
        }
    }

    private static ZoneId zone(JsonNode name) {
        return ZoneId.of(name.asText());
    }

    private JsonNode notYet(String what) {
        List<Fault> met = faults.get();
        if (met != null) {
            met.add(unwritten(what));
        }
        return NullNode.getInstance();
    }

    static Fault unwritten(String what) {
        return new Fault("", "the mapping of '" + what + "' is left to fill in");
    }

    private JsonNode fault(JsonNode path, String message) {
        List<Fault> met = faults.get();
        if (met != null) {
            met.add(new Fault(path.asText(), Sentences.dotted(path.asText()) + " " + message));
        }
        return NullNode.getInstance();
    }

    private static String shown(JsonNode value) {
        return value.isNull() || value.isMissingNode() ? "" : value.asText();
    }

    private static boolean isNone(JsonNode value) {
        return value.isNull()
                || value.isMissingNode()
                || value.isTextual() && value.asText().isBlank();
    }

    private static Function function(
            String name, int arguments, java.util.function.Function<JsonNode[], JsonNode> body) {
        BiFunction<JsonNode, JsonNode[], JsonNode> call = (input, values) -> body.apply(values);
        return new Named(name, arguments, call);
    }

    private record Named(String name, int arguments, BiFunction<JsonNode, JsonNode[], JsonNode> body)
            implements Function {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public int getMinArguments() {
            return arguments;
        }

        @Override
        public int getMaxArguments() {
            return arguments;
        }

        @Override
        public JsonNode call(JsonNode input, JsonNode[] values) {
            return body.apply(input, values);
        }
    }
}
