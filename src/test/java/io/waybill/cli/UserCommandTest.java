package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserCommandTest {

    @TempDir
    Path work;

    @Test
    void usersAreKeptByCommand() throws Exception {
        assertThat(user("a long password", "add", "ann", "--role", "viewer"))
                .isEqualTo(new Spoken("user ann is there, as viewer\n", 0));
        assertThat(user("another password", "add", "bob", "--role", "operator").code())
                .isZero();
        assertThat(user("", "list").said()).isEqualTo("ann\tviewer\nbob\toperator\n");
        assertThat(user("a third password", "passwd", "ann", "--role", "operator")
                        .said())
                .isEqualTo("user ann has another password\n");
        assertThat(user("", "remove", "bob").said()).isEqualTo("user bob is gone\n");

        assertThat(user("", "list").said()).isEqualTo("ann\toperator\n");
        assertThat(Files.readString(work.resolve("conf/users.properties"))).doesNotContain("password");
    }

    @Test
    void whatCannotBeDoneIsSaid() {
        assertThat(user("short", "add", "ann", "--role", "viewer"))
                .isEqualTo(
                        new Spoken("waybill: user 'ann': expected a password of 10 to 500 characters, was of 5\n", 1));
        for (Spoken unknown : List.of(
                user("a long password", "add", "ann", "--role", "king"),
                user("a long password", "passwd", "ann", "--role", "king"))) {
            assertThat(unknown.said())
                    .startsWith("Invalid value for option '--role': expected viewer or operator, was 'king'\n");
            assertThat(unknown.code()).isEqualTo(2);
        }
        assertThat(user("a long password", "add", "ann").said()).startsWith("Missing required option: '--role=<role>'");
        assertThat(user("a long password", "passwd", "eve").said())
                .isEqualTo("waybill: user 'eve': nobody knows him\n");
        assertThat(work.resolve("conf")).doesNotExist();
    }

    private Spoken user(String typed, String... arguments) {
        List<String> all = new ArrayList<>(List.of("user"));
        all.addAll(List.of(arguments));
        all.add("-Dwaybill.work=" + work);
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream((typed + "\n").getBytes(StandardCharsets.UTF_8)));
        try {
            return Spoken.by(all);
        } finally {
            System.setIn(before);
        }
    }
}
