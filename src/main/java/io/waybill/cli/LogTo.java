package io.waybill.cli;

import io.waybill.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which appender of {@code logback.xml} the log goes to. A command logs to the terminal; only the engine has a file, since two
 * processes cannot roll the same one.
 */
final class LogTo {

    private static final String TO = "logged.to";
    private static final String FILE = "logged.file";

    private LogTo() {}

    static void terminal(Settings settings) {
        System.setProperty(TO, appender(settings.get("waybill.log.format"), ""));
    }

    /** For the engine; to be called before the first line is logged. */
    static void file(Settings settings) {
        String name = settings.get("waybill.log.file");
        if (name.isEmpty()) {
            return;
        }
        Path file = settings.path("waybill.log.file");
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "setting 'waybill.log.file': folder '" + file.getParent() + "' cannot be made", e);
        }
        if (!Files.isWritable(file.getParent())) {
            throw new IllegalStateException(
                    "setting 'waybill.log.file': folder '" + file.getParent() + "' cannot be written");
        }
        System.setProperty(FILE, file.toString());
        System.setProperty(TO, appender(settings.get("waybill.log.format"), name));
    }

    /**
     * The name of the appender.
     *
     * @param format {@code text} or {@code json}
     * @param file empty for the terminal
     */
    static String appender(String format, String file) {
        if (!format.equals("text") && !format.equals("json")) {
            throw new IllegalArgumentException(
                    "setting 'waybill.log.format': expected text or json, was '" + format + "'");
        }
        return file.isEmpty() ? format : format + "-file";
    }
}
