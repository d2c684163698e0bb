package io.waybill.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The users of the management port, one a line: {@code name = role, hash}. Never absent, never empty, never readable by
 * others, never with a password in clear text.
 *
 * <ol>
 *   <li>Where there is none, {@link #ensure} writes one (mode 600) with the operator {@code admin} and a random password,
 *       and hands the password out this once, for the terminal; the file has its hash.
 *   <li>A file that names nobody, that others may use, or with a line that is not of this form is refused.
 * </ol>
 *
 * <p>Lines that are empty or begin with {@code #} are kept.
 */
public final class UsersFile {

    private static final int RANDOM_BYTES = 18;
    private static final int SHORTEST_PASSWORD = 10;
    private static final int LONGEST_PASSWORD = 500;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    private final Path path;
    private final int iterations;

    /** The file at this place, whether or not it is there yet. */
    public UsersFile(Path path) {
        this(path, PasswordHash.ITERATIONS);
    }

    /** The same with passwords that are as expensive to guess as this. */
    UsersFile(Path path, int iterations) {
        this.path = path;
        this.iterations = iterations;
    }

    /** Writes the file if there is none; the password of {@code admin} if it was just made, otherwise empty. */
    public Optional<String> ensure() {
        if (Files.exists(path)) {
            read();
            return Optional.empty();
        }
        String password = randomPassword();
        add("admin", Role.OPERATOR, password);
        return Optional.of(password);
    }

    /** Takes the file away again, since nobody was told the password that {@link #ensure} made. */
    public void withdraw() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException refused) {
            throw new UncheckedIOException("remove the users file '%s': %s".formatted(path, refused), refused);
        }
    }

    /** The users by their names; refuses a file that would let in whom it should not. */
    Map<String, User> read() {
        Map<String, User> users = new TreeMap<>();
        int number = 0;
        for (String line : lines()) {
            number++;
            if (isEntry(line)) {
                User user = user(line, number);
                if (users.put(user.name(), user) != null) {
                    throw refused("line %d: the user '%s' is there twice".formatted(number, user.name()));
                }
            }
        }
        if (users.isEmpty()) {
            throw refused("it names no user; add one with 'waybill user add', or remove the file");
        }
        return users;
    }

    /** The roles by the names of the users. */
    public Map<String, Role> roles() {
        Map<String, Role> roles = new TreeMap<>();
        read().forEach((name, user) -> roles.put(name, user.role()));
        return roles;
    }

    /** Adds a user. */
    public void add(String name, Role role, String password) {
        if (known().containsKey(name)) {
            throw new IllegalArgumentException(
                    "user '%s': is there; 'waybill user passwd' changes him".formatted(name));
        }
        put(name, role, password);
    }

    /**
     * Gives a user another password, which ends his sessions.
     *
     * @param role empty: the one that he has
     */
    public void change(String name, Optional<Role> role, String password) {
        User user = known().get(name);
        if (user == null) {
            throw unknown(name);
        }
        put(name, role.orElse(user.role()), password);
    }

    /** Takes a user away; his sessions end with it. */
    public void remove(String name) {
        Map<String, User> users = read();
        if (!users.containsKey(name)) {
            throw unknown(name);
        }
        if (users.size() == 1) {
            throw new IllegalArgumentException(
                    "user '%s': is the only one, and nobody could log in; add another one first".formatted(name));
        }
        write(without(name));
    }

    private Map<String, User> known() {
        return Files.exists(path) ? read() : Map.of();
    }

    private void put(String name, Role role, String password) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "user '%s': expected a name of letters, digits and . _ @ -".formatted(Visible.text(name)));
        }
        if (password.length() < SHORTEST_PASSWORD || password.length() > LONGEST_PASSWORD) {
            throw new IllegalArgumentException("user '%s': expected a password of %d to %d characters, was of %d"
                    .formatted(name, SHORTEST_PASSWORD, LONGEST_PASSWORD, password.length()));
        }
        List<String> lines = without(name);
        lines.add("%s = %s, %s".formatted(name, role.word(), PasswordHash.of(password, iterations)));
        write(lines);
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("user '%s': nobody knows him".formatted(Visible.text(name)));
    }

    private List<String> without(String name) {
        List<String> kept = new ArrayList<>();
        for (String line : Files.exists(path) ? lines() : List.<String>of()) {
            if (!isEntry(line) || !line.split("=", 2)[0].strip().equals(name)) {
                kept.add(line);
            }
        }
        return kept;
    }

    private User user(String line, int number) {
        String[] sides = line.split("=", 2);
        String[] values = sides.length < 2 ? new String[0] : sides[1].split(",", 2);
        String name = sides[0].strip();
        Optional<Role> role = values.length < 2 ? Optional.empty() : Role.of(values[0].strip());
        Optional<PasswordHash> hash = values.length < 2 ? Optional.empty() : PasswordHash.parse(values[1].strip());
        if (!NAME.matcher(name).matches() || role.isEmpty() || hash.isEmpty()) {
            // nothing of the line is said: it may be a password
            throw refused("line %d is not 'name = viewer|operator, hash'; passwords in clear text are not accepted, "
                            .formatted(number)
                    + "write the user with 'waybill user add'");
        }
        return new User(name, role.get(), hash.get());
    }

    private List<String> lines() {
        try {
            Optional<String> open = PrivateFile.openMode(path);
            if (open.isPresent()) {
                throw refused("others may use it, its mode is '%s'; run chmod 600 on it".formatted(open.get()));
            }
            return Files.readAllLines(path);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("read the users file '%s': %s".formatted(path, unreadable), unreadable);
        }
    }

    private void write(List<String> lines) {
        try {
            PrivateFile.write(path, String.join("\n", lines) + "\n");
        } catch (IOException refused) {
            throw new UncheckedIOException("write the users file '%s': %s".formatted(path, refused), refused);
        }
    }

    private static boolean isEntry(String line) {
        return !line.isBlank() && !line.stripLeading().startsWith("#");
    }

    private static String randomPassword() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private IllegalStateException refused(String reason) {
        return new IllegalStateException("read the users file '%s': %s".formatted(path, reason));
    }

    Path path() {
        return path;
    }
}
