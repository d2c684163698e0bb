package io.waybill.sink;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/**
 * What a process was writing under a hidden name when it died.
 *
 * <ol>
 *   <li>Labels, answers, dead letters and archived files are written as {@code .tmp-...} in the folder that they belong to, and
 *       renamed; so only such files are looked at, one folder below each of the roots.
 *   <li>One goes when its inode has not changed for a long time. A copy has the modification time of its original.
 *   <li>A node that was stopped so long over one, and goes on, cannot rename it any more, and writes it again.
 * </ol>
 */
public final class HalfWritten {

    private static final String OURS = ".tmp-*";

    /** Where there are no inodes, a copy was created when it began. */
    private static final String CHANGED =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix") ? "unix:ctime" : "creationTime";

    private final List<Path> roots;

    public HalfWritten(List<Path> roots) {
        this.roots = List.copyOf(roots);
    }

    /**
     * Deletes what nobody has written to since a moment.
     *
     * @return how many files
     * @throws IOException if one cannot be deleted; the next time tries again
     */
    public int drop(Instant before) throws IOException {
        int dropped = 0;
        for (Path root : roots.stream().filter(Files::isDirectory).toList()) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, HalfWritten::isFolder)) {
                for (Path folder : folders) {
                    dropped += drop(folder, before);
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return dropped;
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static int drop(Path folder, Instant before) throws IOException {
        int dropped = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, OURS)) {
            for (Path file : files) {
                dropped += isOld(file, before) && Files.deleteIfExists(file) ? 1 : 0;
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return dropped;
    }

    private static boolean isOld(Path file, Instant before) throws IOException {
        try {
            FileTime changed = (FileTime) Files.getAttribute(file, CHANGED, LinkOption.NOFOLLOW_LINKS);
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && changed.toInstant().isBefore(before);
        } catch (NoSuchFileException written) {
            return false;
        }
    }
}
