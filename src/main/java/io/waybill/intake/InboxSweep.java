package io.waybill.intake;

import io.waybill.intake.FileFacts.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes out of the inbox what {@link InboxFilter} will never accept, so that nothing lies there unseen.
 *
 * <ol>
 *   <li>Links, pipes, sockets and devices go at once; they are renamed, never opened and never followed.
 *   <li>Folders that are no account, folders inside an account, files with a wrong or illegal name and hard links go when
 *       nobody has changed them for ten times the settle time.
 *   <li>Files that so many processes died of that nobody reads them any more go after the same time, see {@link Suspects}.
 *   <li>What lies right among the files that nodes are reading, and so in no node's folder, goes as well.
 *   <li>Names that writers use while they write ({@code .x}, {@code *.tmp}, {@code *.part}) have an hour; hidden folders
 *       belong to other programs and stay.
 *   <li>The target is {@code <dead letters>/<account>/<encoded name>-<8 hex digits>}: unique, and without {@code .json}, so
 *       that nobody takes it for an order that can be replayed.
 *   <li>Whoever sweeps makes a dead letter of each and says that it is {@link #told}; what nobody told of is {@link #untold}.
 *   <li>What cannot be renamed (another file system, no permission) stays and is reported once.
 * </ol>
 */
public final class InboxSweep {

    /** How long a writer may use a name of unfinished files. */
    public static final Duration IN_PROGRESS = Duration.ofHours(1);

    static final Duration TOLD_WITHIN = Duration.ofMinutes(1);

    /** The most that one sweep takes; the next one goes on. */
    static final int MOST = 1000;

    private static final String AMONG_TAKEN =
            "it lay among the files that nodes are reading, where nobody looks for orders";

    private final Path inbox;
    private final AsideFolder aside;
    private final FileDeaths deaths;
    private final Duration quiet;
    private final Clock clock;

    /**
     * A sweep.
     *
     * @param deadLetters on the same file system as the inbox
     * @param settle as of the {@link InboxFilter}
     */
    public InboxSweep(Path inbox, Path deadLetters, Duration settle, Clock clock) {
        this.inbox = inbox.toAbsolutePath().normalize();
        this.aside = new AsideFolder(deadLetters.toAbsolutePath().normalize());
        this.deaths = new FileDeaths(this.inbox);
        this.quiet = settle.multipliedBy(Settling.QUIET_TIMES);
        this.clock = clock;
    }

    /**
     * The account of an order file: the name of its folder in the inbox, {@code default} for the inbox itself.
     *
     * @throws IllegalArgumentException if the file lies elsewhere
     */
    public static String accountOf(Path inbox, Path file) {
        Path root = inbox.toAbsolutePath().normalize();
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (root.equals(folder)) {
            return InboxRules.DEFAULT_ACCOUNT;
        }
        if (folder != null && root.equals(folder.getParent())) {
            String name = folder.getFileName().toString();
            if (InboxRules.isAccount(name)) {
                return name;
            }
        }
        throw new IllegalArgumentException(
                "file '" + file + "': expected in inbox '" + root + "' or an account folder in it");
    }

    /**
     * Goes through the inbox once.
     *
     * @return what was set aside, and what should have been but could not be moved and was not reported before
     * @throws UncheckedIOException if the inbox cannot be listed
     */
    public synchronized List<SetAside> sweep() {
        List<SetAside> found = new ArrayList<>();
        aside.forgetVanished();
        try {
            folder(inbox, InboxRules.DEFAULT_ACCOUNT, found);
            amongTaken(found);
            deaths.tidy(clock.instant());
        } catch (IOException failed) {
            throw new UncheckedIOException("inbox '" + inbox + "': cannot be listed", failed);
        }
        return found;
    }

    /**
     * What was set aside so long ago that nobody can be about to tell of it any more: the process died, or the ledger was away.
     *
     * @return under the name that it has now
     */
    public synchronized List<SetAside> untold() throws IOException {
        return aside.untold(TOLD_WITHIN, clock.instant()).stream()
                .map(left -> new SetAside(inbox.resolve(left.from()), left.to(), left.account(), left.reason()))
                .toList();
    }

    /** There is a durable dead letter of what was set aside. */
    public void told(SetAside told) throws IOException {
        aside.told(told);
    }

    private void folder(Path folder, String account, List<SetAside> found) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (found.size() >= MOST) {
                    return;
                }
                entry(entry, account, found);
            }
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
    }

    private void amongTaken(List<SetAside> found) throws IOException {
        Path taken = inbox.resolve(TakenFiles.FOLDER);
        if (!Files.isDirectory(taken, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(taken)) {
            for (Path entry : entries) {
                FileFacts facts = FileFacts.of(entry);
                if (found.size() < MOST && facts.kind() != Kind.FOLDER && facts.quietFor(quiet, clock.instant())) {
                    aside.move(entry, InboxRules.DEFAULT_ACCOUNT, AMONG_TAKEN).ifPresent(found::add);
                }
            }
        } catch (NoSuchFileException gone) {
            // vanished since it was listed: the next sweep looks again
            return;
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
    }

    private void entry(Path entry, String account, List<SetAside> found) {
        try {
            FileFacts facts = FileFacts.of(entry);
            String name = entry.getFileName().toString();
            if (facts.kind() == Kind.FOLDER && entry.getParent().equals(inbox) && InboxRules.isAccount(name)) {
                folder(entry, name, found);
                return;
            }
            Optional<String> reason = reason(entry, facts);
            if (reason.isPresent()) {
                setAside(entry, account, reason.get()).ifPresent(found::add);
            }
        } catch (AccessDeniedException denied) {
            aside.stays(entry, account, "it cannot be read").ifPresent(found::add);
        } catch (IOException gone) {
            // vanished since it was listed: the next sweep looks again
            return;
        }
    }

    /** While it stays, its note stays too; moved back later, it is read as any other. */
    private Optional<SetAside> setAside(Path entry, String account, String reason) {
        deaths.keep(entry, clock.instant());
        Optional<SetAside> done = aside.move(entry, account, reason);
        done.filter(SetAside::isMoved).flatMap(moved -> deaths.note(moved.to())).ifPresent(deaths::forget);
        return done;
    }

    private Optional<String> reason(Path entry, FileFacts facts) {
        Instant now = clock.instant();
        boolean folder = facts.kind() == Kind.FOLDER;
        if (facts.kind() == Kind.LINK || facts.kind() == Kind.OTHER) {
            return InboxRules.refusal(facts);
        }
        if (InboxRules.isInProgress(entry.getFileName().toString())) {
            return folder || !facts.quietFor(IN_PROGRESS, now)
                    ? Optional.empty()
                    : Optional.of("it has the name of an unfinished file and nobody has written to it for an hour");
        }
        if (!facts.quietFor(quiet, now)) {
            return Optional.empty();
        }
        if (folder) {
            return Optional.of(
                    "it is a folder, and its name is no account (1 to 40 of a-z, 0-9 and -) or it is not directly in the inbox");
        }
        return InboxRules.refusal(facts)
                .filter(refused -> facts.kind() != Kind.FILE || !TakenFiles.goesBack(inbox, entry))
                .or(() -> InboxRules.refusal(entry))
                .or(() -> deaths.reason(entry));
    }
}
