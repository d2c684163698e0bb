package io.waybill.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;

/** What a failed command says: one line for what stands in the way, and one for each cause that adds to it. */
final class InTheWay {

    private InTheWay() {}

    static List<String> of(Throwable failure) {
        String words = words(failure);
        StringBuilder said =
                new StringBuilder(words.isEmpty() ? failure.getClass().getSimpleName() : words);
        List<String> lines = new ArrayList<>();
        lines.add("waybill: " + said);
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            String more = words(cause).lines().findFirst().orElse("");
            // a cause mostly says the same once more
            if (!more.isEmpty() && said.indexOf(more) < 0) {
                lines.add("  because: " + more);
                said.append('\n').append(more);
            }
        }
        return lines;
    }

    /**
     * A file that is not there, or may not be used, has only its name to say; some messages begin with the name of a class, and
     * some failures have none.
     */
    private static String words(Throwable failure) {
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return (file instanceof AccessDeniedException
                            ? "permission denied: "
                            : file instanceof FileAlreadyExistsException ? "something of this name is there: " : "")
                    + file.getFile();
        }
        String message = failure.getMessage();
        return message == null ? "" : message.replaceFirst("^([a-z]+[.])+[A-Z]\\w*(Exception|Error): ", "");
    }
}
