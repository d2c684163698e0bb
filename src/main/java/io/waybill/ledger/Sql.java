package io.waybill.ledger;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * One SQL text with the values of its question marks; values never become part of the text.
 *
 * @param text the statement
 * @param values one per question mark, nulls allowed
 */
public record Sql(String text, List<Object> values) {

    /** A statement with its values in order. */
    public static Sql of(String text, Object... values) {
        return new Sql(text, Collections.unmodifiableList(Arrays.asList(values)));
    }
}
