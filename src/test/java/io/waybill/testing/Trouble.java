package io.waybill.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What a {@link TcpProxy} does to one request.
 *
 * @param kind what
 * @param about only to a request that holds this text
 * @param bytes for the cuts: after how many bytes
 * @param every for {@link Kind#DRIP_ANSWER}, between two bytes; for {@link Kind#DELAY_ANSWER}, before the answer
 * @param head for {@link Kind#ENDLESS}: what is sent first
 * @param unit for {@link Kind#ENDLESS}: what is sent then, again and again
 */
public record Trouble(Kind kind, String about, int bytes, Duration every, String head, String unit) {

    /** The kinds. */
    public enum Kind {
        /** the request arrives, its connection is reset */
        RESET_AFTER_REQUEST,
        /** the request is lost, its connection is closed as if nobody had sent anything */
        CLOSE_UNSEEN,
        /** so many bytes of the request arrive, then both connections are reset */
        CUT_REQUEST,
        /** the request arrives, so many bytes of the answer come back, then the connection is closed */
        CUT_ANSWER,
        DELAY_ANSWER,
        DRIP_ANSWER,
        /** the request stays in the proxy until {@link TcpProxy#deliver}, even if nobody waits for its answer any more */
        HOLD,
        /** the request arrives; instead of its answer comes one without end */
        ENDLESS
    }

    public static Trouble of(Kind kind) {
        return new Trouble(kind, "", 0, Duration.ZERO, "", "");
    }

    public static Trouble cutRequest(int bytes) {
        return new Trouble(Kind.CUT_REQUEST, "", bytes, Duration.ZERO, "", "");
    }

    public static Trouble cutAnswer(int bytes) {
        return new Trouble(Kind.CUT_ANSWER, "", bytes, Duration.ZERO, "", "");
    }

    public static Trouble delay(Duration time) {
        return new Trouble(Kind.DELAY_ANSWER, "", 0, time, "", "");
    }

    public static Trouble drip(Duration every) {
        return new Trouble(Kind.DRIP_ANSWER, "", 0, every, "", "");
    }

    public static Trouble endless(String head, String unit) {
        return new Trouble(Kind.ENDLESS, "", 0, Duration.ZERO, head, unit);
    }

    /** The same, for the next request that holds this text; others pass meanwhile. */
    public Trouble about(String text) {
        return new Trouble(kind, text, bytes, every, head, unit);
    }

    boolean fits(byte[] chunk) {
        return new String(chunk, StandardCharsets.ISO_8859_1).contains(about);
    }

    @Override
    public String toString() {
        String what = kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        return what
                + (bytes > 0 ? " after " + bytes : "")
                + (unit.isEmpty()
                        ? ""
                        : " '"
                                + unit.strip()
                                        .substring(0, Math.min(8, unit.strip().length())) + "'");
    }
}
