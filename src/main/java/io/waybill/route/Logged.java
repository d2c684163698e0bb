package io.waybill.route;

/** Text from outside on its way into a log line: one line, bounded, no control characters. */
final class Logged {

    private static final int LONGEST = 200;

    private Logged() {}

    static String text(String outside) {
        String line = outside.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
