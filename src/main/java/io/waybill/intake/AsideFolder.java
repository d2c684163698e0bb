package io.waybill.intake;

import io.waybill.order.FileName;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Takes what was set aside by renaming it, whatever it is; never copies, opens, follows or replaces. */
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
        Path to = root.resolve(account).resolve(target(from));
        try {
            Files.createDirectories(to.getParent(), OWNER_ONLY);
            if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return Optional.of(new SetAside(from, to, account, reason));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException failed) {
            return stays(from, account, reason + "; it could not be moved and stays");
        }
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
