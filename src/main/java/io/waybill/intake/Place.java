package io.waybill.intake;

/**
 * A place in an input.
 *
 * @param line from 1
 * @param column in characters, from 1
 * @param offset in bytes, from 0
 */
record Place(long line, long column, long offset) {

    /** The place some bytes further on. */
    Place behind(byte[] bytes, int from, int to) {
        long newLine = line;
        long newColumn = column;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                newLine++;
                newColumn = 1;
            } else if ((bytes[i] & 0xc0) != 0x80) {
                newColumn++;
            }
        }
        return new Place(newLine, newColumn, offset + to - from);
    }

    @Override
    public String toString() {
        return "line " + line + ", column " + column + " (byte " + offset + ")";
    }
}
