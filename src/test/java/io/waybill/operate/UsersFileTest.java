package io.waybill.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsersFileTest {

    @TempDir
    Path folder;

    @Test
    void theFirstStartWritesAFileOnlyItsOwnerReads() throws Exception {
        Path file = folder.resolve("a/b/users.properties");

        String password = UsersFile.ensure(file).orElseThrow();

        assertThat(file).hasContent("user.admin = %s,administrator%nrole.administrator = *%n".formatted(password));
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(file.getParent())).isEqualTo("rwx------");
        assertThat(file.getParent()).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void thePasswordIsLongRandomAndHandedOutOnce() {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");

        String password = UsersFile.ensure(first).orElseThrow();

        assertThat(password).matches("[A-Za-z0-9_-]{24}");
        assertThat(UsersFile.ensure(first)).isEqualTo(Optional.empty());
        assertThat(UsersFile.ensure(second).orElseThrow()).isNotEqualTo(password);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# user.admin = x\n", "role.administrator = *\n", " user.admin = x\n"})
    void aFileWithoutAUserIsRefused(String text) throws Exception {
        Path file = write(text, "rw-------");

        assertThatThrownBy(() -> UsersFile.ensure(file))
                .hasMessage(
                        "read the users file '%s': it names no user; add a line 'user.<name> = <password>,<role>' or remove the file",
                        file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user.eve", "user.eve =", "user.eve = ", "user.eve = ,administrator"})
    void aUserWithoutAPasswordIsRefused(String line) throws Exception {
        Path file = write("user.admin = secret\n" + line + "\n", "rw-------");

        assertThatThrownBy(() -> UsersFile.ensure(file))
                .hasMessage("read the users file '%s': the user 'eve' has no name or no password", file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw------x", "rw--w----"})
    void aFileThatOthersMayUseIsRefused(String mode) throws Exception {
        Path file = write("user.admin = secret\n", mode);

        assertThatThrownBy(() -> UsersFile.ensure(file))
                .hasMessage(
                        "read the users file '%s': others may use it, its mode is '%s'; run chmod 600 on it",
                        file, mode);
    }

    @Test
    void aFileThatCannotBeReadIsRefused() throws Exception {
        Path directory = Files.createDirectory(
                folder.resolve("users"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));

        assertThatThrownBy(() -> UsersFile.ensure(directory))
                .hasMessage("read the users file '%s': java.io.IOException: Is a directory", directory);
    }

    @Test
    void aReadOnlyFileOfTheOwnerWillDo() throws Exception {
        Path file = write("user.admin = secret,administrator\n", "r--------");

        assertThat(UsersFile.ensure(file)).isEmpty();
    }

    private Path write(String text, String mode) throws Exception {
        Path file = Files.writeString(folder.resolve("users.properties"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static String mode(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
