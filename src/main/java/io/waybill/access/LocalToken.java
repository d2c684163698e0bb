package io.waybill.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The key of the command line to the engine on the same machine: a random secret in a file (mode 600) that is new with each
 * start and gone after its end. Who can read it may stop the process and read its database anyway; it logs in as operator,
 * by the name of the operating system's user whose file it is.
 */
public final class LocalToken implements AutoCloseable {

    private final Path file;
    private final String secret;

    private LocalToken(Path file, String secret) {
        this.file = file;
        this.secret = secret;
    }

    /** Writes a new one. */
    public static LocalToken write(Path file) {
        String secret = Secret.random();
        try {
            PrivateFile.write(file, secret + "\n");
        } catch (IOException refused) {
            throw new UncheckedIOException("write the token '%s': %s".formatted(file, refused), refused);
        }
        return new LocalToken(file, secret);
    }

    /** What the command line says to the engine. */
    public static String read(Path file) throws IOException {
        return Files.readString(file).strip();
    }

    String digest() {
        return Secret.digest(secret);
    }

    @Override
    public void close() {
        try {
            // another process may have started with this file meanwhile
            if (Files.exists(file) && read(file).equals(secret)) {
                Files.delete(file);
            }
        } catch (IOException left) {
            throw new UncheckedIOException("remove the token '%s': %s".formatted(file, left), left);
        }
    }
}
