package io.waybill.operate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The names and passwords of the management port: never absent, never empty, never readable by others.
 *
 * <ol>
 *   <li>Where there is none, {@link #ensure} writes one (mode 600) with the user {@code admin} and a random password,
 *       and hands the password out this once, for the terminal.
 *   <li>A file without users, or with an empty password, would leave the port open or as good as open: refused.
 * </ol>
 *
 * <p>The format is the one of Vert.x: {@code user.admin = <password>,<role>...}. It compares <b>clear text</b>, so the
 * mode of the file is all that protects the passwords until they are stored as hashes.
 */
public final class UsersFile {

    private static final int RANDOM_BYTES = 18;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private UsersFile() {}

    /** Writes the file if there is none; the password of {@code admin} if it was just made, otherwise empty. */
    public static Optional<String> ensure(Path file) {
        if (Files.exists(file)) {
            check(file);
            return Optional.empty();
        }
        String password = randomPassword();
        try {
            write(file.toAbsolutePath(), password);
        } catch (IOException refused) {
            throw new UncheckedIOException("write the users file '%s': %s".formatted(file, refused), refused);
        }
        return Optional.of(password);
    }

    /** Refuses a file that would leave the management port without a password. */
    static void check(Path file) {
        List<String> lines;
        try {
            refuseOpenFile(file);
            lines = Files.readAllLines(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("read the users file '%s': %s".formatted(file, unreadable), unreadable);
        }
        List<String> users =
                lines.stream().filter(line -> line.startsWith("user.")).toList();
        if (users.isEmpty()) {
            throw refused(file, "it names no user; add a line 'user.<name> = <password>,<role>' or remove the file");
        }
        users.forEach(user -> refuseEmpty(file, user.substring("user.".length())));
    }

    private static void refuseEmpty(Path file, String user) {
        String[] parts = user.split("=", 2);
        String name = parts[0].strip();
        String password = parts.length < 2 ? "" : parts[1].split(",", 2)[0].strip();
        if (name.isEmpty() || password.isEmpty()) {
            throw refused(file, "the user '%s' has no name or no password".formatted(name));
        }
    }

    private static void refuseOpenFile(Path file) throws IOException {
        if (!posix(file)) {
            return;
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (!OWNER_ONLY.containsAll(mode)) {
            String seen = PosixFilePermissions.toString(mode);
            throw refused(file, "others may use it, its mode is '%s'; run chmod 600 on it".formatted(seen));
        }
    }

    private static void write(Path file, String password) throws IOException {
        Files.createDirectories(file.getParent(), mode(file, "rwx------"));
        Path draft = Files.createTempFile(file.getParent(), ".users-", ".tmp", mode(file, "rw-------"));
        String text = "user.admin = %s,administrator%nrole.administrator = *%n".formatted(password);
        Files.writeString(draft, text, StandardCharsets.UTF_8, StandardOpenOption.SYNC);
        Files.move(draft, file);
    }

    private static FileAttribute<?>[] mode(Path file, String mode) {
        return posix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static boolean posix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static String randomPassword() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static IllegalStateException refused(Path file, String reason) {
        return new IllegalStateException("read the users file '%s': %s".formatted(file, reason));
    }
}
