package io.waybill.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who comes in.
 *
 * <ol>
 *   <li>By password: the pair of user and address is not locked out; the password is the one of a moment ago ({@link #known},
 *       no work), or its hash is computed ({@link #knock}, tenths of a second, one at a time). A name that nobody has costs
 *       the same time.
 *   <li>By session, which a password began; see {@link Sessions}.
 *   <li>By the token of the command line, see {@link LocalToken}.
 * </ol>
 *
 * <p>Whichever it is, the role is the one that the users file says now. No password is kept or logged.
 */
public final class Door {

    /** What somebody is told. */
    public sealed interface Answer {}

    /** He may come in. */
    public record In(Login login) implements Answer {}

    /** He may not. */
    public record Refused() implements Answer {}

    /** He failed too often. */
    public record LockedOut(Duration left) implements Answer {}

    private static final Logger LOG = LoggerFactory.getLogger(Door.class);
    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final int REMEMBERED_MOST = 200;
    private static final int LONGEST = 500;

    private record Seen(String hash, Instant until) {}

    private final Users users;
    private final Limits limits;
    private final Attempts attempts;
    private final Sessions sessions;
    private final Clock clock;
    private final Optional<LocalToken> token;
    private final String pepper = Secret.random();
    private final Map<String, Seen> seen = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > REMEMBERED_MOST;
        }
    };

    public Door(UsersFile file, Limits limits, Optional<LocalToken> token, Clock clock) {
        this.users = new Users(file);
        this.limits = limits;
        this.attempts = new Attempts(limits.failures(), limits.lock(), clock);
        this.sessions = new Sessions(limits.idle(), limits.longest(), clock);
        this.token = token;
        this.clock = clock;
    }

    /** The answer if it needs no work; empty: {@link #knock}. */
    public Optional<Answer> known(String user, String password, String address) {
        Duration left = attempts.locked(user, address);
        if (!left.isZero()) {
            return Optional.of(new LockedOut(left));
        }
        return users.find(user).filter(found -> remembers(found, password)).map(found -> new In(found.login()));
    }

    /** The answer, whatever it costs; one caller at a time. */
    public synchronized Answer knock(String user, String password, String address) {
        // many who asked at once have waited here: the first one may have decided for all
        Optional<Answer> decided = known(user, password, address);
        if (decided.isPresent()) {
            return decided.get();
        }
        boolean sane = user.length() <= LONGEST && password.length() <= LONGEST;
        Optional<User> found = users.find(user);
        PasswordHash hash = found.map(User::password).orElseGet(() -> PasswordHash.ofNone(users.iterations()));
        boolean right = sane && hash.matches(password) && found.isPresent();
        if (right) {
            attempts.succeed(user, address);
            remember(found.get(), password);
            return new In(found.get().login());
        }
        int times = attempts.fail(user, address);
        LOG.warn(
                "login of '{}' from {} failed, {} of {}{}",
                Visible.text(user),
                address,
                times,
                limits.failures(),
                times == limits.failures() ? "; locked out for " + limits.lock().toSeconds() + " s" : "");
        return new Refused();
    }

    /** Who has the token of the command line. */
    public Optional<Login> token(String secret) {
        return token.filter(own -> own.digest().equals(Secret.digest(secret)))
                .map(own -> new Login(System.getProperty("user.name"), Role.OPERATOR));
    }

    /** Begins a session; its secret id. */
    public String begin(Login login) {
        return sessions.open(users.find(login.user()).orElseThrow());
    }

    /** Whose session it is; empty if it is over. */
    public Optional<Login> session(String id) {
        Optional<User> then = sessions.find(id);
        Optional<User> now = then.flatMap(user -> users.find(user.name()))
                .filter(user -> hash(user).equals(hash(then.get())));
        if (now.isEmpty()) {
            sessions.close(id);
        }
        return now.map(User::login);
    }

    /** Something was done in a session. */
    public void use(String id) {
        sessions.use(id);
    }

    /** Ends a session. */
    public void end(String id) {
        sessions.close(id);
    }

    /** How long a session lasts without use. */
    public Duration idle() {
        return limits.idle();
    }

    private boolean remembers(User user, String password) {
        synchronized (seen) {
            Seen known = seen.get(key(user, password));
            return known != null
                    && known.until().isAfter(clock.instant())
                    && known.hash().equals(hash(user));
        }
    }

    private void remember(User user, String password) {
        synchronized (seen) {
            seen.put(key(user, password), new Seen(hash(user), clock.instant().plus(REMEMBERED)));
        }
    }

    private String key(User user, String password) {
        return Secret.digest(pepper, user.name(), password);
    }

    private static String hash(User user) {
        return user.password().toString();
    }
}
