package io.waybill.sink;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** The bytes of a label that came within an answer or an order, as {@code text} or {@code base64}. */
final class LabelContent {

    private static final Pattern WHITE_SPACE = Pattern.compile("[ \t\r\n]+");
    private static final int MOST_LETTERS = (LabelStore.MAX_BYTES + 2) / 3 * 4;

    private LabelContent() {}

    /** Whether the label is not here but at an address. */
    static boolean isElsewhere(JsonNode label) {
        return label.path("encoding").asText().equals("url");
    }

    /**
     * Decodes.
     *
     * @throws LabelRefused if it is too long, or not what its encoding says
     */
    static byte[] bytes(JsonNode label) {
        String content = label.path("content").asText();
        String encoding = label.path("encoding").asText();
        return switch (encoding) {
            case "text" -> content.getBytes(StandardCharsets.UTF_8);
            case "base64" -> base64(WHITE_SPACE.matcher(content).replaceAll(""));
            default -> throw new LabelRefused("label: encoding '" + encoding + "' is none of text, base64, url");
        };
    }

    /** A decoder that passes over foreign letters would make another label of a broken one. */
    private static byte[] base64(String letters) {
        if (letters.length() > MOST_LETTERS) {
            throw new LabelRefused(
                    "label: " + letters.length() + " letters of base64, expected at most " + MOST_LETTERS);
        }
        try {
            return Base64.getDecoder().decode(letters);
        } catch (IllegalArgumentException e) {
            throw new LabelRefused("label: the content is not base64");
        }
    }
}
