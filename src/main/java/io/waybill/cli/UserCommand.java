package io.waybill.cli;

import io.waybill.access.Role;
import io.waybill.access.UsersFile;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** {@code waybill user}: who may log in to the management port. */
@Command(
        name = "user",
        description = {
            "Keeps the users of the management port. A running engine knows of a change at once.",
            "Passwords are asked for at the terminal, or are the first line of the standard input."
        },
        footer = {
            "",
            "Examples:",
            "  waybill user add ann --role viewer",
            "  waybill user passwd ann",
            "  waybill user list"
        })
final class UserCommand {

    private static final String WHO = "letters, digits and . _ @ -";
    private static final String ROLES = "viewer sees everything, operator also decides and stops routes";

    @ParentCommand
    private Waybill waybill;

    @Command(mixinStandardHelpOptions = true, name = "add", description = "Adds a user.")
    int add(
            @Parameters(paramLabel = "NAME", description = WHO) String name,
            @Option(
                            names = "--role",
                            required = true,
                            converter = RoleWords.class,
                            completionCandidates = RoleWords.class,
                            description = ROLES)
                    Role role) {
        file().add(name, role, Typed.newPassword(name));
        return said("user " + name + " is there, as " + role.word());
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "passwd",
            description = "Gives a user another password, which ends his sessions.")
    int passwd(
            @Parameters(paramLabel = "NAME", description = WHO) String name,
            @Option(
                            names = "--role",
                            converter = RoleWords.class,
                            completionCandidates = RoleWords.class,
                            description = ROLES + "; else he keeps his")
                    Role role) {
        file().change(name, Optional.ofNullable(role), Typed.newPassword(name));
        return said("user " + name + " has another password");
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "remove",
            description = "Takes a user away, which ends his sessions.")
    int remove(@Parameters(paramLabel = "NAME", description = WHO) String name) {
        file().remove(name);
        return said("user " + name + " is gone");
    }

    @Command(mixinStandardHelpOptions = true, name = "list", description = "Prints the users and their roles.")
    int list() {
        file().roles().forEach((name, role) -> System.out.println(name + "\t" + role.word()));
        return 0;
    }

    private UsersFile file() {
        return new UsersFile(waybill.settings().path("waybill.management.users"));
    }

    private static int said(String sentence) {
        System.out.println(sentence);
        return 0;
    }

    /** The words for roles, as they are typed. */
    private static final class RoleWords implements ITypeConverter<Role>, Iterable<String> {

        @Override
        public Role convert(String word) {
            return Role.of(word)
                    .orElseThrow(() -> new TypeConversionException(
                            "expected viewer or operator, was '" + word.replaceAll("\\p{C}", "?") + "'"));
        }

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Role.values()).map(Role::word).iterator();
        }
    }
}
