package io.waybill.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The text of a mapping, for rules about what it names; comments are blanked out, so that lines stay what they are. */
record MappingText(Path file, String text) {

    private static final Pattern KEY = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"\\s*:");

    /** Reads a file; one that is missing, which is found elsewhere, has no text. */
    static MappingText read(Path file) {
        try {
            return new MappingText(file, withoutComments(Files.readString(file)));
        } catch (IOException e) {
            return new MappingText(file, "");
        }
    }

    List<MatchResult> matches(Pattern pattern) {
        return pattern.matcher(text).results().toList();
    }

    /** The keys of all objects that it makes. */
    List<MatchResult> keys() {
        return matches(KEY);
    }

    List<String> keyNames() {
        List<String> names = new ArrayList<>();
        keys().forEach(key -> names.add(key.group(1)));
        return names;
    }

    String finding(MatchResult at, String message) {
        long line =
                1 + text.substring(0, at.start()).chars().filter(c -> c == '\n').count();
        return file + ":" + line + ": " + message;
    }

    private static String withoutComments(String jslt) {
        StringBuilder text = new StringBuilder(jslt);
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '/' && text.indexOf("//", i) == i) {
                while (i < text.length() && text.charAt(i) != '\n') {
                    text.setCharAt(i++, ' ');
                }
            }
        }
        return text.toString();
    }
}
