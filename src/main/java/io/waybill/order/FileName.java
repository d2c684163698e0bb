package io.waybill.order;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Turns any order id into a file name that stays in its folder, and back.
 *
 * <ol>
 *   <li>An id of {@code [A-Za-z0-9_-]{1,80}} is its own file name.
 *   <li>Otherwise every other byte of its UTF-8 form becomes {@code =XX} in upper-case hex: {@code a/b} is {@code a=2Fb}.
 *   <li>Where that is longer than 200 characters, {@code =-} and the code points in base64url, 21 bits each, so that 64
 *       characters of any script fit into the 255 bytes that file systems allow.
 * </ol>
 */
public final class FileName {

    private static final int LONGEST_SAFE = 80;
    private static final String PACKED = "=-";
    private static final int LONGEST_ESCAPED = 200;
    private static final int LONGEST = 255;
    private static final int BITS = 21;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private FileName() {}

    /** The file name of an id; {@code decode(encode(id))} is the id. */
    public static String encode(String id) {
        if (!id.isEmpty() && id.length() <= LONGEST_SAFE && isSafe(id)) {
            return id;
        }
        String escaped = escape(id);
        return escaped.length() <= LONGEST_ESCAPED ? escaped : pack(id);
    }

    /**
     * The id that a file name was made from.
     *
     * @throws IllegalArgumentException if the name is none of {@link #encode}'s, or longer than a file's may be, which would
     *     take long to find out
     */
    public static String decode(String name) {
        if (name.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "a file name of " + name.length() + " characters: expected at most " + LONGEST);
        }
        return name.startsWith(PACKED) ? unpack(name) : unescape(name);
    }

    private static String escape(String id) {
        StringBuilder name = new StringBuilder();
        for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
            if (isSafe(b)) {
                name.append((char) b);
            } else {
                name.append('=').append(HEX.toHexDigits(b));
            }
        }
        return name.toString();
    }

    private static boolean isSafe(String id) {
        for (int i = 0; i < id.length(); i++) {
            if (!isSafe(id.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSafe(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
    }

    private static String unescape(String name) {
        ByteArrayOutputStream id = new ByteArrayOutputStream();
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) != '=') {
                id.write(name.charAt(i));
            } else if (i + 2 < name.length()) {
                id.write(HexFormat.fromHexDigits(name, i + 1, i + 3));
                i += 2;
            } else {
                throw new IllegalArgumentException("file name '" + name + "': expected two hex digits after '='");
            }
        }
        return id.toString(StandardCharsets.UTF_8);
    }

    private static String pack(String id) {
        // a leading one bit keeps leading zero code points
        BigInteger bits = BigInteger.ONE;
        for (int codePoint : id.codePoints().toArray()) {
            bits = bits.shiftLeft(BITS).or(BigInteger.valueOf(codePoint));
        }
        return PACKED + Base64.getUrlEncoder().withoutPadding().encodeToString(bits.toByteArray());
    }

    private static String unpack(String name) {
        BigInteger bits = new BigInteger(1, Base64.getUrlDecoder().decode(name.substring(PACKED.length())));
        BigInteger mask = BigInteger.ONE.shiftLeft(BITS).subtract(BigInteger.ONE);
        StringBuilder id = new StringBuilder();
        for (int at = bits.bitLength() - 1 - BITS; at >= 0; at -= BITS) {
            id.appendCodePoint(bits.shiftRight(at).and(mask).intValue());
        }
        return id.toString();
    }
}
