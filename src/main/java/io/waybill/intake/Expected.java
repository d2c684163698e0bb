package io.waybill.intake;

import java.io.IOException;

/** Says what was expected and what kind of thing stood there, without repeating it. */
final class Expected {

    private Expected() {}

    /** The breach at the next byte of the input. */
    static BrokenInput at(ByteSource in, String expected) throws IOException {
        return new BrokenInput(in.place(), "expected " + expected + ", was " + name(in.peek()));
    }

    /** A byte in words. */
    static String name(int b) {
        return switch (b) {
            case ByteSource.END -> "the end";
            case 0 -> "a NUL byte";
            case '\n', '\r' -> "the end of the line";
            case '{', '}', '[', ']', ',', ':' -> "'" + (char) b + "'";
            case '"' -> "a text";
            case '\'' -> "a single quote";
            case '/', '#' -> "a comment";
            case 'N', 'I' -> "a word such as NaN or Infinity";
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> "a number";
            case 't', 'f' -> "true or false";
            case 'n' -> "null";
            default -> other(b);
        };
    }

    private static String other(int b) {
        if (b < ' ') {
            return "a control character";
        }
        return b < 0x80 ? "something else" : "a character outside ASCII";
    }
}
