package io.waybill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.Installation;
import io.waybill.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** {@code bin/waybill} with some arguments in a process of its own; what it says goes to files, and it ends with this JVM. */
final class Child implements AutoCloseable {

    /** How long anything that should happen may take on a busy machine. */
    static final Duration PATIENCE = Patience.LIMIT;

    /** The exit code of what died by SIGKILL, as a shell and as Java tell it. */
    static final int KILLED = 137;

    /** The same of SIGTERM. */
    static final int TERMINATED = 143;

    private final Process process;
    private final Path out;
    private final Path log;

    private Child(Process process, Path out, Path log) {
        this.process = process;
        this.out = out;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /**
     * Starts it.
     *
     * @param files the beginning of the names of the files for standard output and standard error
     */
    static Child start(Path files, List<String> javaOptions, String... arguments) {
        Path out = files.resolveSibling(files.getFileName() + ".out");
        Path log = files.resolveSibling(files.getFileName() + ".log");
        ProcessBuilder builder = Installation.get()
                .waybill(javaOptions, List.of(arguments))
                .redirectOutput(out.toFile())
                .redirectError(log.toFile());
        try {
            return new Child(builder.start(), out, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a line on standard output that begins so, and gives its rest. */
    String awaitLine(String start) {
        try {
            Awaitility.await(start)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> line(start).isPresent() || !process.isAlive());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "; it " + hangs(), e);
        }
        return line(start).orElseThrow(() -> new AssertionError("it ended before it said '" + start + "':\n" + log()));
    }

    private Optional<String> line(String start) {
        return lines(out).stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst();
    }

    List<String> output() {
        return lines(out);
    }

    String log() {
        return String.join("\n", lines(log));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** kill -9. */
    void kill() {
        process.destroyForcibly();
    }

    /** kill. */
    void terminate() {
        process.destroy();
    }

    /** Whether it ends within this time. */
    boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits for its end and gives its exit code. */
    int awaitEnd() {
        assertThat(endsWithin(PATIENCE))
                .as(() -> "the end of " + out + ", which " + hangs())
                .isTrue();
        return process.exitValue();
    }

    /** What the threads of ours are doing, as the JVM itself tells it on its standard output, and what was logged. */
    private String hangs() {
        try {
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Patience.await("a thread dump")
                .until(() -> String.join("\n", lines(out)).contains("JNI global refs"));
        return Stream.of(String.join("\n", lines(out)).split("\n\n"))
                .filter(thread -> thread.startsWith("\"main\"") || thread.contains("io.waybill"))
                .map(thread -> thread.lines().limit(14).collect(Collectors.joining("\n")))
                .collect(Collectors.joining("\n", "hangs at\n", "\nand said\n" + log()));
    }

    @Override
    public void close() {
        kill();
        awaitEnd();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
