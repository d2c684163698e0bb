package io.waybill.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a scripted carrier sends instead of, or makes of, its answer.
 *
 * @param kind the kind; the other components matter to one kind each
 * @param status for {@link Kind#STATUS}
 * @param headers for {@link Kind#STATUS}, such as {@code Retry-After} or {@code Location}
 * @param body for {@link Kind#STATUS}, empty for none
 * @param without for {@link Kind#WITHOUT}: names of fields, wherever they stand
 * @param every for {@link Kind#DRIP}: the time between two bytes
 * @param bytes for {@link Kind#HUGE}: how many bytes of white space precede the document
 */
public record Reply(
        Kind kind,
        int status,
        Map<String, String> headers,
        String body,
        List<String> without,
        Duration every,
        long bytes) {

    /** The kinds; in JSON in lower case. */
    public enum Kind {
        /** the carrier's own answer, for scripts that only wait */
        ANSWER,
        /** nothing: the connection is closed */
        DROP,
        /** another status, headers and body: 500, 503, 429, 204, 302, ... */
        STATUS,
        /** the first half of the document, as a complete HTTP answer */
        MALFORMED,
        /** the first half of the document, then the connection is closed */
        CUT,
        /** a PHP warning in HTML before the document, seen in the vendor's own sample (B13) */
        WARNING,
        /** the document without some fields: a success without label or without waybill number */
        WITHOUT,
        /** the document, one byte at a time */
        DRIP,
        /** the document behind any amount of white space */
        HUGE,
        /** the carrier's own answer; the next call on this connection finds it closed, unprocessed */
        STALE
    }

    public Reply {
        headers = Map.copyOf(headers);
        without = List.copyOf(without);
    }

    /** A kind that needs nothing more. */
    public static Reply of(Kind kind) {
        return new Reply(kind, 0, Map.of(), "", List.of(), Duration.ZERO, 0);
    }

    /** No answer. */
    public static Reply drop() {
        return of(Kind.DROP);
    }

    /** Another status with this body, empty for none. */
    public static Reply status(int status, String body) {
        return status(status, Map.of(), body);
    }

    /** Another status with headers. */
    public static Reply status(int status, Map<String, String> headers, String body) {
        return new Reply(Kind.STATUS, status, headers, body, List.of(), Duration.ZERO, 0);
    }

    /** The answer without these fields. */
    public static Reply without(String... names) {
        return new Reply(Kind.WITHOUT, 0, Map.of(), "", List.of(names), Duration.ZERO, 0);
    }

    /** The answer, one byte each interval. */
    public static Reply drip(Duration every) {
        return new Reply(Kind.DRIP, 0, Map.of(), "", List.of(), every, 0);
    }

    /** The answer behind this much white space. */
    public static Reply huge(long bytes) {
        return new Reply(Kind.HUGE, 0, Map.of(), "", List.of(), Duration.ZERO, bytes);
    }

    boolean standsAlone() {
        return kind == Kind.DROP || kind == Kind.STATUS;
    }
}
