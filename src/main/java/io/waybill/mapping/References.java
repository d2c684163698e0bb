package io.waybill.mapping;

import io.waybill.order.OrderKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * Makes the carrier reference of an order: always the same for the same order.
 *
 * <ol>
 *   <li>The order id itself, with {@code -R<n>} for the n-th reissue, where the carrier accepts that.
 *   <li>Otherwise the readable characters of the id, a dash, and 16 characters of base32 over account, id and reissue.
 *   <li>An id that itself ends like a reissue ({@code A-R1}) takes the second form, so that it never meets the first
 *       reissue of {@code A}.
 * </ol>
 *
 * @param accepted what the carrier accepts in its reference
 * @param length the most characters that it accepts
 */
record References(Pattern accepted, int length) {

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int HASH = 16;
    private static final Pattern LIKE_A_REISSUE = Pattern.compile(".*-[Rr][0-9]+");

    String of(OrderKey key) {
        String plain = key.reissue() == 0 ? key.orderId() : key.orderId() + "-R" + key.reissue();
        boolean fits = plain.codePointCount(0, plain.length()) <= length;
        boolean clear = !LIKE_A_REISSUE.matcher(key.orderId()).matches();
        return fits && clear && accepted.matcher(plain).matches() ? plain : hashed(key);
    }

    private String hashed(OrderKey key) {
        String readable = key.orderId().replaceAll("[^A-Za-z0-9]", "");
        String prefix = readable.substring(0, Math.min(readable.length(), length - HASH - 1));
        return prefix.isEmpty() ? hash(key) : prefix + "-" + hash(key);
    }

    private static String hash(OrderKey key) {
        byte[] digest = sha256(key.account() + "\n" + key.orderId() + "\n" + key.reissue());
        StringBuilder text = new StringBuilder();
        long bits = 0;
        int held = 0;
        for (int i = 0; text.length() < HASH; i++) {
            bits = bits << 8 | digest[i] & 0xff;
            for (held += 8; held >= 5 && text.length() < HASH; held -= 5) {
                text.append(BASE32.charAt((int) (bits >> held - 5 & 31)));
            }
        }
        return text.toString();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
