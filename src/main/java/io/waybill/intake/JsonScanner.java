package io.waybill.intake;

import io.waybill.order.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Finds the end of one JSON value, byte by byte, without recursion and without keeping it.
 *
 * <ol>
 *   <li>It holds the input to the grammar of RFC 8259 in strict UTF-8. A breach throws {@link BrokenInput}: once a quote or a
 *       bracket is missing, text could pass for structure, so nothing behind it is believed.
 *   <li>A value that is well-formed but more than we take (too deep, too long, too many values, no characters) is read to
 *       its end and noted in {@link #faults()}, so that the values behind it can still be read.
 * </ol>
 */
final class JsonScanner {

    static final int DEEPEST = 64;

    /** Twice what five hundred items with all their fields have. Each costs some hundred bytes, more where it is faulty. */
    static final int MOST_VALUES = 20_000;

    private static final int DEEPEST_FOLLOWED = 1 << 20;
    private static final int MOST_FAULTS = 10;
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private final ByteSource in;
    private final TextScanner text;
    private final NumberScanner number;
    private final BitSet objects = new BitSet();
    private final List<Fault> faults = new ArrayList<>();
    private String where = "";
    private int depth;
    private int values;

    JsonScanner(ByteSource in) {
        this.in = in;
        this.text = new TextScanner(in, this::note);
        this.number = new NumberScanner(in, this::note);
    }

    /** What was wrong with the last value although it is well-formed. */
    List<Fault> faults() {
        return List.copyOf(faults);
    }

    /**
     * Consumes one value, which begins at the next byte.
     *
     * @param prefix stands before the place in every fault
     */
    void value(String prefix) throws IOException, BrokenInput {
        where = prefix;
        depth = 0;
        values = 0;
        faults.clear();
        boolean complete = begin();
        while (depth > 0) {
            complete = complete ? follow() : begin();
        }
    }

    void note(Place place, String problem) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(new Fault("", where + place + ": " + problem));
        }
    }

    // true: the value is complete; false: a container was opened and its first value comes next
    private boolean begin() throws IOException, BrokenInput {
        int b = in.skipBlanks();
        if (++values == MOST_VALUES + 1) {
            note(in.place(), "more than " + MOST_VALUES + " values, the most for one order");
        }
        switch (b) {
            case '{', '[' -> {
                return open(b == '{');
            }
            case '"' -> text.text();
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number.number();
            case 't' -> word(TRUE);
            case 'f' -> word(FALSE);
            case 'n' -> word(NULL);
            default -> throw Expected.at(in, "a value");
        }
        return true;
    }

    private boolean open(boolean object) throws IOException, BrokenInput {
        push(object);
        in.next();
        int b = in.skipBlanks();
        if (b == (object ? '}' : ']')) {
            return close();
        }
        if (object) {
            name();
        }
        return false;
    }

    private void push(boolean object) throws BrokenInput {
        if (depth == DEEPEST) {
            note(in.place(), "nested deeper than " + DEEPEST + " levels, the most for one order");
        }
        if (depth == DEEPEST_FOLLOWED) {
            throw new BrokenInput(in.place(), "nested deeper than " + DEEPEST_FOLLOWED + " levels");
        }
        objects.set(depth++, object);
    }

    private boolean close() throws IOException {
        in.next();
        depth--;
        return true;
    }

    // behind a value inside a container
    private boolean follow() throws IOException, BrokenInput {
        boolean object = objects.get(depth - 1);
        int b = in.skipBlanks();
        if (b == (object ? '}' : ']')) {
            return close();
        }
        if (b != ',') {
            throw Expected.at(in, object ? "a comma or '}'" : "a comma or ']'");
        }
        in.next();
        if (object) {
            name();
        }
        return false;
    }

    private void name() throws IOException, BrokenInput {
        if (in.skipBlanks() != '"') {
            throw Expected.at(in, "a field name in double quotes");
        }
        text.name();
        if (in.skipBlanks() != ':') {
            throw Expected.at(in, "a colon");
        }
        in.next();
    }

    private void word(byte[] word) throws IOException, BrokenInput {
        for (byte b : word) {
            if (in.peek() != b) {
                throw Expected.at(in, "a value");
            }
            in.next();
        }
    }
}
