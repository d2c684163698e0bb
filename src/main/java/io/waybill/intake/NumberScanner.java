package io.waybill.intake;

import java.io.IOException;

/** Finds the end of one JSON number, and notes one that is too long to be a quantity or an amount. */
final class NumberScanner {

    static final int LONGEST = 40;

    /** An exponent beyond this only makes a number that is longer than {@link #LONGEST} when written out. */
    private static final int LARGEST_EXPONENT = LONGEST;

    private final ByteSource in;
    private final Note note;
    private long length;

    NumberScanner(ByteSource in, Note note) {
        this.in = in;
        this.note = note;
    }

    void number() throws IOException, BrokenInput {
        in.mark();
        length = 0;
        skip('-', '-');
        if (!skip('0', '0')) {
            digits();
        }
        if (skip('.', '.')) {
            digits();
        }
        int exponent = skip('e', 'E') ? exponent() : 0;
        if (length > LONGEST) {
            note.fault(in.marked(), "a number longer than " + LONGEST + " characters");
        } else if (exponent > LARGEST_EXPONENT) {
            note.fault(in.marked(), "a number with an exponent beyond " + LARGEST_EXPONENT);
        }
    }

    private int exponent() throws IOException, BrokenInput {
        skip('+', '-');
        return digits();
    }

    // at least one digit; their value, or something large
    private int digits() throws IOException, BrokenInput {
        if (!isDigit(in.peek())) {
            throw Expected.at(in, "a digit");
        }
        int value = 0;
        while (isDigit(in.peek())) {
            value = Math.min(value * 10 + in.next() - '0', 1_000_000);
            length++;
        }
        return value;
    }

    private boolean skip(char one, char other) throws IOException {
        int b = in.peek();
        if (b != one && b != other) {
            return false;
        }
        in.next();
        length++;
        return true;
    }

    private static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }
}
