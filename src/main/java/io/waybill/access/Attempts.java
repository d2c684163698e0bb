package io.waybill.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts failed logins, per user and address, and per address whoever the user.
 *
 * <ol>
 *   <li>So many failures, and the pair is locked out for a while: nothing is looked at, not even the right password.
 *   <li>An address that tries many names is locked out after {@value #NAMES} times as many.
 *   <li>A login that succeeds, or a time without failures, forgets them.
 * </ol>
 *
 * <p>Remembers a bounded number of pairs; the one that failed longest ago is forgotten first.
 */
final class Attempts {

    static final int NAMES = 4;
    private static final int REMEMBERED = 10_000;
    private static final int LONGEST = 64;

    private record Who(String user, String address) {

        Who {
            user = user.substring(0, Math.min(user.length(), LONGEST));
        }
    }

    private record Failed(int times, Instant last) {}

    private final int most;
    private final Duration lock;
    private final Clock clock;
    private final Map<Who, Failed> failed = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Who, Failed> eldest) {
            return size() > REMEMBERED;
        }
    };

    Attempts(int most, Duration lock, Clock clock) {
        this.most = most;
        this.lock = lock;
        this.clock = clock;
    }

    /** How long the pair is still locked out; zero if it is not. */
    synchronized Duration locked(String user, String address) {
        Duration pair = locked(new Who(user, address), most);
        Duration all = locked(new Who("", address), most * NAMES);
        return pair.compareTo(all) > 0 ? pair : all;
    }

    /** Counts a failure; how many there are now. */
    synchronized int fail(String user, String address) {
        count(new Who("", address));
        return count(new Who(user, address));
    }

    synchronized void succeed(String user, String address) {
        failed.remove(new Who(user, address));
    }

    private Duration locked(Who who, int limit) {
        Failed known = failed.get(who);
        if (known == null || known.times() < limit) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(clock.instant(), known.last().plus(lock));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private int count(Who who) {
        Instant now = clock.instant();
        Failed known = failed.get(who);
        boolean old = known == null || known.last().plus(lock).isBefore(now);
        int times = old ? 1 : known.times() + 1;
        failed.put(who, new Failed(times, now));
        return times;
    }
}
