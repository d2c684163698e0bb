package io.waybill.testing;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * An installation as the archive lays it out ({@code bin lib routes mappings}), made of what was just compiled, for all JVMs of a
 * test run: the first that wants it makes it. What is started from it takes its classes from an archive, so that the start
 * costs half.
 */
public final class Installation {

    /** For a process that lives for seconds. */
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xlog:disable");

    private final Path folder;
    private final Path home;
    private final Path archive;

    private Installation(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.home = shared("home", Installation::install);
        this.archive = shared("classes.jsa", this::archive);
    }

    private static final class Holder {

        private static final Installation ONE = make();

        private static Installation make() {
            String run = System.getProperty(
                    "tests.run", Long.toString(ProcessHandle.current().pid()));
            try {
                return new Installation(Path.of("target/crash/run-" + run).toAbsolutePath());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The one of this run. */
    public static Installation get() {
        return Holder.ONE;
    }

    /** How something that is shared is made. */
    @FunctionalInterface
    public interface Making {

        /** Makes it at this place, where nothing is yet. */
        void at(Path place) throws IOException;
    }

    /** A file or folder beside it for all JVMs of this run; the first that wants it makes it. */
    public Path shared(String name, Making making) throws IOException {
        Path place = folder.resolve(name);
        try (FileChannel channel = FileChannel.open(folder.resolve(name + ".lock"), CREATE, WRITE);
                FileLock alone = channel.lock()) {
            assertThat(alone.isValid()).isTrue();
            if (!Files.exists(place)) {
                Path draft = folder.resolve(name + ".draft");
                making.at(draft);
                Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
            }
            return place;
        }
    }

    /** {@code bin/waybill} with some arguments, at {@code JAVA_OPTS} more options of the JVM; not started yet. */
    public ProcessBuilder waybill(List<String> javaOptions, List<String> arguments) {
        List<String> options = new ArrayList<>(QUICK);
        options.add("-XX:SharedArchiveFile=" + near(archive));
        options.addAll(javaOptions);
        return process(options, arguments);
    }

    /** A class of the tests in a JVM of its own; not started yet. */
    public ProcessBuilder java(Class<?> main, String heap, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK);
        String tests = main.getProtectionDomain().getCodeSource().getLocation().getPath();
        command.addAll(List.of(
                "-XX:SharedArchiveFile=" + archive,
                "-Xmx" + heap,
                "-cp",
                home.resolve("lib") + "/*" + File.pathSeparator + tests,
                main.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /** Relative, since the start script takes its options apart at blanks. */
    public static Path near(Path path) {
        return Path.of("").toAbsolutePath().relativize(path);
    }

    private ProcessBuilder process(List<String> javaOptions, List<String> arguments) {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/waybill").toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS", String.join(" ", javaOptions));
        return builder;
    }

    /** The classes that the demo needs, which is nearly all that anything needs. */
    private void archive(Path place) throws IOException {
        List<String> options = new ArrayList<>(QUICK);
        options.add("-XX:ArchiveClassesAtExit=" + near(place));
        Path log = folder.resolve("demo.log");
        Process demo = process(
                        options,
                        List.of(
                                "demo",
                                "--exit",
                                "-Dwaybill.work=" + folder.resolve("demo"),
                                "-Dwaybill.management.port=0"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(demo.waitFor(Patience.MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            demo.destroyForcibly();
        }
        assertThat(place).as(() -> "see " + log).exists();
    }

    private static void install(Path home) throws IOException {
        Files.createDirectories(home.resolve("lib"));
        Files.createDirectories(home.resolve("bin"));
        Path script = home.resolve("bin/waybill");
        Files.copy(Path.of("src/main/dist/bin/waybill"), script);
        script.toFile().setExecutable(true);
        for (String each : List.of("routes", "mappings")) {
            RunningWaybill.copy(Path.of(each), home.resolve(each));
        }
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : path.split(File.pathSeparator)) {
            Path each = Path.of(entry).toAbsolutePath();
            if (entry.endsWith(".jar")) {
                Files.createSymbolicLink(home.resolve("lib").resolve(each.getFileName()), each);
            } else if (Files.exists(each.resolve("application.properties"))) {
                pack(each, home.resolve("lib/waybill.jar"));
            }
        }
    }

    /** With an entry for each folder, since migrations are searched for by folder. */
    private static void pack(Path classes, Path jar) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar));
                Stream<Path> all = Files.walk(classes)) {
            out.setLevel(0);
            for (Path each : all.filter(path -> !path.equals(classes)).toList()) {
                boolean directory = Files.isDirectory(each);
                out.putNextEntry(new ZipEntry(classes.relativize(each) + (directory ? "/" : "")));
                if (!directory) {
                    Files.copy(each, out);
                }
                out.closeEntry();
            }
        }
    }
}
