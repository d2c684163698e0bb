package io.waybill.check;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing that is wrong, as one line that a terminal can jump to.
 *
 * @param stops whether it would break at run time, so that {@code waybill run} refuses to start
 */
public record Finding(String file, int line, String message, boolean stops) implements Comparable<Finding> {

    private static final Pattern FORM = Pattern.compile("(.+?):(\\d+): (.*)", Pattern.DOTALL);
    private static final Comparator<Finding> BY_PLACE =
            Comparator.comparing(Finding::file).thenComparingInt(Finding::line).thenComparing(Finding::message);

    /** Reads {@code file:line: message}. */
    static Finding of(String text, boolean stops) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? new Finding(form.group(1), Integer.parseInt(form.group(2)), form.group(3), stops)
                : new Finding("waybill", 1, text, stops);
    }

    @Override
    public int compareTo(Finding other) {
        return BY_PLACE.compare(this, other);
    }

    @Override
    public String toString() {
        return file + ":" + line + ": " + message;
    }
}
