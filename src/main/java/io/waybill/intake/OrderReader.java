package io.waybill.intake;

import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts an input into single orders in flat memory; every byte of it ends in a document or stands between two.
 *
 * <ol>
 *   <li>{@link Form#JSON}: one order is read whole and delivered only if nothing follows it. Of an array every element is
 *       delivered as soon as it is complete. An element that is well-formed but refused (a field twice, too deep, too long,
 *       no object) is delivered with its fault and the others go on. Where the array itself is broken, the rest of the input
 *       is delivered as one faulty document.
 *   <li>{@link Form#NDJSON}: every line is judged for itself; blank lines are skipped.
 *   <li>An input without any order is delivered as one faulty document.
 *   <li>What is longer than {@link io.waybill.order.Json#MAX_DOCUMENT} is refused and skipped without being read into memory;
 *       its document carries only the beginning, see {@link Document#cut()}.
 * </ol>
 *
 * <p>UTF-8 only, with or without a byte order mark. Stateless, so one reader serves all threads.
 */
public final class OrderReader {

    /**
     * Reads an input to its end, or to where it is broken.
     *
     * @param in not closed here
     * @throws IOException if the input cannot be read further; what was delivered before is complete
     */
    public void read(InputStream in, Form form, Sink sink) throws IOException {
        new Reading(in, sink).read(form);
    }
}
