package io.waybill.crash;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.engine.EmbeddedBroker;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What lives on while Waybill dies: an installation for all JVMs of a test run, the simulated carriers and a broker for all tests
 * of a JVM.
 *
 * <p>Everything is below {@code target/crash} and stays there after the tests, logs included.
 */
final class Surroundings {

    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xlog:disable");

    private final Path folder;
    private final Path home;
    private final Path killJar;
    private final Path archive;
    private final EmbeddedBroker broker;
    private final Carriers carriers;

    /** In a folder that all JVMs of this run share; the first that comes installs. */
    private Surroundings(Path run) throws IOException, ClassNotFoundException {
        folder = fresh(
                Path.of("target/crash", Long.toString(ProcessHandle.current().pid()))
                        .toAbsolutePath());
        home = run.resolve("home");
        killJar = run.resolve("kill.jar");
        archive = run.resolve("classes.jsa");
        boolean installed = Files.exists(archive);
        if (!installed) {
            fresh(home);
            Home.install(home);
            KillJar.write(killJar);
        }
        broker = EmbeddedBroker.start(folder.resolve("broker"), List.of());
        carriers = Carriers.start(home, folder, QUICK);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        if (!installed) {
            archiveClasses();
        }
    }

    private static final class Holder {

        private static final Surroundings ALL = start();

        private static Surroundings start() {
            String run = System.getProperty(
                    "tests.run", Long.toString(ProcessHandle.current().pid()));
            Path shared = Path.of("target/crash/run-" + run).toAbsolutePath();
            try {
                Files.createDirectories(shared);
                try (FileChannel channel = FileChannel.open(shared.resolve("lock"), CREATE, WRITE);
                        FileLock alone = channel.lock()) {
                    assertThat(alone.isValid()).isTrue();
                    return new Surroundings(shared);
                }
            } catch (IOException | ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static Surroundings get() {
        return Holder.ALL;
    }

    Path folder() {
        return folder;
    }

    Path home() {
        return home;
    }

    EmbeddedBroker broker() {
        return broker;
    }

    Carriers carriers() {
        return carriers;
    }

    /** For a process that can be armed through this folder. */
    List<String> javaOptions(Path switchFolder) {
        List<String> options = new ArrayList<>(QUICK);
        options.add("-XX:SharedArchiveFile=" + near(archive));
        options.add("-javaagent:" + near(killJar) + "=" + near(switchFolder));
        return options;
    }

    List<String> javaOptions() {
        List<String> options = new ArrayList<>(QUICK);
        options.add("-XX:SharedArchiveFile=" + near(archive));
        return options;
    }

    /** A start costs half when the classes that it needs were archived by an earlier one. */
    private void archiveClasses() {
        try (Site site = new Site(this, "archive", Base.H2, Map.of())) {
            List<String> options = new ArrayList<>(QUICK);
            options.add("-XX:ArchiveClassesAtExit=" + near(archive));
            site.start(options);
            site.life().terminate();
            site.life().awaitEnd();
        }
    }

    /** Relative, since the start script takes its options apart at blanks. */
    private static Path near(Path path) {
        return Path.of("").toAbsolutePath().relativize(path);
    }

    private static Path fresh(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        return Files.createDirectories(folder);
    }
}
