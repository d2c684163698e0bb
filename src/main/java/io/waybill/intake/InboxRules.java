package io.waybill.intake;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which names may stand in the inbox, and what they mean. */
final class InboxRules {

    static final int LONGEST_NAME = 200;
    static final String DEFAULT_ACCOUNT = "default";

    private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9-]{1,40}");
    // control, format (bidirectional marks), unpaired, unassigned; line and paragraph separators; undecodable bytes
    private static final Pattern UNSEEN = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}\\ufffd]");
    private static final List<String> ENDINGS = List.of(".json", ".ndjson");
    private static final List<String> IN_PROGRESS = List.of(".tmp", ".part", ".partial", ".filepart", ".camellock");

    private InboxRules() {}

    static boolean isAccount(String name) {
        return ACCOUNT.matcher(name).matches();
    }

    /** Whether a writer uses such a name until the file is complete. */
    static boolean isInProgress(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return name.startsWith(".") || IN_PROGRESS.stream().anyMatch(lower::endsWith);
    }

    /** What is wrong with the name of an order file, if anything. */
    static Optional<String> refusal(Path file) {
        String name = file.getFileName().toString();
        if (UNSEEN.matcher(name).find() || !file.getFileSystem().getPath(name).equals(file.getFileName())) {
            return Optional.of("its name has characters that cannot be seen or read");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            return Optional.of("its name is longer than " + LONGEST_NAME + " bytes");
        }
        if (name.startsWith(".") || name.startsWith("-")) {
            return Optional.of("its name begins with a dot or a dash");
        }
        if (name.contains("..") || name.contains(":") || name.contains("\\")) {
            return Optional.of("its name has '..', ':' or a backslash");
        }
        String lower = name.toLowerCase(Locale.ROOT);
        boolean known = ENDINGS.stream().anyMatch(lower::endsWith);
        return known ? Optional.empty() : Optional.of("its name does not end in .json or .ndjson");
    }

    /** What is wrong with a file under any name, if anything. */
    static Optional<String> refusal(FileFacts facts) {
        return switch (facts.kind()) {
            case FILE -> facts.links() > 1 ? Optional.of("it has a second name (a hard link)") : Optional.empty();
            case FOLDER -> Optional.of("it is a folder");
            case LINK -> Optional.of("it is a symbolic link");
            case OTHER -> Optional.of("it is a pipe, a socket or a device");
        };
    }
}
