package io.waybill.cli;

/** Which appender of {@code logback.xml} the log goes to. */
final class LogTo {

    private LogTo() {}

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
