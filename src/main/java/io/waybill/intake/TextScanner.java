package io.waybill.intake;

import java.io.IOException;

/**
 * Finds the end of one JSON text in strict UTF-8, and notes one that is too long or holds what is no character.
 *
 * <p>Overlong forms, encoded surrogates and code points beyond U+10FFFF are no UTF-8 (Unicode 15, table 3-7).
 */
final class TextScanner {

    static final int LONGEST = 64 * 1024;
    static final int LONGEST_NAME = 256;

    private final ByteSource in;
    private final Note note;
    private boolean high;
    private boolean lone;
    private boolean nul;

    TextScanner(ByteSource in, Note note) {
        this.in = in;
        this.note = note;
    }

    void text() throws IOException, BrokenInput {
        in.mark();
        if (length() > LONGEST) {
            note.fault(in.marked(), "a text longer than " + LONGEST + " characters");
        }
        characters("a text");
    }

    void name() throws IOException, BrokenInput {
        in.mark();
        length();
        // in bytes, because the mapper counts them so
        if (in.sinceMark() - 2 > LONGEST_NAME) {
            note.fault(in.marked(), "a field name longer than " + LONGEST_NAME + " bytes");
        }
        characters("a field name");
    }

    private void characters(String what) {
        if (lone) {
            note.fault(in.marked(), what + " with half a character (a lone surrogate)");
        }
        if (nul) {
            note.fault(in.marked(), what + " with a NUL character");
        }
    }

    // in UTF-16 units
    private long length() throws IOException, BrokenInput {
        high = false;
        lone = false;
        nul = false;
        in.next();
        long length = 0;
        for (int b = in.peek(); b != '"'; b = in.peek()) {
            length += character(b);
        }
        unit('"');
        in.next();
        return length;
    }

    private int character(int b) throws IOException, BrokenInput {
        if (b < ' ') {
            throw Expected.at(in, "the double quote that ends a text");
        }
        if (b == '\\') {
            escape();
            return 1;
        }
        unit(b);
        return b < 0x80 ? ascii() : multi(b);
    }

    private int ascii() throws IOException {
        in.next();
        return 1;
    }

    private int multi(int lead) throws IOException, BrokenInput {
        int more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        if (lead < 0xc2 || lead > 0xf4) {
            throw noUtf8();
        }
        in.next();
        for (int i = 0; i < more; i++) {
            int b = in.peek();
            if (b < lowest(lead, i) || b > highest(lead, i)) {
                throw noUtf8();
            }
            in.next();
        }
        return more == 3 ? 2 : 1;
    }

    private static int lowest(int lead, int i) {
        return i > 0 ? 0x80 : lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    }

    private static int highest(int lead, int i) {
        return i > 0 ? 0xbf : lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    }

    private BrokenInput noUtf8() {
        return new BrokenInput(in.place(), "expected UTF-8, was another character set or a damaged character");
    }

    private void escape() throws IOException, BrokenInput {
        in.next();
        int b = in.peek();
        if (b == 'u') {
            in.next();
            unit(hex());
        } else if (b >= ' ' && "\"\\/bfnrt".indexOf(b) >= 0) {
            in.next();
            unit(b);
        } else {
            throw new BrokenInput(in.place(), "a backslash before a character that needs none");
        }
    }

    private int hex() throws IOException, BrokenInput {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(in.peek(), 16);
            if (digit < 0 || in.peek() > 'f') {
                throw Expected.at(in, "four hex digits behind \\u");
            }
            unit = unit << 4 | digit;
            in.next();
        }
        nul |= unit == 0;
        return unit;
    }

    // a high surrogate must be followed by a low one, and only so
    private void unit(int unit) {
        boolean low = unit >= 0xdc00 && unit <= 0xdfff;
        lone |= low != high;
        high = unit >= 0xd800 && unit <= 0xdbff;
    }
}
