package io.waybill.route;

/** An input cannot be let go yet, since the disk or the broker does not take what must be written for it. */
final class InputStays extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    InputStays(String message, Exception cause) {
        super(message, cause);
    }
}
