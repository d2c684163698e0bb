package io.waybill.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

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
 *   <li>What is longer than {@link io.waybill.order.Json#MAX_DOCUMENT} is refused. Of a file it is skipped without being read
 *       into memory, and its document carries only the beginning, see {@link Document#cut()}; of a message, which is in
 *       memory and nowhere else, all of it.
 * </ol>
 *
 * <p>UTF-8 only, with or without a byte order mark. Stateless, so one reader serves all threads.
 */
public final class OrderReader {

    /**
     * Reads a file in the form that its name promises; opens nothing but a regular file with one name, and follows no link.
     *
     * @throws IOException if the file is something else, was replaced in this moment, or cannot be read further; what was
     *     delivered before is complete
     */
    public void read(Path file, Sink sink) throws IOException {
        FileFacts facts = ordinary(file);
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            if (!Objects.equals(facts.key(), ordinary(file).key())) {
                throw new IOException("file '" + file.getFileName() + "': replaced while it was opened");
            }
            read(in, Form.of(file.getFileName().toString()), sink);
        }
    }

    private static FileFacts ordinary(Path file) throws IOException {
        FileFacts facts = FileFacts.of(file);
        Optional<String> refusal = InboxRules.refusal(facts);
        if (refusal.isPresent()) {
            throw new IOException("file '" + file.getFileName() + "': not opened, because " + refusal.get());
        }
        return facts;
    }

    /**
     * Reads an input to its end, or to where it is broken.
     *
     * @param in not closed here
     * @throws IOException if the input cannot be read further; what was delivered before is complete
     */
    public void read(InputStream in, Form form, Sink sink) throws IOException {
        new Reading(in, ByteSource.LEAST_KEPT, sink).read(form);
    }

    /** Reads a message to its end: one order or an array, none of which is cut. */
    public void read(byte[] message, Sink sink) throws IOException {
        new Reading(new ByteArrayInputStream(message), message.length + 1, sink).read(Form.JSON);
    }
}
