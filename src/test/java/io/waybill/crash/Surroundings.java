package io.waybill.crash;

import io.waybill.engine.EmbeddedBroker;
import io.waybill.testing.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What lives on while Waybill dies: the simulated carriers and a broker for all tests of a JVM.
 *
 * <p>Everything is below {@code target/crash} and stays there after the tests, logs included.
 */
final class Surroundings {

    private final Path folder;
    private final Path killJar;
    private final EmbeddedBroker broker;
    private final Carriers carriers;

    private Surroundings() throws IOException {
        folder = fresh(
                Path.of("target/crash", Long.toString(ProcessHandle.current().pid()))
                        .toAbsolutePath());
        killJar = Installation.get().shared("kill.jar", KillJar::write);
        broker = EmbeddedBroker.start(folder.resolve("broker"), List.of());
        carriers = Carriers.start(folder);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
    }

    private static final class Holder {

        private static final Surroundings ALL = start();

        private static Surroundings start() {
            try {
                return new Surroundings();
            } catch (IOException e) {
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

    EmbeddedBroker broker() {
        return broker;
    }

    Carriers carriers() {
        return carriers;
    }

    /** For a process that can be armed through this folder. */
    List<String> armed(Path switchFolder) {
        return List.of("-javaagent:" + Installation.near(killJar) + "=" + Installation.near(switchFolder));
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
