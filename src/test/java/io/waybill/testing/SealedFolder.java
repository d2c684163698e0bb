package io.waybill.testing;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A folder in which nothing can be written or deleted for a while, by root neither; where that cannot be, the test is skipped. */
public final class SealedFolder {

    private SealedFolder() {}

    public static void during(Path folder, ThrowingCallable work) throws Throwable {
        try {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
            if (Files.isWritable(folder)) {
                immutable("+i", folder);
            }
            assumeFalse(Files.isWritable(folder), "this user may write into every folder");
            work.call();
        } finally {
            immutable("-i", folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static void immutable(String how, Path folder) throws InterruptedException {
        try {
            new ProcessBuilder("chattr", how, folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            // there is no such command here
            return;
        }
    }
}
