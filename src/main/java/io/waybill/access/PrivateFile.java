package io.waybill.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A small file that only its owner may use, replaced as a whole. */
final class PrivateFile {

    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private PrivateFile() {}

    static void write(Path file, String text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder, mode(folder, "rwx------"));
        Path draft = Files.createTempFile(folder, ".private-", ".tmp", mode(folder, "rw-------"));
        try {
            Files.writeString(draft, text, StandardCharsets.UTF_8, StandardOpenOption.SYNC);
            keepOwner(file, draft);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    // written by the administrator, it is still the engine's
    private static void keepOwner(Path file, Path draft) throws IOException {
        if (Files.exists(file) && !Files.getOwner(file).equals(Files.getOwner(draft))) {
            Files.setOwner(draft, Files.getOwner(file));
        }
    }

    /** The mode of a file that others may use, empty if only its owner may. */
    static Optional<String> openMode(Path file) throws IOException {
        if (!posix(file)) {
            return Optional.empty();
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        return OWNER_ONLY.containsAll(mode) ? Optional.empty() : Optional.of(PosixFilePermissions.toString(mode));
    }

    private static FileAttribute<?>[] mode(Path file, String mode) {
        return posix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static boolean posix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
