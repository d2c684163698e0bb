package io.waybill.outage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A regular file where a folder should be: nothing can be written there, not even by root. */
final class Obstacle {

    private final Path folder;
    private final Path aside;

    private Obstacle(Path folder, Path aside) {
        this.folder = folder;
        this.aside = aside;
    }

    /** Puts the folder aside, with all that is in it. */
    static Obstacle inPlaceOf(Path folder) throws IOException {
        Path aside = folder.resolveSibling(folder.getFileName() + "-aside");
        Files.move(folder, aside);
        Files.writeString(folder, "in the way");
        return new Obstacle(folder, aside);
    }

    /** Puts the folder back; whoever tries again at this moment may make it first, and put something into it. */
    void remove() throws IOException {
        Files.delete(folder);
        try (Stream<Path> all = Files.walk(aside)) {
            for (Path each : all.toList()) {
                Path back = folder.resolve(aside.relativize(each));
                if (Files.isDirectory(each)) {
                    Files.createDirectories(back);
                } else {
                    Files.move(each, back);
                }
            }
        }
    }
}
