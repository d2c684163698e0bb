package io.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsersFileTest {

    private static final String LINE = "ann = viewer, " + PasswordHash.ofNone(1000);

    @TempDir
    Path folder;

    private Path file;
    private UsersFile users;

    @BeforeEach
    void place() {
        file = folder.resolve("conf/users.properties");
        users = new UsersFile(file);
    }

    @Test
    void theFirstStartWritesAHashThatOnlyItsOwnerReads() throws Exception {
        String password = users.ensure().orElseThrow();

        assertThat(password).matches("[A-Za-z0-9_-]{24}");
        assertThat(Files.readString(file))
                .matches("admin = operator, pbkdf2-sha512\\$210000\\$[^$]+\\$[^$]+\n")
                .doesNotContain(password);
        assertThat(users.read().get("admin").password().matches(password)).isTrue();
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(file.getParent())).isEqualTo("rwx------");
        assertThat(file.getParent()).isDirectoryNotContaining(path -> !path.equals(file));
        assertThat(users.ensure()).isEqualTo(Optional.empty());
    }

    @Test
    void usersAreAddedChangedAndRemovedAndTheRestOfTheFileStays() throws Exception {
        users = new UsersFile(file, 2000);
        write("# ours\n\n" + LINE + "\n", "rw-------");

        users.add("bob", Role.OPERATOR, "a good password");
        // what a name costs that nobody has
        assertThat(new Users(users).iterations()).isEqualTo(2000);
        users.change("ann", Optional.empty(), "another password");
        users.change("bob", Optional.of(Role.VIEWER), "a third password");

        assertThat(Files.readAllLines(file)).hasSize(4).startsWith("# ours", "");
        assertThat(users.roles()).hasToString("{ann=VIEWER, bob=VIEWER}");
        assertThat(users.read().get("ann").password().matches("another password"))
                .isTrue();
        assertThat(users.read().get("bob").password().matches("a good password"))
                .isFalse();
        assertThat(mode(file)).isEqualTo("rw-------");

        users.remove("ann");

        assertThat(users.roles()).hasToString("{bob=VIEWER}");
        assertThatThrownBy(() -> users.remove("bob"))
                .hasMessage("user 'bob': is the only one, and nobody could log in; add another one first");
    }

    @Test
    void whatCannotBeAUserIsRefusedAndNothingIsWritten() throws Exception {
        write(LINE + "\n", "rw-------");

        assertThatThrownBy(() -> users.add("ann", Role.VIEWER, "a good password"))
                .hasMessage("user 'ann': is there; 'waybill user passwd' changes him");
        assertThatThrownBy(() -> users.change("eve", Optional.empty(), "a good password"))
                .hasMessage("user 'eve': nobody knows him");
        assertThatThrownBy(() -> users.add("bob", Role.VIEWER, "too short"))
                .hasMessage("user 'bob': expected a password of 10 to 500 characters, was of 9");
        for (String name : List.of("", "a b", "a=b", "a\nb", "#a", "ä", "x".repeat(65))) {
            assertThatThrownBy(() -> users.add(name, Role.VIEWER, "a good password"))
                    .hasMessageEndingWith("expected a name of letters, digits and . _ @ -");
        }
        assertThat(file).hasContent(LINE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# ann = viewer, x\n"})
    void aFileWithoutAUserIsRefused(String text) throws Exception {
        write(text, "rw-------");

        assertThatThrownBy(users::ensure)
                .hasMessage(
                        "read the users file '%s': it names no user; add one with 'waybill user add', or remove the file",
                        file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user.eve = s3cret,administrator",
                "eve = operator, s3cret",
                "eve = s3cret",
                "eve",
                "eve =",
                "= operator, s3cret",
                "eve = king, s3cret",
                "eve = operator, pbkdf2-sha512$210000$s3cret",
                "eve = operator, pbkdf2-sha512$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "eve = operator, pbkdf2-sha512$9999999$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
            })
    void aPasswordInClearTextIsRefusedAndNotRepeated(String line) throws Exception {
        write(LINE + "\n" + line + "\n", "rw-------");

        assertThatThrownBy(users::ensure)
                .hasMessage(
                        "read the users file '%s': line 2 is not 'name = viewer|operator, hash'; passwords in clear text are"
                                + " not accepted, write the user with 'waybill user add'",
                        file);
    }

    @Test
    void aUserWhoIsThereTwiceIsRefused() throws Exception {
        write(LINE + "\n" + LINE + "\n", "rw-------");

        assertThatThrownBy(users::ensure)
                .hasMessage("read the users file '%s': line 2: the user 'ann' is there twice", file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw------x", "rw--w----"})
    void aFileThatOthersMayUseIsRefused(String mode) throws Exception {
        write(LINE, mode);

        assertThatThrownBy(users::ensure)
                .hasMessage(
                        "read the users file '%s': others may use it, its mode is '%s'; run chmod 600 on it",
                        file, mode);
    }

    @Test
    void aFileThatCannotBeReadIsRefused() throws Exception {
        Files.createDirectories(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThatThrownBy(users::ensure)
                .hasMessage("read the users file '%s': java.io.IOException: Is a directory", file);
    }

    @Test
    void aReadOnlyFileOfTheOwnerWillDo() throws Exception {
        write(LINE, "r--------");

        assertThat(users.ensure()).isEmpty();
    }

    private void write(String text, String mode) throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static String mode(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
