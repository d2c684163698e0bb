package io.waybill.order;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;

/** SHA-256 in lower-case hex: of bytes, and of JSON in its canonical form (keys sorted, no white space). */
public final class Fingerprint {

    private Fingerprint() {}

    /** The fingerprint of a JSON document; the order of keys and white space do not count. */
    public static String of(JsonNode document) {
        StringBuilder text = new StringBuilder(1024);
        write(document, text);
        return of(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The fingerprint of bytes. */
    public static String of(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void write(JsonNode node, StringBuilder text) {
        if (node.isObject()) {
            writeObject(node, text);
        } else if (node.isArray()) {
            text.append('[');
            for (Iterator<JsonNode> i = node.elements(); i.hasNext(); ) {
                write(i.next(), text);
                text.append(i.hasNext() ? "," : "");
            }
            text.append(']');
        } else if (node.isTextual()) {
            text.append('"');
            JsonStringEncoder.getInstance().quoteAsString(node.textValue(), text);
            text.append('"');
        } else if (node.isInt() || node.isLong()) {
            text.append(node.longValue());
        } else {
            text.append(node);
        }
    }

    private static void writeObject(JsonNode node, StringBuilder text) {
        List<String> names = new ArrayList<>(node.size());
        node.fieldNames().forEachRemaining(names::add);
        Collections.sort(names);
        text.append('{');
        for (String name : names) {
            text.append('"').append(name).append("\":");
            write(node.get(name), text);
            text.append(',');
        }
        text.append('}');
    }
}
