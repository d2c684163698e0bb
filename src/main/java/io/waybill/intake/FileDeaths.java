package io.waybill.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The notes of files that may be what processes die of, in {@code <inbox>/.suspects/}; all nodes of the inbox share them.
 *
 * <ol>
 *   <li>A note's name is the {@link FileFacts#identity} of its file: it finds the file under every name that it gets, means no
 *       other one, and never leads out of the folder.
 *   <li>It says how many processes died while they read the file, and who reads it now. It is there whole or not at all after
 *       the death of a process; after a power cut it may be gone.
 *   <li>A note that cannot be read or written is as none: a count may be too low, and no file waits for its note.
 *   <li>One that nobody has written for a week is forgotten: its file is gone.
 * </ol>
 */
final class FileDeaths {

    static final String FOLDER = ".suspects";

    /** The end of the reason why such a file is set aside. */
    static final String DIED = " processes died one after the other while they read it";

    /** The reader of a file that nobody reads now. */
    static final String NOBODY = "-";

    /** The reader of a file that nobody shall read any more. */
    static final String NEVER = "!";

    private static final Duration FORGOTTEN = Duration.ofDays(7);
    private static final int LONGEST = 300;
    private static final Pattern NOTE = Pattern.compile("(\\d{1,6}) (\\S{1,255})");

    private final Path folder;

    /**
     * What a note says.
     *
     * @param deaths of processes while they read the file
     * @param reader the mark of who reads it
     */
    record Count(int deaths, String reader) {}

    FileDeaths(Path inbox) {
        this.folder = inbox.toAbsolutePath().normalize().resolve(FOLDER);
    }

    /** Where the note of a file is, or would be. */
    Path place(Path file) throws IOException {
        return folder.resolve(FileFacts.identity(file));
    }

    /** Where the note of a file is; empty if there is none, at the cost of one look where there is none of any file. */
    Optional<Path> note(Path file) {
        // not Files: that throws inside for a folder that is not there, which is the rule
        if (!folder.toFile().isDirectory()) {
            return Optional.empty();
        }
        try {
            return Optional.of(place(file)).filter(note -> read(note).isPresent());
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** What a note says; empty if there is none, or something else in its place, which is not opened. */
    Optional<Count> read(Path note) {
        if (!note.toFile().isFile() || !isOurs()) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(note, LinkOption.NOFOLLOW_LINKS)) {
            Matcher text = NOTE.matcher(new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII));
            return text.matches()
                    ? Optional.of(new Count(Integer.parseInt(text.group(1)), text.group(2)))
                    : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    void write(Path note, Count count) {
        Path whole = folder.resolve(".tmp-" + UUID.randomUUID());
        try {
            Files.createDirectories(folder);
            if (isOurs()) {
                Files.writeString(whole, count.deaths() + " " + count.reader());
                Files.move(whole, note, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException failed) {
            forget(whole);
        }
    }

    void forget(Path note) {
        try {
            Files.deleteIfExists(note);
        } catch (IOException stays) {
            // it is forgotten in a week
            return;
        }
    }

    /** Why a file is to be set aside, if so many processes died of it; while it is asked for, its note stays. */
    Optional<String> reason(Path file) {
        return poison(file).map(count -> count.deaths() + DIED);
    }

    /** Whether nobody shall read the file any more. */
    boolean isPoison(Path file) {
        return poison(file).isPresent();
    }

    private Optional<Count> poison(Path file) {
        return note(file).flatMap(this::read).filter(count -> count.reader().equals(NEVER));
    }

    /** The file stays where it is, and so does its note. */
    void keep(Path file, Instant now) {
        note(file).ifPresent(note -> {
            try {
                Files.setLastModifiedTime(note, FileTime.from(now));
            } catch (IOException gone) {
                return;
            }
        });
    }

    /** Drops what nobody has written for a week, and the folder when it is empty. */
    void tidy(Instant now) {
        if (!folder.toFile().isDirectory() || !isOurs()) {
            return;
        }
        boolean empty = true;
        try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder)) {
            for (Path note : notes) {
                empty = false;
                if (FileFacts.of(note).quietFor(FORGOTTEN, now)) {
                    forget(note);
                }
            }
        } catch (IOException | DirectoryIteratorException gone) {
            // another node is at it
            return;
        }
        if (empty) {
            forget(folder);
        }
    }

    /** Whoever drops files may have put something else in its place. */
    private boolean isOurs() {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    }
}
