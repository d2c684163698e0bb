package io.waybill.intake;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the file system says about a file without opening it or following a link.
 *
 * @param kind what it is
 * @param links how many names it has
 * @param size in bytes
 * @param changed when its content, its name or its times were last changed, by the file system's clock
 * @param key the same for the same file under any name, null where the file system has no such thing
 */
record FileFacts(Kind kind, int links, long size, Instant changed, Object key) {

    enum Kind {
        FILE,
        FOLDER,
        LINK,
        OTHER
    }

    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    // by name, since "all" would look up the names of owner and group
    private static final String WANTED = "isSymbolicLink,isDirectory,isRegularFile,size,lastModifiedTime,fileKey";
    private static final String VIEW = UNIX ? "unix:nlink,ctime," + WANTED : WANTED;

    static FileFacts of(Path file) throws IOException {
        Map<String, Object> facts = Files.readAttributes(file, VIEW, LinkOption.NOFOLLOW_LINKS);
        FileTime modified = (FileTime) facts.get("lastModifiedTime");
        // a copy that keeps the times of its original sets them last: only this one tells when it was written
        FileTime touched = (FileTime) facts.getOrDefault("ctime", modified);
        return new FileFacts(
                kind(facts),
                (Integer) facts.getOrDefault("nlink", 1),
                (Long) facts.get("size"),
                (modified.compareTo(touched) > 0 ? modified : touched).toInstant(),
                facts.get("fileKey"));
    }

    /**
     * The same for a file with the same content under any name, on every node and after a restart, which may give a disk another
     * number; other for every other file that is there.
     */
    static String identity(Path file) throws IOException {
        Map<String, Object> facts = Files.readAttributes(
                file, UNIX ? "unix:ino,size,lastModifiedTime" : "size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        FileTime written = (FileTime) facts.get("lastModifiedTime");
        return facts.getOrDefault("ino", "") + "-" + facts.get("size") + "-" + written.to(TimeUnit.NANOSECONDS);
    }

    /** Whether nothing was changed for so long. */
    boolean quietFor(Duration time, Instant now) {
        return !changed.plus(time).isAfter(now);
    }

    private static Kind kind(Map<String, Object> facts) {
        if ((Boolean) facts.get("isSymbolicLink")) {
            return Kind.LINK;
        }
        if ((Boolean) facts.get("isDirectory")) {
            return Kind.FOLDER;
        }
        return (Boolean) facts.get("isRegularFile") ? Kind.FILE : Kind.OTHER;
    }
}
