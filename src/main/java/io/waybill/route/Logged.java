package io.waybill.route;

import java.util.regex.Pattern;

/** Text from outside on its way into a log line: one line, bounded, no control characters. */
final class Logged {

    private static final Pattern STRANGE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    private static final int LONGEST = 200;

    private Logged() {}

    static String text(String outside) {
        String line = STRANGE.matcher(outside).replaceAll("?");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
