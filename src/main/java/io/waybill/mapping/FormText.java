package io.waybill.mapping;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/** {@code application/x-www-form-urlencoded} as {@link java.net.URLEncoder} writes it in UTF-8, without its cost for each run. */
final class FormText {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final BitSet PLAIN = new BitSet(128);

    static {
        PLAIN.set('a', 'z' + 1);
        PLAIN.set('A', 'Z' + 1);
        PLAIN.set('0', '9' + 1);
        "-_.*".chars().forEach(PLAIN::set);
    }

    private FormText() {}

    static void append(StringBuilder form, String text) {
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            int value = each & 0xff;
            if (PLAIN.get(value)) {
                form.append((char) value);
            } else if (value == ' ') {
                form.append('+');
            } else {
                form.append('%').append(HEX[value >> 4]).append(HEX[value & 15]);
            }
        }
    }
}
