package io.waybill.intake;

import io.waybill.order.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The bytes of an input one by one: knows the place, and keeps what has passed since {@link #keep()} up to a bound.
 *
 * <p>With {@link #lineByLine()} a line feed reads as {@link #END} until {@link #nextLine()} steps over it.
 */
final class ByteSource {

    static final int END = -1;

    /** One byte more than an order may have, so that "too large" can be told from "just fits". */
    static final int LEAST_KEPT = Json.MAX_DOCUMENT + 1;

    private static final int CHUNK = 1 << 13;
    private static final int FIRST_KEPT = 1 << 11;

    private final InputStream in;
    private final int mostKept;
    private final byte[] chunk = new byte[CHUNK];
    private byte[] kept = new byte[FIRST_KEPT];
    private int keptLength;
    private int at;
    private int end;
    private long line = 1;
    private long column = 1;
    private long offset;
    private long keptFrom;
    private long markedLine;
    private long markedColumn;
    private long markedOffset;
    private long stop = Long.MAX_VALUE;
    private boolean lineByLine;

    /**
     * A source.
     *
     * @param mostKept the bound, at least {@link #LEAST_KEPT}
     */
    ByteSource(InputStream in, int mostKept) throws IOException {
        this.in = in;
        this.mostKept = Math.max(LEAST_KEPT, mostKept);
        this.end = in.readNBytes(chunk, 0, 4);
    }

    /** The next byte, not consumed; {@link #END} at the end. */
    int peek() throws IOException {
        if (at == end && !fill()) {
            return END;
        }
        int b = chunk[at] & 0xff;
        return b == '\n' && lineByLine ? END : b;
    }

    /** Consumes the byte that {@link #peek()} showed and returns it. */
    int next() throws IOException {
        int b = peek();
        if (b != END) {
            step(b);
        }
        return b;
    }

    /** Consumes blanks and returns the byte behind them, not consumed. */
    int skipBlanks() throws IOException {
        int b = peek();
        while (b == ' ' || b == '\n' || b == '\t' || b == '\r') {
            step(b);
            b = peek();
        }
        return b;
    }

    Place place() {
        return new Place(line, column, offset);
    }

    /** Remembers this place for {@link #marked()}. */
    void mark() {
        markedLine = line;
        markedColumn = column;
        markedOffset = offset;
    }

    Place marked() {
        return new Place(markedLine, markedColumn, markedOffset);
    }

    /** The bytes from the mark to here. */
    long sinceMark() {
        return offset - markedOffset;
    }

    /** Reads {@link #END} soon behind this offset. */
    void stopBehind(long most) {
        stop = most;
    }

    /** The first four bytes of the input as they are, fewer if it is shorter; only before anything is consumed. */
    byte[] head() {
        return Arrays.copyOf(chunk, end);
    }

    /** Consumes a byte order mark, which has no column. */
    void skipMark(int length) throws IOException {
        for (int i = 0; i < length; i++) {
            next();
        }
        column = 1;
    }

    void lineByLine() {
        lineByLine = true;
    }

    /** From {@link #END} to the next line, which is kept from its start; false if there is none. */
    boolean nextLine() throws IOException {
        if (at == end && !fill()) {
            return false;
        }
        step('\n');
        keep();
        return true;
    }

    /** Forgets what was kept and keeps what passes from here. */
    void keep() {
        keptLength = 0;
        keptFrom = offset;
    }

    byte[] kept() {
        return Arrays.copyOf(kept, keptLength);
    }

    /** Whether no more was kept than would fit, however long it is. */
    boolean full() {
        return keptLength == mostKept;
    }

    /** The offset of the first byte of {@link #kept()}. */
    long keptFrom() {
        return keptFrom;
    }

    /** Consumes the rest of the line or input, but stops where nothing more would be kept unless lines follow. */
    void drain() throws IOException {
        stop = Long.MAX_VALUE;
        while (peek() != END && (lineByLine || keptLength < mostKept)) {
            next();
        }
    }

    /** The most bytes that were ever buffered at once. */
    int buffered() {
        return chunk.length + kept.length;
    }

    private void step(int b) {
        if (keptLength < mostKept) {
            record((byte) b);
        }
        at++;
        offset++;
        if (b == '\n') {
            line++;
            column = 1;
        } else if ((b & 0xc0) != 0x80) {
            column++;
        }
    }

    private void record(byte b) {
        if (keptLength == kept.length) {
            kept = Arrays.copyOf(kept, (int) Math.min(2L * kept.length, mostKept));
        }
        kept[keptLength++] = b;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = offset > stop ? 0 : Math.max(0, in.read(chunk));
        return end > 0;
    }
}
