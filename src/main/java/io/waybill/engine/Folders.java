package io.waybill.engine;

import io.waybill.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The folders that a running Waybill works in. */
final class Folders {

    /** Their names, each with its setting {@code waybill.<name>}. */
    static final List<String> NAMES = List.of("inbox", "outbox", "labels", "dead-letters", "archive");

    private static final String OURS = "rwx------";

    private Folders() {}

    static List<Path> of(Settings settings) {
        return NAMES.stream().map(name -> settings.path("waybill." + name)).toList();
    }

    /** Makes those that are not there, and that of the H2 database where it is in the work folder. */
    static void make(Settings settings) {
        for (String name : NAMES) {
            make(settings.path("waybill." + name), "waybill." + name, mode(name));
        }
        Path data = settings.work().resolve("data");
        if (settings.get("waybill.db.url").contains(data.toString())) {
            make(data, "waybill.db.url", OURS);
        }
        takeFrom(settings.path("waybill.inbox"));
    }

    /** What is written elsewhere waits for its folder, but of an inbox that nothing can be taken from nobody would hear. */
    private static void takeFrom(Path inbox) {
        if (!Files.isReadable(inbox) || !Files.isWritable(inbox) || !Files.isExecutable(inbox)) {
            throw new UncheckedIOException(
                    "folder '" + inbox + "' of setting 'waybill.inbox' cannot be read and written by user '"
                            + System.getProperty("user.name") + "', and files are taken from it by renaming them",
                    new AccessDeniedException(inbox.toString()));
        }
    }

    private static void make(Path folder, String setting, String mode) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("folder '" + folder + "' of setting '" + setting + "' cannot be made", e);
        }
    }

    /** Dead letters and archived orders hold addresses and are read by operators only. */
    private static String mode(String folder) {
        return folder.equals("dead-letters") || folder.equals("archive") ? OURS : "rwxr-x---";
    }
}
