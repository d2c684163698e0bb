package io.waybill.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of the file as it is now: it is read again when it was replaced or changed. One that is not legal any more is
 * said once, and the users before it stay.
 */
final class Users {

    private static final Logger LOG = LoggerFactory.getLogger(Users.class);

    private final UsersFile file;
    private Map<String, User> known;
    private Object version;

    Users(UsersFile file) {
        this.file = file;
        this.version = version();
        this.known = file.read();
    }

    synchronized Optional<User> find(String name) {
        Object now = version();
        if (!now.equals(version)) {
            version = now;
            try {
                known = file.read();
            } catch (RuntimeException refused) {
                LOG.warn("{}; the users before it stay", refused.getMessage());
            }
        }
        return Optional.ofNullable(known.get(name));
    }

    /** What the most expensive of their passwords costs. */
    synchronized int iterations() {
        return known.values().stream()
                .mapToInt(user -> user.password().iterations())
                .max()
                .orElse(PasswordHash.ITERATIONS);
    }

    private Object version() {
        try {
            BasicFileAttributes seen = Files.readAttributes(file.path(), BasicFileAttributes.class);
            return seen.lastModifiedTime() + " " + seen.size() + " " + seen.fileKey();
        } catch (IOException absent) {
            return "absent";
        }
    }
}
