package io.waybill.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;

/** What a person types, or a script pipes in; never an argument, which everybody on the machine could see. */
final class Typed {

    private Typed() {}

    /** A password: asked for at the terminal without showing it, or the first line of the standard input. */
    static String password(String what) {
        Console terminal = System.console();
        if (terminal != null) {
            char[] typed = terminal.readPassword("%s: ", what);
            return typed == null ? "" : new String(typed);
        }
        try {
            // not closed: the standard input is not ours
            String line = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            return line == null ? "" : line;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("read the " + what, unreadable);
        }
    }

    /** A new password; at the terminal it is typed twice. */
    static String newPassword(String user) {
        String first = password("new password of " + user);
        if (System.console() != null && !first.equals(password("again"))) {
            throw new IllegalArgumentException("user '" + user + "': the two passwords differ; nothing was changed");
        }
        return first;
    }
}
