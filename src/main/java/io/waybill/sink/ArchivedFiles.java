package io.waybill.sink;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * The order files of the archive, by the day whose folder they lie in, that of their intake: a file may have been written long
 * before. Where somebody laid the archive out in another way, by their modification time. Every order in them is in the ledger.
 */
final class ArchivedFiles {

    private final Path folder;

    ArchivedFiles(Path folder) {
        this.folder = folder;
    }

    /** Deletes what is older; returns why a file is kept, the first of those that cannot be deleted, which holds up no other. */
    Optional<IOException> takeAway(Instant before) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        Walk walk = new Walk(before.minus(Duration.ofHours(1)));
        try {
            Files.walkFileTree(folder, walk);
        } catch (IOException e) {
            walk.noting(e);
        }
        return Optional.ofNullable(walk.kept);
    }

    private final class Walk extends SimpleFileVisitor<Path> {

        private final Instant before;
        private IOException kept;

        Walk(Instant before) {
            this.before = before;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Instant taken =
                    endOfDay(file).orElseGet(() -> attributes.lastModifiedTime().toInstant());
            try {
                if (attributes.isRegularFile() && taken.isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                noting(e);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return noting(e);
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException e) {
            return e == null ? FileVisitResult.CONTINUE : noting(e);
        }

        private FileVisitResult noting(IOException e) {
            kept = kept == null && !(e instanceof NoSuchFileException) ? e : kept;
            return FileVisitResult.CONTINUE;
        }
    }

    /** The routes name the folder by the day of this machine. */
    private Optional<Instant> endOfDay(Path file) {
        String day = folder.relativize(file).getName(0).toString();
        try {
            return Optional.of(LocalDate.parse(day)
                    .plusDays(1)
                    .atStartOfDay(ZoneId.systemDefault())
                    .toInstant());
        } catch (DateTimeParseException other) {
            return Optional.empty();
        }
    }
}
