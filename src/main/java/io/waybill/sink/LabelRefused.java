package io.waybill.sink;

/** A label is not what it says it is, so it is not stored. */
public final class LabelRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LabelRefused(String message) {
        super(message);
    }
}
