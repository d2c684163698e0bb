package io.waybill.order;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * The one way in which Waybill reads JSON from outside: bounded and strict.
 *
 * <p>At most 64 levels, 1 MiB and 100,000 tokens a document, 64 KiB a text, 40 characters a number; a duplicate key, a second document behind
 * the first or {@code NaN} is refused; decimals stay decimals.
 */
public final class Json {

    /** The largest JSON document of an order, in bytes. */
    public static final int MAX_DOCUMENT = 1 << 20;

    private static final int MAX_TEXT = 64 * 1024;

    /** Names count too. As a tree each value takes some hundred bytes, however short it is written. */
    private static final int MAX_TOKENS = 100_000;

    private static final ObjectMapper ORDERS = strict(MAX_DOCUMENT, MAX_TEXT);

    private Json() {}

    /** The mapper for orders. */
    public static ObjectMapper orders() {
        return ORDERS;
    }

    /**
     * A mapper with the same rules and other limits, for documents that carry a label.
     *
     * @param document the most bytes of one document
     * @param text the most characters of one text in it
     */
    public static ObjectMapper strict(int document, int text) {
        return strict(document, text, MAX_TOKENS);
    }

    /**
     * The same for what an engineer hands in, which may be large.
     *
     * @param tokens the most values and names of one document
     */
    public static ObjectMapper strict(int document, int text, int tokens) {
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxNestingDepth(64)
                .maxDocumentLength(document)
                .maxStringLength(text)
                .maxNumberLength(40)
                .maxNameLength(256)
                .maxTokenCount(tokens)
                .build();
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(limits)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                // 10.00 stays 10.00; stripped it would be 1E+1
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }
}
