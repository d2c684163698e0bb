package io.waybill.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is logged in with a browser. A session ends when nothing was done in it for a while, in any case after some hours,
 * with a logout, and with its user or his password; and all of them with the process.
 */
final class Sessions {

    private static final int MOST = 1_000;

    private record Session(User user, Instant began, Instant used) {}

    private final Duration idle;
    private final Duration longest;
    private final Clock clock;
    private final Map<String, Session> open = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
            return size() > MOST;
        }
    };

    Sessions(Duration idle, Duration longest, Clock clock) {
        this.idle = idle;
        this.longest = longest;
        this.clock = clock;
    }

    /** Begins a session; its secret id. */
    synchronized String open(User user) {
        String id = Secret.random();
        Instant now = clock.instant();
        open.put(Secret.digest(id), new Session(user, now, now));
        return id;
    }

    /** The user of a session as he was at its beginning; empty if it is over. */
    synchronized Optional<User> find(String id) {
        String key = Secret.digest(id);
        Session session = open.get(key);
        if (session == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        if (now.isAfter(session.used().plus(idle))
                || now.isAfter(session.began().plus(longest))) {
            open.remove(key);
            return Optional.empty();
        }
        return Optional.of(session.user());
    }

    /** Something was done in it. */
    synchronized void use(String id) {
        open.computeIfPresent(
                Secret.digest(id), (key, session) -> new Session(session.user(), session.began(), clock.instant()));
    }

    synchronized void close(String id) {
        open.remove(Secret.digest(id));
    }
}
