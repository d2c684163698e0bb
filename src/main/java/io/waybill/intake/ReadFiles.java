package io.waybill.intake;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Files that were read to their end, on their way into the archive.
 *
 * <ol>
 *   <li>{@link #archive} moves one there; on another disk it is copied under a hidden name first, so that it is there whole or
 *       not at all, and is forced to that disk with its name before the original goes, so that a power cut takes neither.
 *   <li>One that the archive does not take is {@link #keep kept} in {@code <inbox>/.read/}, under its place in the archive with
 *       {@code :} for {@code /}. The folder is hidden, so nobody reads it again, not even after a restart.
 *   <li>{@link #archiveKept} moves those, whichever node kept them; of many that try, none loses a file.
 * </ol>
 */
public final class ReadFiles {

    private static final String FOLDER = ".read";

    private final Path folder;
    private final Path archive;

    /** The files of an inbox that belong into this archive. */
    public ReadFiles(Path inbox, Path archive) {
        this.folder = inbox.toAbsolutePath().normalize().resolve(FOLDER);
        this.archive = archive.toAbsolutePath().normalize();
    }

    /** Moves a file to its place, which no other file has. */
    public void archive(Path file, Path place) throws IOException {
        if (!Files.isDirectory(place.getParent())) {
            Files.createDirectories(place.getParent());
        }
        try {
            Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException otherDisk) {
            copy(file, place);
            Files.deleteIfExists(file);
        }
    }

    private void copy(Path file, Path place) throws IOException {
        Path whole = day(place).resolve(".tmp-" + UUID.randomUUID());
        try {
            Files.copy(file, whole, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
            force(whole);
            Files.move(whole, place, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(whole);
        }
        Path in = place.toAbsolutePath().normalize().getParent();
        force(in);
        // the folders of the day and of the account may be as new as the file
        do {
            in = in.getParent();
            force(in);
        } while (in.startsWith(archive) && !in.equals(archive));
    }

    /** The folder right below the archive, where what a process left half written is looked for; a day has folders of accounts. */
    private Path day(Path place) {
        Path folder = place.toAbsolutePath().normalize().getParent();
        return folder.startsWith(archive) && !folder.equals(archive)
                ? archive.resolve(archive.relativize(folder).getName(0))
                : folder;
    }

    private static void force(Path written) throws IOException {
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            channel.force(true);
        }
    }

    /** Puts a file aside until the archive takes it. */
    public void keep(Path file, Path place) throws IOException {
        Path absolute = place.toAbsolutePath().normalize();
        Path below = absolute.startsWith(archive) ? archive.relativize(absolute) : absolute.getFileName();
        Files.createDirectories(folder);
        Files.move(file, folder.resolve(below.toString().replace('/', ':')), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Moves what was kept.
     *
     * @return how many files
     * @throws IOException if the archive does not take one, which is kept and holds up no other
     */
    public int archiveKept() throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        int moved = 0;
        IOException refused = null;
        try (DirectoryStream<Path> kept = Files.newDirectoryStream(folder, this::isOurs)) {
            for (Path file : kept) {
                try {
                    moved += archived(file) ? 1 : 0;
                } catch (IOException e) {
                    refused = e;
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        if (refused != null) {
            throw refused;
        }
        return moved;
    }

    private boolean archived(Path file) throws IOException {
        try {
            archive(file, place(file));
            return true;
        } catch (NoSuchFileException e) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return false;
        }
    }

    /** Whoever drops files may reach this folder too, and no name of theirs leads out of the archive. */
    private boolean isOurs(Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && !file.getFileName().toString().contains("..")
                && !place(file).equals(archive)
                && place(file).normalize().startsWith(archive);
    }

    private Path place(Path file) {
        return archive.resolve(
                file.getFileName().toString().replaceFirst("^:+", "").replace(':', '/'));
    }
}
