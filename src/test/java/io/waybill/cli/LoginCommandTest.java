package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.settings.Settings;
import io.waybill.testing.RunningWaybill;
import io.waybill.testing.TlsKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands against an engine that speaks TLS: with its token, and by name. */
class LoginCommandTest {

    @TempDir
    static Path work;

    private static Sandbox sandbox;
    private static RunningWaybill waybill;

    @BeforeAll
    static void start() {
        TlsKey.in(work);
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(work)
                .carriers(sandbox)
                .with("waybill.management.enabled", "true")
                .with("waybill.management.port", "0")
                .with("waybill.management.key-store", work.resolve("key.p12").toString())
                .with("waybill.management.key-store-password", "changeit")
                .start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
        sandbox.close();
        assertThat(work.resolve("conf/waybill.token")).doesNotExist();
    }

    @Test
    void whoStartsItIsToldOnceWhereTheConsoleIsAndItsPassword() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.out;
        Properties system = new Properties();
        system.setProperty("waybill.work", work.toString());
        system.setProperty("waybill.management.key-store", "key.p12");
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            Welcome.console(Settings.load(system, Map.of()), waybill.engine());
        } finally {
            System.setOut(before);
        }

        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "waybill: console https://127.0.0.1:" + waybill.engine().managementPort() + "/hawtio/",
                        "waybill: user admin, password "
                                + waybill.engine().password().orElseThrow() + " (said once; its hash is in "
                                + work.resolve("conf/users.properties") + ")");
    }

    @Test
    void theTokenOfTheEngineIsALogin() {
        assertThat(spoken("", "status"))
                .satisfies(said -> assertThat(said.code()).as(said.said()).isZero());
        assertThat(spoken("", "pause", "kdniao", "--reason", "why").said())
                .endsWith(" by " + System.getProperty("user.name") + ", until somebody resumes it\n");
    }

    @Test
    void aNameAndItsPasswordAreOne() {
        assertThat(spoken("only looking", "user", "add", "vera", "--role", "viewer")
                        .code())
                .isZero();

        assertThat(spoken("only looking", "status", "--user", "vera").code()).isZero();
        assertThat(spoken("only looking", "pause", "mabang", "--reason", "why", "--user", "vera"))
                .isEqualTo(new Spoken("waybill: the engine refused: a viewer may not do this\n", 1));
        assertThat(spoken("a wrong guess", "status", "--user", "vera"))
                .isEqualTo(new Spoken("waybill: the engine answered 401: wrong user or password\n", 1));
    }

    @Test
    void withoutATokenItIsSaidHowToLogIn() throws Exception {
        Path elsewhere = Files.createDirectory(work.resolve("elsewhere"));

        assertThat(spoken("", "status", "-Dwaybill.work=" + elsewhere).said())
                .startsWith("waybill: token '" + elsewhere.resolve("conf/waybill.token")
                        + "' cannot be read; is the engine running with these settings, and as your user?"
                        + " Otherwise log in with --user\n");
    }

    @Test
    void aPortThatSpeaksOtherwiseIsSaid() {
        assertThat(spoken("", "status", "-Dwaybill.management.key-store="))
                .satisfies(said -> assertThat(said.code()).isEqualTo(1))
                .satisfies(said -> assertThat(said.said())
                        .startsWith("waybill: what answers at http://127.0.0.1:")
                        .contains("/hawtio/jolokia does not speak http; does waybill.management.key-store say the same"
                                + " here and where the engine runs?"));
    }

    private static Spoken spoken(String typed, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments[0]));
        all.add("-Dwaybill.work=" + work);
        all.add("-Dwaybill.management.port=" + waybill.engine().managementPort());
        all.add("-Dwaybill.management.key-store=" + work.resolve("key.p12"));
        all.add("-Dwaybill.management.key-store-password=changeit");
        all.addAll(List.of(arguments).subList(1, arguments.length));
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream((typed + "\n").getBytes(StandardCharsets.UTF_8)));
        try {
            return Spoken.by(all);
        } finally {
            System.setIn(before);
        }
    }
}
