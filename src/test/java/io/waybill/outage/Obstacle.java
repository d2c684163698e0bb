package io.waybill.outage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

    /** Puts the folder back. */
    void remove() throws IOException {
        Files.delete(folder);
        Files.move(aside, folder);
    }
}
