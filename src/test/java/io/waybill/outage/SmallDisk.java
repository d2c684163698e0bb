package io.waybill.outage;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system of a few kilobytes in memory; only where this process may mount one, else the test is skipped. */
final class SmallDisk implements AutoCloseable {

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    static SmallDisk at(Path folder, String size) throws IOException {
        Files.createDirectories(folder);
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
        assumeTrue(mounted, "a full disk needs the right to mount one");
        return new SmallDisk(folder);
    }

    Path folder() {
        return folder;
    }

    /** Takes what is left of it. */
    void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(filler())) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            // as it should be
        }
    }

    /** Gives it back. */
    void free() throws IOException {
        Files.delete(filler());
    }

    void readOnly(boolean only) {
        assumeTrue(
                run("mount", "-o", "remount," + (only ? "ro" : "rw"), folder.toString()),
                "a read-only disk needs the right to mount one");
    }

    @Override
    public void close() {
        // lazily: whatever still holds a file there may end in its own time
        run("umount", "-l", folder.toString());
    }

    private Path filler() {
        return folder.resolve(".filler");
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(List.of(command))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
