package io.waybill.cli;

import io.waybill.access.Role;
import io.waybill.access.UsersFile;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

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

    private static final String ROLES = "viewer sees everything, operator also decides and stops routes";

    @ParentCommand
    private Waybill waybill;

    @Command(mixinStandardHelpOptions = true, name = "add", description = "Adds a user.")
    int add(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--role", required = true, description = ROLES) String role) {
        file().add(name, role(role), Typed.newPassword(name));
        return said("user " + name + " is there, as " + role);
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "passwd",
            description = "Gives a user another password, which ends his sessions.")
    int passwd(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--role", description = ROLES + "; else he keeps his") String role) {
        file().change(name, Optional.ofNullable(role).map(UserCommand::role), Typed.newPassword(name));
        return said("user " + name + " has another password");
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "remove",
            description = "Takes a user away, which ends his sessions.")
    int remove(@Parameters(paramLabel = "NAME") String name) {
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

    private static Role role(String word) {
        return Role.of(word)
                .orElseThrow(() -> new IllegalArgumentException(
                        "role '" + word.replaceAll("\\p{C}", "?") + "': expected viewer or operator"));
    }

    private static int said(String sentence) {
        System.out.println(sentence);
        return 0;
    }
}
