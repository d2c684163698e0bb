package io.waybill.operate;

import io.waybill.order.OrderKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** One line of a list as consoles and machines read it: names and values in their order, of classes that every Java knows. */
final class Row {

    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}]");

    private Row() {}

    /** A row of names and values in turns; a value that is missing is empty, numbers stay numbers. */
    static Map<String, Object> of(Object... namesAndValues) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            row.put(
                    (String) namesAndValues[i],
                    value instanceof Number || value instanceof Boolean
                            ? value
                            : value == null ? "" : visible(value.toString()));
        }
        return row;
    }

    /** A row that begins with an order's identity. */
    static Map<String, Object> of(OrderKey key, Object... namesAndValues) {
        Map<String, Object> row = of("order", key.orderId(), "account", key.account(), "reissue", key.reissue());
        row.putAll(of(namesAndValues));
        return row;
    }

    /** What a terminal would stumble over, or what would break a line, is shown as a question mark. */
    static String visible(String text) {
        return UNSAFE.matcher(text).replaceAll("?");
    }
}
