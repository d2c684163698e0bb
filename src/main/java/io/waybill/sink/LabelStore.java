package io.waybill.sink;

import io.waybill.order.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * Keeps labels as files named by their content, so that storing one again changes nothing.
 *
 * <ol>
 *   <li>The first bytes must be those of the format: {@code %PDF-}, {@code ^XA}, the PNG signature, an HTML tag.
 *   <li>The file is {@code <first two of the sha256>/<sha256>.<format>} below the label folder.
 *   <li>A file that is there is read back; one that was damaged is written again.
 *   <li>It is written beside its place, forced to the disk, then renamed; a full disk leaves no half label.
 * </ol>
 */
public final class LabelStore {

    /** The largest label that is stored, in bytes. */
    public static final int MAX_BYTES = 4 << 20;

    private static final Set<String> FORMATS = Set.of("pdf", "zpl", "png", "html");

    private final Path folder;

    public LabelStore(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /**
     * A label that is on the disk.
     *
     * @param path the file, absolute
     * @param bytes its size
     * @param sha256 its content, lower-case hex
     */
    public record StoredLabel(Path path, String format, long bytes, String sha256) {}

    /**
     * Stores a label.
     *
     * @throws LabelRefused if the bytes are not of that format
     * @throws IOException if the disk did not take it; trying again is safe
     */
    public StoredLabel put(byte[] label, String format) throws IOException {
        check(label, format);
        String sha256 = Fingerprint.of(label);
        Path file = folder.resolve(sha256.substring(0, 2)).resolve(sha256 + "." + format);
        // not Files: that throws inside for a file that is not there yet, which is the rule
        if (!file.toFile().isFile() || !Arrays.equals(Files.readAllBytes(file), label)) {
            AtomicFile.write(file, label);
        }
        return new StoredLabel(file, format, label.length, sha256);
    }

    private static void check(byte[] label, String format) {
        if (!FORMATS.contains(format)) {
            throw new LabelRefused("label: format '" + format + "' is none of pdf, zpl, png, html");
        }
        if (label.length > MAX_BYTES) {
            throw new LabelRefused("label: " + label.length + " bytes, expected at most " + MAX_BYTES);
        }
        if (!looksLike(label, format)) {
            throw new LabelRefused("label: the first bytes are not those of " + format);
        }
    }

    private static boolean looksLike(byte[] label, String format) {
        String start = new String(label, 0, Math.min(label.length, 256), StandardCharsets.ISO_8859_1);
        String text = start.replace("\u00ef\u00bb\u00bf", "").stripLeading().toLowerCase(Locale.ROOT);
        return switch (format) {
            case "pdf" -> start.startsWith("%PDF-");
            case "png" -> start.startsWith("\u0089PNG\r\n\u001a\n");
            case "zpl" -> text.startsWith("^xa");
            default -> text.startsWith("<!doctype html") || text.startsWith("<html");
        };
    }
}
