package io.waybill.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.testing.Patience;
import io.waybill.testing.QuickUsers;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartTest {

    @TempDir
    Path folder;

    @Test
    void aTakenPortIsRefusedBeforeTheStart() throws Exception {
        ManagementSettings free = Running.settings(folder);
        QuickUsers.add(free.usersFile(), "admin", "operator", "nobody logs in");

        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = other.getLocalPort();

            assertThatThrownBy(() -> Management.configure(new Main(), on(port, free), Clock.systemUTC()))
                    .hasMessage(
                            "open the management port 127.0.0.1:%d: Address already in use; stop what uses it or set waybill.management.port",
                            port);
        }
    }

    @Test
    void aHostThatThereIsNotIsRefusedByItsName() {
        assertThatThrownBy(() -> ManagementPort.free("no host", 1))
                .hasMessage("open the management port no host:1: there is no such host; set waybill.management.host");
    }

    @Test
    void aPortTakenDuringTheStartIsRefused() throws Exception {
        Running running = new Running(folder);
        int port = running.management.port();

        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(other.isBound()).isTrue();
            assertThatThrownBy(running::start)
                    .hasStackTraceContaining("open the management port 127.0.0.1:" + port
                            + ": Address already in use; stop what uses it or set waybill.management.port");
        }
        assertThat(running.main.getCamelContext().isStopped()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"uploadEnabled", "downloadEnabled", "sendEnabled", "devConsoleEnabled", "infoEnabled"})
    void nothingElseMayBeSwitchedOn(String option) throws Exception {
        Running running = new Running(folder);
        running.main.addInitialProperty("camel.management." + option, "true");
        running.main.addInitialProperty("camel.management.uploadSourceDir", folder.toString());

        assertThatThrownBy(running::start)
                .hasStackTraceContaining("open the management port 127.0.0.1:" + running.management.port()
                        + ": camel.management." + option + " must stay off; remove the setting");
        assertSilent(running.management.port());
    }

    @Test
    void noThreadOfItKeepsTheProcessFromItsEnd() throws Exception {
        Set<Thread> before = waitedFor();
        try (Running running = new Running(folder).start()) {
            assertThat(waitedFor()).isNotEqualTo(before);
            running.raw("GET /observe/health HTTP/1.1");
        }

        Patience.await().untilAsserted(() -> assertThat(before).containsAll(waitedFor()));
    }

    private static Set<Thread> waitedFor() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon() && thread.getName().startsWith("vert.x"))
                .collect(Collectors.toSet());
    }

    @Test
    void aSettingsFileCannotSwitchThePasswordOff() throws Exception {
        Running running = new Running(folder);
        running.main.addInitialProperty("camel.management.authenticationEnabled", "false");
        running.main.addInitialProperty("camel.management.authenticationPath", "/nowhere");

        try (running) {
            running.start();

            assertThat(running.raw("GET /observe/health HTTP/1.1")).startsWith("HTTP/1.1 401 ");
        }
    }

    @ParameterizedTest
    @CsvSource({"camel.management.port, 0", "camel.management.enabled, false"})
    void aSystemPropertyThatMakesCamelOpenAnotherPortFailsTheStart(String name, String value) throws Exception {
        Running running = new Running(folder);
        System.setProperty(name, value);
        try {
            assertThatThrownBy(running::start)
                    .hasStackTraceContaining(
                            "open the management port 127.0.0.1:%d: Camel opened another one; remove camel.management settings"
                                    .formatted(running.management.port()));
        } finally {
            System.clearProperty(name);
        }
        assertSilent(running.management.port());
    }

    @Test
    void aSystemPropertySwitchesNoPasswordOff() throws Exception {
        System.setProperty("camel.management.authenticationEnabled", "false");
        try (Running running = new Running(folder).start()) {
            assertThat(running.raw("GET /observe/health HTTP/1.1")).startsWith("HTTP/1.1 401 ");
        } finally {
            System.clearProperty("camel.management.authenticationEnabled");
        }
    }

    @Test
    void thePortOfTheOrderApiIsNotShared() throws Exception {
        Running running = new Running(folder);
        running.main.addInitialProperty("camel.server.enabled", "true");
        running.main.addInitialProperty("camel.server.host", "127.0.0.1");
        running.main.addInitialProperty("camel.server.port", Integer.toString(running.management.port()));

        assertThatThrownBy(running::start)
                .hasStackTraceContaining(
                        "open the management port 127.0.0.1:%d: ".formatted(running.management.port()));
        assertSilent(running.management.port());
    }

    @Test
    void switchedOffItOpensNoPort() throws Exception {
        Main main = new Main();
        Running.prepare(main, folder);
        ManagementSettings on = Running.settings(folder);
        ManagementSettings off = new ManagementSettings(
                false,
                on.host(),
                0,
                on.usersFile(),
                on.tokenFile(),
                on.limits(),
                on.patience(),
                on.tls(),
                on.proxies(),
                false);
        Management management = Management.configure(main, off, Clock.systemUTC());

        main.start();
        main.stop();

        assertThat(management.port()).isZero();
        assertThat(folder.resolve("conf")).doesNotExist();
    }

    @Test
    void withoutAUsersFileNothingStarts() {
        ManagementSettings settings = Running.settings(folder);
        Path none = settings.usersFile();

        assertThatThrownBy(() -> Management.configure(new Main(), settings, Clock.systemUTC()))
                .hasMessage("read the users file '%s': java.nio.file.NoSuchFileException: %s", none, none);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void aPortThatCannotBeIsRefused(int port) {
        assertThatThrownBy(() -> on(port, Running.settings(folder)))
                .hasMessage("read waybill.management.port: expected 0 to 65535, was '%d'", port);
    }

    private static ManagementSettings on(int port, ManagementSettings some) {
        return new ManagementSettings(
                true,
                some.host(),
                port,
                some.usersFile(),
                some.tokenFile(),
                some.limits(),
                some.patience(),
                some.tls(),
                some.proxies(),
                false);
    }

    private static void assertSilent(int port) {
        assertThatThrownBy(() -> new Socket("127.0.0.1", port).close()).isInstanceOf(ConnectException.class);
    }
}
