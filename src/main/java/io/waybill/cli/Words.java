package io.waybill.cli;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** Words as people read them: some stand out on a terminal, and are only words in a pipe or a file. */
final class Words {

    private Words() {}

    static String good(String word) {
        return styled(word, Style.fg_green);
    }

    static String bad(String word) {
        return styled(word, Style.fg_red);
    }

    /** So many of a thing. */
    static String count(long many, String thing) {
        return many + " " + thing + (many == 1 ? "" : "s");
    }

    private static String styled(String word, Style style) {
        return Ansi.AUTO.enabled() ? style.on() + word + style.off() : word;
    }
}
