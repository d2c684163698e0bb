package io.waybill.access;

import java.util.regex.Pattern;

/** Text of strangers, as a log line may carry it. */
public final class Visible {

    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]");
    private static final int LONGEST = 120;

    private Visible() {}

    /** The text, cut, and with question marks for what would break the line or the terminal. */
    public static String text(String text) {
        String cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        return UNSAFE.matcher(cut).replaceAll("?");
    }
}
