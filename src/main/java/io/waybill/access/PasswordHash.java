package io.waybill.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password as it is kept: {@code pbkdf2-sha512$<iterations>$<salt>$<hash>}, salt and hash in Base64.
 *
 * @param iterations how expensive a guess is
 */
record PasswordHash(int iterations, byte[] salt, byte[] hash) {

    /** As OWASP advises for PBKDF2 with HMAC-SHA-512. */
    static final int ITERATIONS = 210_000;

    private static final String ALGORITHM = "PBKDF2WithHmacSHA512";
    private static final int MOST_ITERATIONS = 5_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final Pattern FORM =
            Pattern.compile("pbkdf2-sha512\\$(\\d{4,7})\\$([A-Za-z0-9+/=]{22,88})\\$([A-Za-z0-9+/=]{43,88})");

    /** The hash of a new password. */
    static PasswordHash of(String password, int iterations) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new PasswordHash(iterations, salt, derive(password, salt, iterations, HASH_BYTES));
    }

    /** A hash that no password has, and that costs as much as any of so many iterations. */
    static PasswordHash ofNone(int iterations) {
        byte[] random = new byte[SALT_BYTES + HASH_BYTES];
        new SecureRandom().nextBytes(random);
        return new PasswordHash(
                iterations,
                Arrays.copyOf(random, SALT_BYTES),
                Arrays.copyOfRange(random, SALT_BYTES, SALT_BYTES + HASH_BYTES));
    }

    /** The hash that a text describes, empty if it describes none. */
    static Optional<PasswordHash> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(1)) > MOST_ITERATIONS) {
            return Optional.empty();
        }
        try {
            Base64.Decoder decoder = Base64.getDecoder();
            return Optional.of(new PasswordHash(
                    Integer.parseInt(parts.group(1)), decoder.decode(parts.group(2)), decoder.decode(parts.group(3))));
        } catch (IllegalArgumentException noBase64) {
            return Optional.empty();
        }
    }

    /** Whether this is the hash of the password. Takes some tenths of a second of CPU. */
    boolean matches(String password) {
        return MessageDigest.isEqual(hash, derive(password, salt, iterations, hash.length));
    }

    @Override
    public String toString() {
        Base64.Encoder encoder = Base64.getEncoder();
        return "pbkdf2-sha512$%d$%s$%s"
                .formatted(iterations, encoder.encodeToString(salt), encoder.encodeToString(hash));
    }

    private static byte[] derive(String password, byte[] salt, int iterations, int bytes) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, bytes * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("hash a password: this Java has no " + ALGORITHM, missing);
        } finally {
            spec.clearPassword();
        }
    }
}
