package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The service as systemd reads it. */
class ServiceUnitTest {

    private static final Path DIST = Path.of("src/main/dist");

    @TempDir
    Path home;

    @Test
    void systemdUnderstandsEveryLine() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "no systemd here");
        Path start = Files.createDirectories(home.resolve("bin")).resolve("waybill");
        Files.copy(DIST.resolve("bin/waybill"), start);
        assertThat(start.toFile().setExecutable(true)).isTrue();
        String unit = unit();
        Files.writeString(home.resolve("waybill.service"), unit.replace("/opt/waybill", home.toString()));

        Process verify = new ProcessBuilder(
                        "systemd-analyze",
                        "verify",
                        home.resolve("waybill.service").toString())
                .redirectErrorStream(true)
                .start();

        String said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(verify.waitFor(Patience.MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(said).doesNotContain("waybill.service:");
        assertThat(verify.exitValue()).as(said).isZero();
    }

    @Test
    void itDoesNotTryAgainWhatTryingAgainDoesNotMend() throws IOException {
        assertThat(unit()).contains("RestartPreventExitStatus=" + CommandLine.ExitCode.USAGE + "\n");
    }

    /** Seen by a Java that only tells how it was called. */
    @Test
    void theStartScriptLetsNothingBeDeserialisedAndNoProcessGoOnHalfAlive() throws Exception {
        Path start = Files.createDirectories(home.resolve("bin")).resolve("waybill");
        Files.copy(DIST.resolve("bin/waybill"), start);
        Path java = Files.createDirectories(home.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$LC_ALL\" \"$@\"\n");
        assertThat(start.toFile().setExecutable(true) && java.toFile().setExecutable(true))
                .isTrue();
        Path link = Files.createSymbolicLink(home.resolve("waybill"), start);
        ProcessBuilder builder = new ProcessBuilder(link.toString(), "run", "-Dwaybill.node=a b");
        builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
        builder.environment().remove("JAVA_OPTS");
        builder.environment().put("LC_ALL", "C");

        Process process = builder.redirectErrorStream(true).start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines())
                .startsWith("C.UTF-8")
                .contains(
                        "-Xmx256m",
                        "-Djdk.serialFilter=!*",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Dwaybill.home=" + home.toRealPath(),
                        home.toRealPath() + "/lib/*")
                .endsWith("io.waybill.cli.Waybill", "run", "-Dwaybill.node=a b");
    }

    private static String unit() throws IOException {
        return Files.readString(DIST.resolve("service/waybill.service"));
    }
}
