package io.waybill.intake;

import java.io.IOException;

/** Tells UTF-8 from the other character sets by the first bytes of an input. */
final class Encoding {

    private Encoding() {}

    /** Consumes the byte order mark of UTF-8, if there is one; refuses UTF-16 and UTF-32. */
    static void check(ByteSource in) throws IOException, BrokenInput {
        byte[] head = in.head();
        if (starts(head, 0xef, 0xbb, 0xbf)) {
            in.skipMark(3);
        } else if (wide(head)) {
            throw new BrokenInput(in.place(), "expected UTF-8, was UTF-16 or UTF-32");
        }
    }

    // JSON begins with ASCII, so that in UTF-16 and UTF-32 one of two neighbours is zero
    private static boolean wide(byte[] head) {
        return starts(head, 0xfe, 0xff)
                || starts(head, 0xff, 0xfe)
                || starts(head, 0, 0, 0xfe, 0xff)
                || head.length > 1 && (head[0] == 0) != (head[1] == 0)
                || head.length > 3 && head[0] == 0 && head[3] != 0;
    }

    private static boolean starts(byte[] head, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (i >= head.length || (head[i] & 0xff) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
