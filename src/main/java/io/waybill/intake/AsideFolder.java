package io.waybill.intake;

import io.waybill.order.FileName;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Takes what was set aside by renaming it, whatever it is; never copies, opens, follows or replaces.
 *
 * <p>Before that, the reason is written to {@code .untold/<account>/<name>}, which goes when it was {@link #told}: a process that
 * dies in between leaves nothing of which nobody is told.
 */
final class AsideFolder {

    // encoded, with an id and ".reason.json", these fit into the 255 bytes of a file name in any script
    private static final int NAME_CHARACTERS = 64;

    private static final FileAttribute<?>[] OWNER_ONLY =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                    }
                    : new FileAttribute<?>[0];

    private final Path root;
    private final Set<Path> stuck = new HashSet<>();

    AsideFolder(Path root) {
        this.root = root;
    }

    /** What was done; nothing if the file is gone, or stays and that was reported before. */
    Optional<SetAside> move(Path from, String account, String reason) {
        SetAside aside = new SetAside(from, root.resolve(account).resolve(target(from)), account, reason);
        try {
            Files.createDirectories(aside.to().getParent(), OWNER_ONLY);
            if (Files.exists(aside.to(), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            Files.createDirectories(mark(aside).getParent(), OWNER_ONLY);
            Files.writeString(mark(aside), reason);
            Files.move(from, aside.to(), StandardCopyOption.ATOMIC_MOVE);
            return Optional.of(aside);
        } catch (NoSuchFileException gone) {
            forget(aside);
            return Optional.empty();
        } catch (IOException failed) {
            forget(aside);
            return stays(from, account, reason + "; it could not be moved and stays");
        }
    }

    /** What was moved and never told of, by marks that nobody has touched for so long; where it lay is not known any more. */
    List<SetAside> untold(Duration quiet, Instant now) throws IOException {
        List<SetAside> untold = new ArrayList<>();
        if (Files.isDirectory(untold(), LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> accounts = Files.newDirectoryStream(untold(), Files::isDirectory)) {
                for (Path account : accounts) {
                    untold(account, quiet, now, untold);
                }
            } catch (NoSuchFileException told) {
                return untold;
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return untold;
    }

    private void untold(Path account, Duration quiet, Instant now, List<SetAside> untold) throws IOException {
        try (DirectoryStream<Path> marks = Files.newDirectoryStream(account)) {
            for (Path mark : marks) {
                if (FileFacts.of(mark).quietFor(quiet, now)) {
                    marked(mark).ifPresent(untold::add);
                }
            }
        }
    }

    /** Its dead letter is durable. */
    void told(SetAside aside) throws IOException {
        Files.deleteIfExists(mark(aside));
    }

    private Optional<SetAside> marked(Path mark) throws IOException {
        String account = mark.getParent().getFileName().toString();
        Path to = root.resolve(account).resolve(mark.getFileName());
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(new SetAside(to.getFileName(), to, account, Files.readString(mark)));
        }
        // it was not moved, so it is still in the inbox
        Files.deleteIfExists(mark);
        return Optional.empty();
    }

    private void forget(SetAside aside) {
        try {
            told(aside);
        } catch (IOException left) {
            // nothing lies where it points to, so it is dropped later
            return;
        }
    }

    private Path untold() {
        return root.resolve(".untold");
    }

    private Path mark(SetAside aside) {
        return untold().resolve(aside.account()).resolve(aside.to().getFileName());
    }

    /** The report that something stays where it is; nothing if that was reported before. */
    Optional<SetAside> stays(Path from, String account, String reason) {
        return stuck.add(from) ? Optional.of(new SetAside(from, from, account, reason)) : Optional.empty();
    }

    void forgetVanished() {
        stuck.removeIf(path -> !Files.exists(path, LinkOption.NOFOLLOW_LINKS));
    }

    private static String target(Path from) {
        String name = from.getFileName().toString();
        int characters = Math.min(NAME_CHARACTERS, name.codePointCount(0, name.length()));
        String start = name.substring(0, name.offsetByCodePoints(0, characters));
        return FileName.encode(start) + "-" + UUID.randomUUID().toString().substring(0, 8);
    }
}
