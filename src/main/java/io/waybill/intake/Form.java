package io.waybill.intake;

import java.util.Locale;

/** How orders are laid out in an input. */
public enum Form {

    /** One order, or one array of orders. */
    JSON,

    /** One order a line. */
    NDJSON;

    /** The form that a file name promises: {@code *.ndjson} in any case is {@link #NDJSON}, all else {@link #JSON}. */
    public static Form of(String fileName) {
        return fileName.toLowerCase(Locale.ROOT).endsWith(".ndjson") ? NDJSON : JSON;
    }
}
