package io.waybill.mapping;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** {@code application/x-www-form-urlencoded} as {@link java.net.URLEncoder} writes it in UTF-8, without its cost for each run. */
final class FormText {

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final boolean[] PLAIN = new boolean[256];

    static {
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.*"
                .chars()
                .forEach(plain -> PLAIN[plain] = true);
    }

    private byte[] bytes = new byte[2048];
    private int length;

    /** Adds a field. */
    FormText add(String name, String value) {
        return add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a field whose value is in UTF-8 already. */
    FormText add(String name, byte[] value) {
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        int longest = length + 2 + 3 * (key.length + value.length);
        if (longest > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(longest, 2 * bytes.length));
        }
        if (length > 0) {
            bytes[length++] = '&';
        }
        append(key);
        bytes[length++] = '=';
        append(value);
        return this;
    }

    private void append(byte[] text) {
        for (byte each : text) {
            int value = each & 0xff;
            if (PLAIN[value]) {
                bytes[length++] = each;
            } else if (value == ' ') {
                bytes[length++] = '+';
            } else {
                bytes[length++] = '%';
                bytes[length++] = HEX[value >> 4];
                bytes[length++] = HEX[value & 15];
            }
        }
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
}
