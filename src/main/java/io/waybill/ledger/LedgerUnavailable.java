package io.waybill.ledger;

/** The database did not answer or refused; nothing of the write is known to be durable, and it may be tried again. */
public final class LedgerUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LedgerUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
