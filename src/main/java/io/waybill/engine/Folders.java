package io.waybill.engine;

import io.waybill.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** The folders that a running Waybill works in. */
final class Folders {

    /** Their names, each with its setting {@code waybill.<name>}. */
    static final List<String> NAMES = List.of("inbox", "outbox", "labels", "dead-letters", "archive");

    private Folders() {}

    static List<Path> of(Settings settings) {
        return NAMES.stream().map(name -> settings.path("waybill." + name)).toList();
    }

    /** Makes those that are not there. */
    static void make(Settings settings) {
        for (String name : NAMES) {
            Path folder = settings.path("waybill." + name);
            try {
                if (!Files.isDirectory(folder)) {
                    Files.createDirectories(folder);
                    Files.setPosixFilePermissions(folder, mode(name));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "folder '" + folder + "' of setting 'waybill." + name + "' cannot be made", e);
            }
        }
    }

    /** Dead letters and archived orders hold addresses and are read by operators only. */
    private static Set<PosixFilePermission> mode(String folder) {
        boolean ours = folder.equals("dead-letters") || folder.equals("archive");
        return PosixFilePermissions.fromString(ours ? "rwx------" : "rwxr-x---");
    }
}
