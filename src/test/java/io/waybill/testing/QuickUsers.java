package io.waybill.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Users whose passwords are soon checked: their hashes are of the fewest iterations that a users file may have. */
public final class QuickUsers {

    private static final int ITERATIONS = 1000;
    private static final byte[] SALT = "no secret at all".getBytes(StandardCharsets.US_ASCII);

    private QuickUsers() {}

    /** Adds one to a users file, which is made where there is none. */
    public static void add(Path file, String name, String role, String password) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            String line = "%s = %s, %s%n".formatted(name, role, hash(password));
            Files.writeString(file, line, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String password) {
        try {
            byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), SALT, ITERATIONS, 256))
                    .getEncoded();
            Base64.Encoder encoder = Base64.getEncoder();
            return "pbkdf2-sha512$%d$%s$%s"
                    .formatted(ITERATIONS, encoder.encodeToString(SALT), encoder.encodeToString(hash));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
