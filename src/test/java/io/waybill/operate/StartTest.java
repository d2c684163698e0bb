package io.waybill.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartTest {

    @TempDir
    Path folder;

    @Test
    void aTakenPortIsRefusedBeforeTheStart() throws Exception {
        Path users = users();

        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = other.getLocalPort();

            assertThatThrownBy(() ->
                            Management.configure(new Main(), new ManagementSettings(true, "127.0.0.1", port, users)))
                    .hasMessage(
                            "open the management port 127.0.0.1:%d: Address already in use; stop what uses it or set waybill.management.port",
                            port);
        }
    }

    @Test
    void aPortTakenDuringTheStartIsRefused() throws Exception {
        Running running = new Running(folder);
        int port = running.management.port();

        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            Thread answer = answering(other);

            assertThatThrownBy(running::start)
                    .hasStackTraceContaining("open the management port 127.0.0.1:" + port
                            + ": another program answers there; stop it or set waybill.management.port");
            answer.join();
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
    void aSettingsFileCannotSwitchThePasswordOff() throws Exception {
        Running running = new Running(folder);
        running.main.addInitialProperty("camel.management.authenticationEnabled", "false");
        running.main.addInitialProperty("camel.management.authenticationPath", "/nowhere");

        try (running) {
            running.start();

            assertThat(running.raw("GET /observe/health HTTP/1.1")).startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void aSystemPropertyThatSwitchesThePasswordOffFailsTheStart() throws Exception {
        Running running = new Running(folder);
        System.setProperty("camel.management.authenticationEnabled", "false");
        try {
            assertThatThrownBy(running::start)
                    .hasStackTraceContaining(
                            "open the management port 127.0.0.1:%d: '/' without a password: expected 401, was 404; the start is refused"
                                    .formatted(running.management.port()));
        } finally {
            System.clearProperty("camel.management.authenticationEnabled");
        }
        assertSilent(running.management.port());
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
        Management management =
                Management.configure(main, new ManagementSettings(false, "127.0.0.1", 0, folder.resolve("none")));

        main.start();
        main.stop();

        assertThat(management.port()).isZero();
    }

    @Test
    void withoutAUsersFileNothingStarts() {
        Path none = folder.resolve("none");

        assertThatThrownBy(() -> Management.configure(new Main(), new ManagementSettings(true, "127.0.0.1", 0, none)))
                .hasMessage("read the users file '%s': java.nio.file.NoSuchFileException: %s", none, none);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void aPortThatCannotBeIsRefused(int port) {
        assertThatThrownBy(() -> new ManagementSettings(true, "127.0.0.1", port, folder))
                .hasMessage("read waybill.management.port: expected 0 to 65535, was '%d'", port);
    }

    private Path users() {
        Path users = folder.resolve("users.properties");
        UsersFile.ensure(users);
        assertThat(Files.exists(users)).isTrue();
        return users;
    }

    /** Another program on the port, which wants a password too. */
    private static Thread answering(ServerSocket other) {
        Thread thread = new Thread(() -> {
            try (Socket caller = other.accept()) {
                caller.getOutputStream().write("HTTP/1.1 401 Unauthorized\r\n\r\n".getBytes());
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        });
        thread.start();
        return thread;
    }

    private static void assertSilent(int port) {
        assertThatThrownBy(() -> new Socket("127.0.0.1", port).close()).isInstanceOf(ConnectException.class);
    }
}
