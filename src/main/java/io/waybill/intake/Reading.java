package io.waybill.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Fault;
import io.waybill.order.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The way of one input through the {@link OrderReader}. */
final class Reading {

    private static final String BREAK = "; nothing from here on was taken in";
    private static final String SECOND = "something follows the first order; expected one order, an array of orders,"
            + " or one order a line in a file named *.ndjson";
    private static final String LARGE = "larger than " + Json.MAX_DOCUMENT + " bytes, the most for one order";
    private static final String CUT = "; only its first MiB is kept";

    private final ByteSource in;
    private final JsonScanner scanner;
    private final Sink sink;
    private int number = 1;
    private String prefix = "";
    private String suffix = "";

    Reading(InputStream in, int mostKept, Sink sink) throws IOException {
        this.in = new ByteSource(in, mostKept);
        this.scanner = new JsonScanner(this.in);
        this.sink = sink;
    }

    void read(Form form) throws IOException {
        try {
            Encoding.check(in);
            if (form == Form.NDJSON) {
                lines();
            } else {
                json();
            }
        } catch (BrokenInput broken) {
            refuse(broken, suffix);
        }
    }

    /** The most bytes that were buffered at once. */
    int buffered() {
        return in.buffered();
    }

    private void json() throws IOException, BrokenInput {
        switch (in.skipBlanks()) {
            case '{' -> single();
            case '[' -> array();
            case ByteSource.END -> throw new BrokenInput(in.place(), "empty; expected an order");
            default -> throw Expected.at(in, "one order in braces or an array of orders");
        }
    }

    private void single() throws IOException, BrokenInput {
        Place start = in.place();
        in.stopBehind(Json.MAX_DOCUMENT);
        try {
            scanner.value(prefix);
            if (in.skipBlanks() != ByteSource.END) {
                throw new BrokenInput(in.place(), SECOND);
            }
            if (in.place().offset() > Json.MAX_DOCUMENT) {
                throw new BrokenInput(start, LARGE);
            }
        } catch (BrokenInput broken) {
            throw broken.place().offset() > Json.MAX_DOCUMENT ? new BrokenInput(start, LARGE) : broken;
        }
        deliver(start);
    }

    private void array() throws IOException, BrokenInput {
        in.next();
        if (in.skipBlanks() == ']') {
            throw new BrokenInput(in.place(), "an array without orders; expected at least one");
        }
        suffix = BREAK;
        do {
            element();
        } while (comma());
        prefix = "";
        in.keep();
        if (in.skipBlanks() != ByteSource.END) {
            throw new BrokenInput(in.place(), "something follows the array");
        }
    }

    private void element() throws IOException, BrokenInput {
        prefix = "order " + number + ", ";
        int first = in.skipBlanks();
        in.keep();
        Place start = in.place();
        scanner.value(prefix);
        if (first != '{') {
            scanner.note(start, "expected an order in braces, was " + Expected.name(first));
        }
        deliver(start);
        in.keep();
        prefix = "order " + number + ", ";
    }

    private boolean comma() throws IOException, BrokenInput {
        int b = in.skipBlanks();
        if (b != ',' && b != ']') {
            throw Expected.at(in, "a comma or ']'");
        }
        in.next();
        return b == ',';
    }

    private void lines() throws IOException, BrokenInput {
        in.lineByLine();
        do {
            if (in.skipBlanks() != ByteSource.END) {
                line();
            }
        } while (in.nextLine());
        if (number == 1) {
            throw new BrokenInput(in.place(), "empty; expected an order");
        }
    }

    private void line() throws IOException {
        prefix = "order " + number + ", ";
        Place start = in.place();
        try {
            int first = in.peek();
            scanner.value(prefix);
            if (in.skipBlanks() != ByteSource.END) {
                throw new BrokenInput(in.place(), "something follows the order; expected one order a line");
            }
            if (first != '{') {
                scanner.note(start, "expected an order in braces, was " + Expected.name(first));
            }
            deliver(start);
        } catch (BrokenInput broken) {
            refuse(broken, "");
        }
    }

    // the value is complete and kept; its faults leave the values behind it alone
    private void deliver(Place start) throws IOException {
        byte[] raw = in.kept();
        if (raw.length > Json.MAX_DOCUMENT) {
            scanner.note(start, in.full() ? LARGE + CUT : LARGE);
        }
        List<Fault> faults = scanner.faults();
        if (!faults.isEmpty()) {
            emit(raw, null, faults);
            return;
        }
        try {
            emit(raw, OrderParser.parse(raw, (int) (start.offset() - in.keptFrom()), start), faults);
        } catch (BrokenInput refused) {
            emit(raw, null, List.of(fault(refused, "")));
        }
    }

    // the rest of the line or input cannot be trusted
    private void refuse(BrokenInput broken, String next) throws IOException {
        in.drain();
        emit(in.kept(), null, List.of(fault(broken, in.full() ? next + CUT : next)));
    }

    private Fault fault(BrokenInput broken, String next) {
        return new Fault("", prefix + broken.place() + ": " + broken.getMessage() + next);
    }

    private void emit(byte[] raw, ObjectNode order, List<Fault> faults) {
        sink.document(new Document(number++, raw, order, faults, in.full()));
    }
}
