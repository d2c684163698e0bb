package io.waybill.route;

/** A push that is not taken in: nobody knows its carrier, or it does not prove that it comes from there. */
final class PushRefused extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final int status;

    PushRefused(int status, String message) {
        super(message);
        this.status = status;
    }

    /** What the sender is answered; nothing else is told. */
    int status() {
        return status;
    }
}
