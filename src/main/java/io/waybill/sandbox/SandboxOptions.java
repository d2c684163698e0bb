package io.waybill.sandbox;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How a sandbox is run.
 *
 * @param port the port on 127.0.0.1, 0 for any free one
 * @param ledger the file that bookings survive a crash in, null to keep them in memory only
 * @param fsync whether each booking is also forced to the disk before it is answered, to survive a power cut
 * @param delay how long every carrier takes to answer
 * @param clock what the carriers' dates and the six months of BirdSystem's duplicate check are told by
 * @param accounts whose calls are accepted
 * @param paths where what nobody publishes is served, by {@code <carrier>.<word>}; see {@link Mabang} and {@link KdNiao}
 */
public record SandboxOptions(
        int port,
        Path ledger,
        boolean fsync,
        Duration delay,
        Clock clock,
        List<Account> accounts,
        Map<String, String> paths) {

    /** What nobody publishes and is served where a path is given for it. */
    public static final List<String> UNPUBLISHED =
            List.of("kdniao.info", "kdniao.state", "mabang.cancel", "mabang.label", "mabang.query");

    public SandboxOptions {
        accounts = List.copyOf(accounts);
        paths = Map.copyOf(paths);
    }

    /** Any free port, no disk, no delay, the demo accounts. */
    public static SandboxOptions onAnyPort() {
        return new SandboxOptions(0, null, false, Duration.ZERO, Clock.systemDefaultZone(), Account.demo(), Map.of());
    }

    /** The same on this port. */
    public SandboxOptions withPort(int chosen) {
        return new SandboxOptions(chosen, ledger, fsync, delay, clock, accounts, paths);
    }

    /** The same with this ledger file. */
    public SandboxOptions withLedger(Path file) {
        return new SandboxOptions(port, file, fsync, delay, clock, accounts, paths);
    }

    /** The same with every booking forced to the disk. */
    public SandboxOptions withFsync() {
        return new SandboxOptions(port, ledger, true, delay, clock, accounts, paths);
    }

    /** The same with carriers that take this long. */
    public SandboxOptions withDelay(Duration each) {
        return new SandboxOptions(port, ledger, fsync, each, clock, accounts, paths);
    }

    /** The same with another clock. */
    public SandboxOptions withClock(Clock other) {
        return new SandboxOptions(port, ledger, fsync, delay, other, accounts, paths);
    }

    /** The same with one more account. */
    public SandboxOptions withAccount(Account more) {
        List<Account> all = Stream.concat(accounts.stream(), Stream.of(more)).toList();
        return new SandboxOptions(port, ledger, fsync, delay, clock, all, paths);
    }

    /** The same with a path for something that is not published, such as {@code mabang.query}. */
    public SandboxOptions withPath(String what, String path) {
        Map<String, String> all = new TreeMap<>(paths);
        all.put(what, path);
        return new SandboxOptions(port, ledger, fsync, delay, clock, accounts, all);
    }
}
